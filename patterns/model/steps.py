"""The loop's grammar: a generator yields what it needs from the world, and is driven twice, sync and async."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from patterns.exchange import Request, Response
from patterns.model.gateway import Gateway

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds before going on."""

    seconds: float


Steps: TypeAlias = Generator[Request | Pause, Response | None, T]
Ask: TypeAlias = Callable[[Request], Steps[Response]]


def ask(request: Request) -> Steps[Response]:
    """The innermost policy: put the request to the driver's gateway, once."""
    response = yield request
    assert response is not None, "a driver answers every request"
    return response


def drive(steps: Steps[T], gateway: Gateway) -> T:
    """Run the steps on the calling thread. Errors of the gateway are thrown into the generator."""
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


def _act(step: Request | Pause, gateway: Gateway) -> Response | None:
    if isinstance(step, Pause):
        time.sleep(step.seconds)
        return None
    return gateway.send(step)


async def adrive(steps: Steps[T], gateway: Gateway) -> T:
    """Run the steps on the running event loop."""
    try:
        step = next(steps)
        while True:
            try:
                answer = await _aact(step, gateway)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    finally:
        steps.close()


async def _aact(step: Request | Pause, gateway: Gateway) -> Response | None:
    if isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
        return None
    return await gateway.asend(step)
