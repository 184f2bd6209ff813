"""Work of the program's own that a call waits for: done side by side, and never waited for past its time."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import math
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from patterns.model.hands import HANDS
from patterns.model.portal import portal

_GRACE = 1.0
"""Seconds that work which was cancelled may take to clean up."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: a function that blocks, or one that gives something to await.

    `done` is its end: what it gave, or the exception it raised.
    """

    blocking: Callable[[], object] | None = None
    awaited: Callable[[], Awaitable[object]] | None = None
    done: Future[object] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Work:
    """Do these jobs at the same time, within `seconds`; what each came to is in its `done`.

    It is over when all are done, or one has raised, or the time is up. What awaits is cancelled then; what blocks
    cannot be stopped from outside, and ends by itself on a thread that nobody waits for.
    """

    jobs: tuple[Job, ...]
    seconds: float = math.inf


def do(work: Work) -> None:
    """Do the work while the calling thread waits. What must be awaited runs on the package's own loop."""
    awaited = [job for job in work.jobs if job.awaited]
    if awaited and portal().here:
        raise RuntimeError("a blocking call was made on the portal's own thread; use the async verb there")
    running = [portal().submit(_await(job)) for job in awaited]
    _hire(work.jobs)
    try:
        ends = [job.done for job in work.jobs]
        concurrent.futures.wait(ends, _limit(work.seconds), return_when=concurrent.futures.FIRST_EXCEPTION)
    finally:
        for task in running:
            task.cancel()


async def ado(work: Work) -> None:
    """Do the work on the running loop; cancelling this cancels what is awaited."""
    running = [asyncio.create_task(_await(job)) for job in work.jobs if job.awaited]
    _hire(work.jobs)
    try:
        if work.jobs:
            await _over([job.done for job in work.jobs], work.seconds)
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=_GRACE)


def _hire(jobs: Sequence[Job]) -> None:
    for job in jobs:
        if job.blocking is not None:
            HANDS.start(partial(_block, job, job.blocking))


def _block(job: Job, work: Callable[[], object]) -> None:
    try:
        job.done.set_result(work())
    except BaseException as error:
        job.done.set_exception(error)


async def _await(job: Job) -> None:
    assert job.awaited is not None, "only what is awaited comes here"
    try:
        job.done.set_result(await job.awaited())
    except BaseException as error:
        job.done.set_exception(error)
        if isinstance(error, asyncio.CancelledError):
            raise


async def _over(ends: Sequence[Future[object]], seconds: float) -> None:
    """Wait until all are done, one has raised, or the time is up."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def look(ended: Future[object]) -> None:
        if ended.exception() is not None or all(end.done() for end in ends):
            with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(over.set)

    for end in ends:
        end.add_done_callback(look)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_limit(seconds)):
            await over.wait()


def _limit(seconds: float) -> float | None:
    return None if math.isinf(seconds) else max(seconds, 0.0)
