"""Work is done side by side, by threads and by a loop, and holds nobody past its time."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from typing import cast

import pytest

from patterns.model.portal import portal
from patterns.model.steps import Steps, adrive, drive
from patterns.model.work import Job, Work
from patterns.testing import FakeModel

VARIABLE = contextvars.ContextVar("variable", default="unset")
Driven = Callable[[Work], None]


def steps(work: Work) -> Steps[None]:
    yield work


def by_drive(work: Work) -> None:
    drive(steps(work), FakeModel([]))


def by_adrive(work: Work) -> None:
    asyncio.run(adrive(steps(work), FakeModel([])))


BOTH = pytest.mark.parametrize("driven", [by_drive, by_adrive])


def slept(seconds: float, value: object = None) -> Job:
    def sleep() -> object:
        time.sleep(seconds)
        return value

    return Job(blocking=sleep)


def asleep(seconds: float, value: object = None) -> Job:
    async def sleep() -> object:
        await asyncio.sleep(seconds)
        return value

    return Job(awaited=sleep)


@BOTH
def test_jobs_of_both_kinds_are_done_at_the_same_time(driven: Driven) -> None:
    together = threading.Barrier(4, timeout=10)

    async def awaited() -> int:
        return await asyncio.to_thread(together.wait)

    jobs = (*(Job(blocking=together.wait) for _ in range(2)), *(Job(awaited=awaited) for _ in range(2)))
    driven(Work(jobs))
    assert sorted(cast("int", job.done.result(0)) for job in jobs) == [0, 1, 2, 3]


@BOTH
def test_no_work_is_done_at_once(driven: Driven) -> None:
    driven(Work(()))


@BOTH
def test_work_that_hangs_is_left_when_its_time_is_up(driven: Driven) -> None:
    free = threading.Event()
    hung = Job(blocking=free.wait)
    quick = slept(0.0, "done")
    started = time.monotonic()
    driven(Work((hung, quick), seconds=0.2))
    assert 0.15 < time.monotonic() - started < 10
    assert quick.done.result(0) == "done"
    assert not hung.done.done()
    free.set()
    assert hung.done.result(2) is True, "it ends by itself"


@BOTH
def test_what_is_awaited_is_cancelled_when_its_time_is_up(driven: Driven) -> None:
    cancelled = threading.Event()

    async def hang() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            cancelled.set()

    driven(Work((Job(awaited=hang),), seconds=0.1))
    assert cancelled.wait(2)


@BOTH
def test_one_that_raises_ends_the_waiting(driven: Driven) -> None:
    def fail() -> object:
        raise KeyError("gone")

    failing = Job(blocking=fail)
    started = time.monotonic()
    driven(Work((asleep(30), failing)))
    assert time.monotonic() - started < 10
    assert isinstance(failing.done.exception(0), KeyError)


@BOTH
def test_work_sees_the_context_of_its_caller(driven: Driven) -> None:
    async def aread() -> str:
        return VARIABLE.get()

    jobs = (Job(blocking=VARIABLE.get), Job(awaited=aread))
    token = VARIABLE.set("seen")
    try:
        driven(Work(jobs))
    finally:
        VARIABLE.reset(token)
    assert [job.done.result(0) for job in jobs] == ["seen", "seen"]


async def test_what_is_awaited_runs_on_the_loop_of_the_caller() -> None:
    async def where() -> object:
        return asyncio.get_running_loop()

    job = Job(awaited=where)
    await adrive(steps(Work((job,))), FakeModel([]))
    assert job.done.result(0) is asyncio.get_running_loop()


async def test_blocking_inside_a_loop_runs_it_on_the_package_s_own() -> None:
    async def where() -> object:
        return asyncio.get_running_loop()

    job = Job(awaited=where)
    by_drive(Work((job,)))
    assert job.done.result(0) is portal().loop


async def test_cancelling_the_caller_cancels_what_is_awaited() -> None:
    begun, cleaned = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.set()

    task = asyncio.create_task(adrive(steps(Work((Job(awaited=hang),))), FakeModel([])))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()


def test_waiting_on_the_portal_s_own_thread_is_refused() -> None:
    async def nested() -> None:
        by_drive(Work((asleep(0),)))

    with pytest.raises(RuntimeError, match="async verb"):
        portal().run(nested())


def test_an_exit_that_work_asks_for_leaves_nothing_running() -> None:
    cancelled = threading.Event()

    async def hang() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            cancelled.set()

    def interrupt() -> object:
        time.sleep(0.1)
        raise KeyboardInterrupt

    job = Job(blocking=interrupt)
    by_drive(Work((Job(awaited=hang), job)))
    assert isinstance(job.done.exception(0), KeyboardInterrupt)
    assert cancelled.wait(2)
