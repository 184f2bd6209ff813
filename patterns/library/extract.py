"""Data of any shape out of a text, or out of an image, a document or a sound."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar, Unpack, cast, overload

from patterns.batch.engine import Batching
from patterns.batch.outcomes import Outcome
from patterns.exchange import Result
from patterns.library.forms import Given, TypeForm
from patterns.messages import Json, Message
from patterns.model.estimates import Estimate
from patterns.output.shorthand import Extracted
from patterns.pattern import Pattern
from patterns.setup import Changes

T = TypeVar("T")
Schema: TypeAlias = Mapping[str, Json]
Dynamic: TypeAlias = Any  # the value of a shape that is known at run time only


class Extract:
    """Takes data out of a text, in the shape of `into`; an image, a document or a sound may stand for the text.

    `into` is a type (a Pydantic model, a dataclass, a TypedDict, an Enum, `list[Person]` …), a JSON Schema, or a
    shorthand such as `"name, age int, skills list[str], due date?: when it must be paid"`, whose fields are then
    attributes. Unions and Literals work too; type checkers see their values as `object`. What the text does not
    say is None where the shape allows it, and an error where it does not.
    """

    def __init__(self, pattern: Pattern[[Given], Dynamic]) -> None:
        self._pattern = pattern

    def __repr__(self) -> str:
        return repr(self._pattern)

    @overload
    def into(self, into: type[T]) -> Pattern[[Given], T]: ...
    @overload
    def into(self, into: str) -> Pattern[[Given], Extracted]: ...
    @overload
    def into(self, into: Schema) -> Pattern[[Given], Json]: ...
    @overload
    def into(self, into: TypeForm) -> Pattern[[Given], object]: ...
    def into(self, into: object) -> Pattern[[Given], Dynamic]:
        """Give the pattern for one shape, with every verb: `extract.into(Report).stream(text)`."""
        return self._shaped(into)

    def _shaped(self, into: object) -> Pattern[[Given], Dynamic]:
        return self._pattern.into(cast("type[object]", into))

    def with_options(self, **changes: Unpack[Changes]) -> Extract:
        """Give the same with other choices: the model, sampling parameters, patience."""
        return Extract(self._pattern.with_options(**changes))

    @overload
    def __call__(self, text: Given, into: type[T]) -> T: ...
    @overload
    def __call__(self, text: Given, into: str) -> Extracted: ...
    @overload
    def __call__(self, text: Given, into: Schema) -> Json: ...
    @overload
    def __call__(self, text: Given, into: TypeForm) -> object: ...
    def __call__(self, text: Given, into: object) -> Dynamic:
        """Give the validated value."""
        return self._shaped(into)(text)

    @overload
    async def acall(self, text: Given, into: type[T]) -> T: ...
    @overload
    async def acall(self, text: Given, into: str) -> Extracted: ...
    @overload
    async def acall(self, text: Given, into: Schema) -> Json: ...
    @overload
    async def acall(self, text: Given, into: TypeForm) -> object: ...
    async def acall(self, text: Given, into: object) -> Dynamic:
        """Give the validated value, on the running loop."""
        return await self._shaped(into).acall(text)

    @overload
    def run(self, text: Given, into: type[T]) -> Result[T]: ...
    @overload
    def run(self, text: Given, into: str) -> Result[Extracted]: ...
    @overload
    def run(self, text: Given, into: Schema) -> Result[Json]: ...
    @overload
    def run(self, text: Given, into: TypeForm) -> Result[object]: ...
    def run(self, text: Given, into: object) -> Result[Dynamic]:
        """Give the value with its whole story."""
        return self._shaped(into).run(text)

    @overload
    async def arun(self, text: Given, into: type[T]) -> Result[T]: ...
    @overload
    async def arun(self, text: Given, into: str) -> Result[Extracted]: ...
    @overload
    async def arun(self, text: Given, into: Schema) -> Result[Json]: ...
    @overload
    async def arun(self, text: Given, into: TypeForm) -> Result[object]: ...
    async def arun(self, text: Given, into: object) -> Result[Dynamic]:
        """`run` on the running loop."""
        return await self._shaped(into).arun(text)

    @overload
    def stream(self, text: Given, into: type[T]) -> Iterator[T]: ...
    @overload
    def stream(self, text: Given, into: str) -> Iterator[Extracted]: ...
    @overload
    def stream(self, text: Given, into: Schema | TypeForm) -> Iterator[object]: ...
    def stream(self, text: Given, into: object) -> Iterator[Dynamic]:
        """Yield the value as it grows, then whole."""
        return self._shaped(into).stream(text)

    @overload
    def astream(self, text: Given, into: type[T]) -> AsyncIterator[T]: ...
    @overload
    def astream(self, text: Given, into: str) -> AsyncIterator[Extracted]: ...
    @overload
    def astream(self, text: Given, into: Schema | TypeForm) -> AsyncIterator[object]: ...
    def astream(self, text: Given, into: object) -> AsyncIterator[Dynamic]:
        """`stream` on the running loop."""
        return self._shaped(into).astream(text)

    @overload
    def batch(self, rows: Iterable[Given], into: type[T], **how: Unpack[Batching]) -> Iterator[Outcome[T]]: ...
    @overload
    def batch(self, rows: Iterable[Given], into: str, **how: Unpack[Batching]) -> Iterator[Outcome[Extracted]]: ...
    @overload
    def batch(
        self, rows: Iterable[Given], into: Schema | TypeForm, **how: Unpack[Batching]
    ) -> Iterator[Outcome[object]]: ...
    def batch(self, rows: Iterable[Given], into: object, **how: Unpack[Batching]) -> Iterator[Outcome[Dynamic]]:
        """Extract from many texts as `Pattern.batch` does, 8 at a time or `concurrency`, in their order."""
        return self._shaped(into).batch(rows, **how)

    @overload
    def abatch(self, rows: Iterable[Given], into: type[T], **how: Unpack[Batching]) -> AsyncIterator[Outcome[T]]: ...
    @overload
    def abatch(
        self, rows: Iterable[Given], into: str, **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[Extracted]]: ...
    @overload
    def abatch(
        self, rows: Iterable[Given], into: Schema | TypeForm, **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[object]]: ...
    def abatch(self, rows: Iterable[Given], into: object, **how: Unpack[Batching]) -> AsyncIterator[Outcome[Dynamic]]:
        """`batch` on the running loop."""
        return self._shaped(into).abatch(rows, **how)

    def render(self, text: Given, into: type | str | Schema | TypeForm) -> list[Message]:
        """Give the exact messages; no model is asked."""
        return self._shaped(into).render(text)

    def estimate(self, text: Given, into: type | str | Schema | TypeForm) -> Estimate:
        """Count the tokens and price the call before it is made."""
        return self._shaped(into).estimate(text)


extract = Extract(Pattern("json_extraction/extract"))
