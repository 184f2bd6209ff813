"""One label out of those given, for a text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeAlias, Unpack, cast, overload

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeVar

from patterns.batch.engine import Batching
from patterns.batch.outcomes import Outcome
from patterns.call import Call
from patterns.exchange import Result
from patterns.library.forms import Given, TypeForm
from patterns.library.labels import meanings, type_of
from patterns.messages import Message
from patterns.model.estimates import Estimate
from patterns.pattern import Pattern
from patterns.recipe import Found
from patterns.setup import Changes

L = TypeVar("L", default=str)
E = TypeVar("E", bound=Enum)
Dynamic: TypeAlias = Any  # a label of a type that is known at run time only
Labels: TypeAlias = Sequence[str] | Mapping[str, str] | TypeForm


class Classification(BaseModel, Generic[L]):
    """A label, and how sure the judgement is."""

    model_config = ConfigDict(frozen=True)

    label: L
    confidence: float = Field(ge=0, le=1, description="how likely a careful reader would choose the same label")

    @classmethod
    def model_parametrized_name(cls, params: tuple[object, ...]) -> str:
        """Keep the name: a hundred labels do not belong into it."""
        return "Classification"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the narrowed class, which is made at run time and found nowhere."""
        return _restored, (self.label, self.confidence)


def _restored(label: object, confidence: float) -> Classification[Dynamic]:
    return Classification.model_construct(label=label, confidence=confidence)


class _Among(Pattern[[Given], Classification[L]]):
    """The pattern for one set of labels: its input is the text alone."""

    _labels: Mapping[str, str]

    def _prepare(
        self,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        found: Found[Classification[L]] | None = None,
        *,
        calling: bool = True,
    ) -> Call[Classification[L]]:
        return super()._prepare(args, {**kwargs, "labels": self._labels}, found, calling=calling)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the narrowed class, so that worker processes get this pattern as they get any other."""
        output = self._output
        if isinstance(output, type) and issubclass(output, Classification):
            return _made, (self.__dict__ | {"_output": None}, output.model_fields["label"].annotation)
        return _made, (self.__dict__, None)


def _made(state: Mapping[str, object], label: object) -> _Among[Dynamic]:
    pattern: _Among[Dynamic] = object.__new__(_Among)
    pattern.__dict__.update(state)
    if label is not None:
        pattern._output = _output(label)
    return pattern


class Classify:
    """Files a text under one of `labels`; an image, a document or a sound may stand for the text.

    `labels` are names, a mapping from names to what belongs under them, an Enum (the label is then its member;
    its values are what the model reads) or a Literal type.
    """

    def __init__(self, pattern: Pattern[[Given], Classification[Dynamic]]) -> None:
        self._pattern = pattern

    def __repr__(self) -> str:
        return repr(self._pattern)

    @overload
    def among(self, labels: type[E]) -> Pattern[[Given], Classification[E]]: ...
    @overload
    def among(self, labels: Labels) -> Pattern[[Given], Classification[str]]: ...
    def among(self, labels: object) -> Pattern[[Given], Classification[Dynamic]]:
        """Give the pattern for one set of labels, with every verb: `classify.among(Team).stream(text)`."""
        return self._labelled(labels)

    def _labelled(self, labels: object) -> Pattern[[Given], Classification[Dynamic]]:
        given = meanings(labels)
        pattern: _Among[Dynamic] = object.__new__(_Among)
        pattern.__dict__.update(self._pattern.into(_output(type_of(labels, given))).__dict__, _labels=given)
        return pattern

    def with_options(self, **changes: Unpack[Changes]) -> Classify:
        """Give the same with other choices: the model, sampling parameters, patience."""
        return Classify(self._pattern.with_options(**changes))

    @overload
    def __call__(self, text: Given, labels: type[E]) -> Classification[E]: ...
    @overload
    def __call__(self, text: Given, labels: Labels) -> Classification[str]: ...
    def __call__(self, text: Given, labels: object) -> Classification[Dynamic]:
        """Give the label with its confidence."""
        return self._labelled(labels)(text)

    @overload
    async def acall(self, text: Given, labels: type[E]) -> Classification[E]: ...
    @overload
    async def acall(self, text: Given, labels: Labels) -> Classification[str]: ...
    async def acall(self, text: Given, labels: object) -> Classification[Dynamic]:
        """Give the label with its confidence, on the running loop."""
        return await self._labelled(labels).acall(text)

    @overload
    def run(self, text: Given, labels: type[E]) -> Result[Classification[E]]: ...
    @overload
    def run(self, text: Given, labels: Labels) -> Result[Classification[str]]: ...
    def run(self, text: Given, labels: object) -> Result[Classification[Dynamic]]:
        """Give the label with its whole story."""
        return self._labelled(labels).run(text)

    @overload
    async def arun(self, text: Given, labels: type[E]) -> Result[Classification[E]]: ...
    @overload
    async def arun(self, text: Given, labels: Labels) -> Result[Classification[str]]: ...
    async def arun(self, text: Given, labels: object) -> Result[Classification[Dynamic]]:
        """`run` on the running loop."""
        return await self._labelled(labels).arun(text)

    @overload
    def batch(
        self, rows: Iterable[Given], labels: type[E], **how: Unpack[Batching]
    ) -> Iterator[Outcome[Classification[E]]]: ...
    @overload
    def batch(
        self, rows: Iterable[Given], labels: Labels, **how: Unpack[Batching]
    ) -> Iterator[Outcome[Classification[str]]]: ...
    def batch(
        self, rows: Iterable[Given], labels: object, **how: Unpack[Batching]
    ) -> Iterator[Outcome[Classification[Dynamic]]]:
        """Classify many texts as `Pattern.batch` does, 8 at a time or `concurrency`, in their order."""
        return self._labelled(labels).batch(rows, **how)

    @overload
    def abatch(
        self, rows: Iterable[Given], labels: type[E], **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[Classification[E]]]: ...
    @overload
    def abatch(
        self, rows: Iterable[Given], labels: Labels, **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[Classification[str]]]: ...
    def abatch(
        self, rows: Iterable[Given], labels: object, **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[Classification[Dynamic]]]:
        """`batch` on the running loop."""
        return self._labelled(labels).abatch(rows, **how)

    def render(self, text: Given, labels: type[Enum] | Labels) -> list[Message]:
        """Give the exact messages; no model is asked."""
        return self._labelled(labels).render(text)

    def estimate(self, text: Given, labels: type[Enum] | Labels) -> Estimate:
        """Count the tokens and price the call before it is made."""
        return self._labelled(labels).estimate(text)


@lru_cache(maxsize=256)
def _output(label: object) -> type[Classification[Dynamic]]:
    """Narrow the classification to its labels; kept, so that its shape is built once."""
    return cast("type[Classification[Dynamic]]", Classification[label])  # type: ignore[valid-type]


classify = Classify(Pattern("few_shot/classify"))
