"""Data of any shape out of a text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar, Unpack, cast, overload

from patterns.batch.engine import Outcome
from patterns.exchange import Result
from patterns.library.forms import TypeForm
from patterns.messages import Json, Message
from patterns.model.estimates import Estimate
from patterns.pattern import Pattern
from patterns.setup import Changes

T = TypeVar("T")
Schema: TypeAlias = Mapping[str, Json]
Record: TypeAlias = dict[str, Json]
"""What a shorthand gives: the fields by name."""


class Extract:
    """Takes data out of a text, in the shape of `into`.

    `into` is a type (a Pydantic model, a dataclass, a TypedDict, an Enum, `list[Person]` …), a JSON Schema, or a
    shorthand such as `"name, age int, skills list[str], due date?: when it must be paid"`. Unions and Literals
    work too; type checkers see their values as `object`. What the text does not say is None where the shape
    allows it, and an error where it does not.
    """

    def __init__(self, pattern: Pattern[[str], object]) -> None:
        self._pattern = pattern

    def __repr__(self) -> str:
        return repr(self._pattern)

    @overload
    def into(self, into: type[T]) -> Pattern[[str], T]: ...
    @overload
    def into(self, into: str) -> Pattern[[str], Record]: ...
    @overload
    def into(self, into: Schema) -> Pattern[[str], Json]: ...
    @overload
    def into(self, into: TypeForm) -> Pattern[[str], object]: ...
    def into(self, into: object) -> Pattern[[str], object]:
        """Give the pattern for one shape, with every verb: `extract.into(Report).stream(text)`."""
        return self._pattern.into(cast("type[object]", into))

    def with_options(self, **changes: Unpack[Changes]) -> Extract:
        """Give the same with other choices: the model, sampling parameters, patience."""
        return Extract(self._pattern.with_options(**changes))

    @overload
    def __call__(self, text: str, into: type[T]) -> T: ...
    @overload
    def __call__(self, text: str, into: str) -> Record: ...
    @overload
    def __call__(self, text: str, into: Schema) -> Json: ...
    @overload
    def __call__(self, text: str, into: TypeForm) -> object: ...
    def __call__(self, text: str, into: object) -> object:
        """Give the validated value."""
        return self.into(into)(text)

    @overload
    async def acall(self, text: str, into: type[T]) -> T: ...
    @overload
    async def acall(self, text: str, into: str) -> Record: ...
    @overload
    async def acall(self, text: str, into: Schema) -> Json: ...
    @overload
    async def acall(self, text: str, into: TypeForm) -> object: ...
    async def acall(self, text: str, into: object) -> object:
        """Give the validated value, on the running loop."""
        return await self.into(into).acall(text)

    @overload
    def run(self, text: str, into: type[T]) -> Result[T]: ...
    @overload
    def run(self, text: str, into: str) -> Result[Record]: ...
    @overload
    def run(self, text: str, into: Schema) -> Result[Json]: ...
    @overload
    def run(self, text: str, into: TypeForm) -> Result[object]: ...
    def run(self, text: str, into: object) -> Result[object]:
        """Give the value with its whole story."""
        return self.into(into).run(text)

    @overload
    async def arun(self, text: str, into: type[T]) -> Result[T]: ...
    @overload
    async def arun(self, text: str, into: str) -> Result[Record]: ...
    @overload
    async def arun(self, text: str, into: Schema) -> Result[Json]: ...
    @overload
    async def arun(self, text: str, into: TypeForm) -> Result[object]: ...
    async def arun(self, text: str, into: object) -> Result[object]:
        """`run` on the running loop."""
        return await self.into(into).arun(text)

    @overload
    def stream(self, text: str, into: type[T]) -> Iterator[T]: ...
    @overload
    def stream(self, text: str, into: str) -> Iterator[Record]: ...
    @overload
    def stream(self, text: str, into: Schema | TypeForm) -> Iterator[object]: ...
    def stream(self, text: str, into: object) -> Iterator[object]:
        """Yield the value as it grows, then whole."""
        return self.into(into).stream(text)

    @overload
    def astream(self, text: str, into: type[T]) -> AsyncIterator[T]: ...
    @overload
    def astream(self, text: str, into: str) -> AsyncIterator[Record]: ...
    @overload
    def astream(self, text: str, into: Schema | TypeForm) -> AsyncIterator[object]: ...
    def astream(self, text: str, into: object) -> AsyncIterator[object]:
        """`stream` on the running loop."""
        return self.into(into).astream(text)

    @overload
    def batch(self, rows: Iterable[str], into: type[T], *, concurrency: int = 8) -> Iterator[Outcome[T]]: ...
    @overload
    def batch(self, rows: Iterable[str], into: str, *, concurrency: int = 8) -> Iterator[Outcome[Record]]: ...
    @overload
    def batch(self, rows: Iterable[str], into: Schema | TypeForm, *, concurrency: int = 8) -> Iterator[Outcome[object]]: ...
    def batch(self, rows: Iterable[str], into: object, *, concurrency: int = 8) -> Iterator[Outcome[object]]:
        """Extract from many texts, `concurrency` at a time; outcomes come in their order."""
        return self.into(into).batch(rows, concurrency=concurrency)

    @overload
    def abatch(self, rows: Iterable[str], into: type[T], *, concurrency: int = 8) -> AsyncIterator[Outcome[T]]: ...
    @overload
    def abatch(self, rows: Iterable[str], into: str, *, concurrency: int = 8) -> AsyncIterator[Outcome[Record]]: ...
    @overload
    def abatch(self, rows: Iterable[str], into: Schema | TypeForm, *, concurrency: int = 8) -> AsyncIterator[Outcome[object]]: ...
    def abatch(self, rows: Iterable[str], into: object, *, concurrency: int = 8) -> AsyncIterator[Outcome[object]]:
        """`batch` on the running loop."""
        return self.into(into).abatch(rows, concurrency=concurrency)

    def render(self, text: str, into: type | str | Schema | TypeForm) -> list[Message]:
        """Give the exact messages; no model is asked."""
        return self.into(into).render(text)

    def estimate(self, text: str, into: type | str | Schema | TypeForm) -> Estimate:
        """Count the tokens and price the call before it is made."""
        return self.into(into).estimate(text)


extract = Extract(Pattern("json_extraction/extract"))
