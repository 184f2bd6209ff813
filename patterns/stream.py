"""The same loop, growing: while an answer arrives, its value so far is handed out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from patterns.call import Call
from patterns.errors import EmptyResponse
from patterns.exchange import Delta, Mode, Request, Response, Result
from patterns.model.gateway import Gateway
from patterns.model.steps import adrive
from patterns.runner import Grow

T = TypeVar("T")


class _Tee(Generic[T]):
    """A gateway that answers by streaming, and hands every change of the value to a queue.

    The loop and its policies run over it unchanged: an answer that must be asked again simply grows anew.
    """

    def __init__(self, gateway: Gateway, grow: Grow[T], changes: asyncio.Queue[tuple[T] | None]) -> None:
        self._gateway, self._grow, self._changes = gateway, grow, changes

    async def asend(self, request: Request) -> Response:
        feed = self._grow()
        source = self._gateway.astream(request)
        try:
            async for delta in source:
                if delta.response is not None:
                    return delta.response
                for value in feed(delta.text) if delta.text else ():
                    self._changes.put_nowait((value,))
        finally:
            if (close := getattr(source, "aclose", None)) is not None:
                await close()
        raise EmptyResponse("the stream ended without an answer", model=request.model)

    def send(self, request: Request) -> Response:
        raise TypeError("a stream is driven on a loop")

    def astream(self, request: Request) -> AsyncIterator[Delta]:
        return self._gateway.astream(request)

    def mode(self, model: str) -> Mode:
        return self._gateway.mode(model)


async def astream(call: Call[T]) -> AsyncIterator[T]:
    """Yield the value as it grows, then the validated whole; raises what `run` raises."""
    changes: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    tee = _Tee(call.gateway, call.plan.grow, changes)
    work = asyncio.create_task(_to_the_end(call, tee, changes))
    try:
        while (change := await changes.get()) is not None:
            yield change[0]
        yield (await work).output
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await work


async def _to_the_end(call: Call[T], tee: _Tee[T], changes: asyncio.Queue[tuple[T] | None]) -> Result[T]:
    try:
        return await adrive(call.steps(), tee)
    finally:
        changes.put_nowait(None)
