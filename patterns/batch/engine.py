"""Many rows, a bounded number at a time, each with an outcome of its own."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Generic, TypeAlias, TypedDict, TypeVar

from patterns.batch.guard import Guard, ends_all
from patterns.batch.outcomes import Outcome
from patterns.batch.source import Source
from patterns.errors import BudgetExceeded, InputError, PatternsError, RowFailed
from patterns.exchange import Result

Row = TypeVar("Row")
T = TypeVar("T")
Work: TypeAlias = Callable[[Row], Awaitable[Result[T]]]

_SCOUT = 15.0
"""Seconds that the other rows wait for the first one at most; in a new process it imports litellm, too."""
_OTHERS = 120.0
"""Seconds that a row alone waits for what others, outside this batch, have set aside of its budget."""


class Batching(TypedDict, total=False):
    """How a batch is run: rows at work at once, and how many may fail before it stops (below 1, which share)."""

    concurrency: int
    max_failures: int | float | None


async def abatch(
    work: Work[Row, T], rows: Iterable[Row], *, concurrency: int = 8, max_failures: int | float | None = None
) -> AsyncIterator[Outcome[T]]:
    """Yield outcomes in the order of the rows, `concurrency` at work at most; rows are drawn as needed.

    Where there are more rows than that, the first goes alone: a wrong key shows at the price of one call. When a row
    ends with an error that the next would meet as well, or more than `max_failures` failed, no other row is begun.
    What is on its way ends; each row left of a list ends as BatchStopped, which is raised where nobody knows how many
    are left. Rows that only the reservations of others keep from a budget are asked again when those have ended.
    """
    if concurrency < 1:
        raise InputError(f"concurrency must be at least 1, not {concurrency}")
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise InputError(f"rows is many rows, not one {type(rows).__name__}", hint="give a list: batch([row, …])")
    guard = Guard(max_failures)
    team, source = _Team(work, guard), Source(rows)
    running: deque[asyncio.Task[Outcome[T]]] = deque()
    try:
        if concurrency > 1 and source.more_than(concurrency) and (scout := source.next()):
            running.append(asyncio.create_task(team.outcome(*scout)))
            await asyncio.wait(running, timeout=_SCOUT)
        while True:
            while not guard.stopped and not team.held and len(running) < concurrency and (row := source.next()):
                running.append(asyncio.create_task(team.outcome(*row)))
            if not running:
                break
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    source.check()
    if guard.stopped:
        for index, counted in source.left():
            if not counted:
                raise guard.skipped(index)
            yield Outcome(index, error=guard.skipped(index))


class _Team(Generic[Row, T]):
    """The rows at work. `held` counts those that wait until they are alone."""

    def __init__(self, work: Work[Row, T], guard: Guard) -> None:
        self._work, self._guard = work, guard
        self._active = self.held = 0
        self._idle, self._alone = asyncio.Event(), asyncio.Lock()

    async def outcome(self, index: int, row: Row) -> Outcome[T]:
        ended = await self._once(index, row)
        if _was_crowded_out(ended.error):
            ended = await self._again(index, row)
        self._guard.note(index, ended.error)
        return ended

    async def _again(self, index: int, row: Row) -> Outcome[T]:
        """Ask again when the reservations of the others are gone; those of other batches and processes go, too."""
        self.held += 1
        try:
            async with self._alone:
                await self._idle.wait()
                until, pause = time.monotonic() + _OTHERS, 0.02
                while not self._guard.stopped:
                    ended = await self._once(index, row)
                    if not _was_crowded_out(ended.error) or time.monotonic() > until:
                        return ended
                    await asyncio.sleep(pause)
                    pause = min(1.5 * pause, 1.0)
                return Outcome(index, error=self._guard.skipped(index))
        finally:
            self.held -= 1

    async def _once(self, index: int, row: Row) -> Outcome[T]:
        self._active += 1
        self._idle.clear()
        try:
            return Outcome(index, result=await self._work(row))
        except PatternsError as error:
            return Outcome(index, error=error)
        except (Exception, SystemExit) as error:  # a row may be of a class of its own, and its text do anything
            if getattr(error, "ends_batch", False):
                raise
            return Outcome(index, error=RowFailed.of(error, index))
        finally:
            self._active -= 1
            if not self._active:
                self._idle.set()


def _was_crowded_out(error: PatternsError | None) -> bool:
    """Tell a row that only requests on their way keep from a budget, and for which nothing was paid yet."""
    return isinstance(error, BudgetExceeded) and ends_all(error) and error.reserved > 0 and not error.attempts
