"""Many rows, a bounded number at a time, each with an outcome of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from patterns.errors import InputError, PatternsError
from patterns.exchange import Result

Row = TypeVar("Row")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of row `index`: a result, or the error it ended with. One bad row never stops the others."""

    index: int
    result: Result[T] | None = None
    error: PatternsError | None = None

    @property
    def output(self) -> T:
        """The value; raises the row's error where there is none."""
        if self.error is not None:
            raise self.error
        assert self.result is not None, "a row ends with a result or an error"
        return self.result.output


async def abatch(
    work: Callable[[Row], Awaitable[Result[T]]], rows: Iterable[Row], *, concurrency: int
) -> AsyncIterator[Outcome[T]]:
    """Yield outcomes in the order of the rows, `concurrency` at work at most; rows are drawn as needed."""
    if concurrency < 1:
        raise InputError(f"concurrency must be at least 1, not {concurrency}")
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise InputError(f"rows is many rows, not one {type(rows).__name__}", hint="give a list: batch([row, …])")
    source = enumerate(rows)
    running: deque[asyncio.Task[Outcome[T]]] = deque()
    try:
        while True:
            while len(running) < concurrency and (row := next(source, None)) is not None:
                running.append(asyncio.create_task(_outcome(work, *row)))
            if not running:
                return
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _outcome(work: Callable[[Row], Awaitable[Result[T]]], index: int, row: Row) -> Outcome[T]:
    try:
        return Outcome(index, result=await work(row))
    except PatternsError as error:
        return Outcome(index, error=error)
