"""The loop's grammar: a generator yields what it needs from the world, and is driven twice, sync and async."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from patterns.exchange import Request, Response
from patterns.model.gateway import Gateway
from patterns.model.trip import Trip
from patterns.model.work import Work, ado, do

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds before going on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until `future` is done, `seconds` at most; what it came to is the asker's to look at.

    `loop` is the event loop that the awaited work needs. Who blocks that very loop does not wait: it would be for ever.
    """

    future: Future[Response | None]
    seconds: float
    loop: asyncio.AbstractEventLoop | None = None


Step: TypeAlias = Request | Pause | Wait | Work
Steps: TypeAlias = Generator[Step, Response | None, T]
Ask: TypeAlias = Callable[[Request, Trip], Steps[Response]]


def ask(request: Request, trip: Trip) -> Steps[Response]:
    """The innermost policy: put the request to the driver's gateway, once."""
    response = yield request
    assert response is not None, "a driver answers every request"
    return response


def drive(steps: Steps[T], gateway: Gateway | None = None) -> T:
    """Run the steps on the calling thread; those that only wait need no gateway. Its errors are thrown into the
    generator.
    """
    try:
        step = next(steps)
        while True:
            try:
                answer = _act(step, gateway)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        steps.close()


def _act(step: Step, gateway: Gateway | None) -> Response | None:
    if isinstance(step, Request):
        assert gateway is not None, "a request needs a gateway"
        return gateway.send(step)
    if isinstance(step, Pause):
        time.sleep(step.seconds)
    elif isinstance(step, Work):
        do(step)
    elif step.loop is None or step.loop is not running_loop():
        concurrent.futures.wait([step.future], max(step.seconds, 0.0))
    return None


async def adrive(steps: Steps[T], gateway: Gateway) -> T:
    """Run the steps on the running event loop."""
    try:
        step = next(steps)
        while True:
            try:
                answer = await (gateway.asend(step) if isinstance(step, Request) else _aact(step))
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        steps.close()


async def _aact(step: Pause | Wait | Work) -> None:
    if isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
    elif isinstance(step, Work):
        await ado(step)
    else:
        await _done(step.future, step.seconds)


async def _done(future: Future[Response | None], seconds: float) -> None:
    """Wait without a say in the work: who gives up here, or is cancelled, does not cancel it for the others."""
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def tell(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(done.set)

    future.add_done_callback(tell)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await done.wait()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs on this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
