"""The portal: work from any thread and loop runs on one loop, and is let go of cleanly."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from typing import cast

import pytest

from patterns.model.portal import Portal, portal

VARIABLE = contextvars.ContextVar("variable", default="unset")


async def where() -> int:
    return threading.get_ident()


class Source:
    """Counts up, waiting before each number; notes that it was closed."""

    def __init__(self, numbers: int, fail: bool = False) -> None:
        self.numbers, self.fail, self.closed = numbers, fail, threading.Event()

    async def items(self) -> AsyncIterator[int]:
        try:
            for number in range(self.numbers):
                await asyncio.sleep(0)
                yield number
            if self.fail:
                raise ValueError("the source failed")
        finally:
            self.closed.set()


def test_there_is_one_portal_with_one_thread() -> None:
    assert portal() is portal()
    assert portal().run(where()) == portal().run(where()) != threading.get_ident()


async def test_blocking_works_inside_a_loop() -> None:
    assert portal().run(where()) == portal().run(where())


def test_a_blocking_call_on_the_portal_s_own_thread_is_refused() -> None:
    async def nested() -> int:
        return portal().run(where())

    with pytest.raises(RuntimeError, match="async verb"):
        portal().run(nested())


def test_work_sees_the_caller_s_context() -> None:
    async def read() -> str:
        return VARIABLE.get()

    token = VARIABLE.set("mine")
    try:
        assert portal().run(read()) == "mine"
    finally:
        VARIABLE.reset(token)


def test_impatience_cancels_the_work() -> None:
    cancelled = threading.Event()

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimeoutError):
        portal().run(slow(), patience=0.05)
    assert cancelled.wait(5)


def test_an_iteration_is_handed_over_item_by_item() -> None:
    source = Source(3)
    assert list(portal().iterate(source.items())) == [0, 1, 2]
    assert source.closed.wait(5)


def test_an_iteration_left_early_closes_its_source() -> None:
    source = Source(10**9)
    for number in portal().iterate(source.items()):
        if number == 2:
            break
    assert source.closed.wait(5)


def test_an_iteration_raises_what_its_source_raised_after_its_items() -> None:
    numbers = portal().iterate(Source(2, fail=True).items())
    assert [next(numbers), next(numbers)] == [0, 1]
    with pytest.raises(ValueError, match="the source failed"):
        next(numbers)


def test_an_iteration_ends_though_its_source_cannot_be_closed() -> None:
    class Stubborn(Source):
        def __aiter__(self) -> AsyncIterator[int]:
            return self.items()

        async def aclose(self) -> None:
            raise OSError("the connection is gone")

    numbers = portal().iterate(cast("AsyncIterator[int]", Stubborn(1)))
    assert next(numbers) == 0
    with pytest.raises(OSError, match="the connection is gone"):
        next(numbers)


def test_closing_ends_what_runs_and_stops_the_thread() -> None:
    own, ended = Portal(), threading.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    thread = own.run(where())
    own.submit(endless())
    own.run(asyncio.sleep(0))
    own.close()
    assert ended.is_set()
    assert thread not in {t.ident for t in threading.enumerate()}
    own.close()


def test_closing_closes_generators_that_were_left_open() -> None:
    own, source = Portal(), Source(10)
    items = source.items()

    async def begin() -> int:
        return await anext(items)

    assert own.run(begin()) == 0
    own.close()
    assert source.closed.is_set()


def test_a_program_ends_quietly_while_work_is_under_way() -> None:
    program = (
        "import asyncio\nfrom patterns.model.portal import portal\n"
        "portal().submit(asyncio.sleep(60))\nportal().run(asyncio.sleep(0))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
