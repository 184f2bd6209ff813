"""The same loop, growing: while an answer arrives, its value so far is handed out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from typing import Generic, TypeVar, cast

from patterns.call import Call
from patterns.errors import EmptyResponse, ModelError
from patterns.exchange import Delta, Mode, Request, Response, Result
from patterns.model.gateway import Gateway
from patterns.model.steps import adrive
from patterns.plan import Grow, Grown

T = TypeVar("T")


async def astream(call: Call[T]) -> AsyncIterator[T]:
    """Yield the value as it grows, then the validated whole; raises what `run` raises.

    An answer that must be asked for again simply grows anew; what is patched or continued comes with the whole.
    """
    last: T | None = None
    async with contextlib.aclosing(_grown(call)) as pieces:
        async for grown in pieces:
            if isinstance(grown, Result):
                yield grown.output
            elif grown.value is not None and grown.value != last:
                last = grown.value
                yield last


async def astream_items(call: Call[list[T]]) -> AsyncIterator[T]:
    """Yield the items of a list, each as soon as it has closed and is valid; raises what `run` raises.

    What was handed out cannot be taken back, so nothing is asked for again; but an answer that is cut off is
    continued, and the items of its other parts come together, once they have joined.
    """
    given = 0
    once = replace(call, plan=call.plan._replace(reasks=0, grows=False))
    async with contextlib.aclosing(_grown(once)) as pieces:
        async for grown in pieces:
            items = grown.output[given:] if isinstance(grown, Result) else grown.items
            given += len(items)
            for item in items:
                yield cast("T", item)


async def _grown(call: Call[T]) -> AsyncGenerator[Grown[T] | Result[T], None]:
    """What each piece of the answer brought, and the result at the end. Closing it ends the call."""
    news: asyncio.Queue[Grown[T] | None] = asyncio.Queue()
    work = asyncio.create_task(_to_the_end(call, _Tee(call.gateway, call.plan.grow, news.put_nowait), news))
    try:
        while (grown := await news.get()) is not None:
            yield grown
        yield await work
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await work


async def _to_the_end(call: Call[T], tee: _Tee[T], news: asyncio.Queue[Grown[T] | None]) -> Result[T]:
    try:
        return await adrive(call.steps(), tee)
    finally:
        news.put_nowait(None)


class _Tee(Generic[T]):
    """A gateway that answers by streaming and tells what each piece brought; the loop runs over it unchanged."""

    def __init__(self, gateway: Gateway, grow: Grow[T], tell: Callable[[Grown[T]], None]) -> None:
        self._gateway, self._grow, self._tell = gateway, grow, tell
        self._items = 0

    async def asend(self, request: Request) -> Response:
        feed = self._grow(request.mode)
        source = self._gateway.astream(request)
        try:
            async for delta in source:
                if delta.response is not None:
                    return delta.response
                if delta.text and not request.part:  # what is a part of an answer comes with the whole
                    self._told(feed(delta.text))
        except ModelError as error:
            if self._items and not request.part:
                error.retryable = False  # what is out cannot be taken back: neither this model nor another begins anew
            raise
        finally:
            if (close := getattr(source, "aclose", None)) is not None:
                await close()
        raise EmptyResponse("the stream ended without an answer", model=request.model)

    def _told(self, grown: Grown[T]) -> None:
        self._items += len(grown.items)
        self._tell(grown)

    def send(self, request: Request) -> Response:
        raise TypeError("a stream is driven on a loop")

    def astream(self, request: Request) -> AsyncIterator[Delta]:
        return self._gateway.astream(request)

    def mode(self, model: str) -> Mode:
        return self._gateway.mode(model)
