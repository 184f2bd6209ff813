"""The gateway through litellm: one request is one call."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from types import ModuleType
from typing import TypeVar

from patterns.errors import PatternsError
from patterns.exchange import Delta, Mode, Request, Response
from patterns.model import client
from patterns.model.asking import Asking
from patterns.model.calls import blocking, growing, limit, too_late, whole
from patterns.model.credentials import drawing
from patterns.model.fitness import check_parts
from patterns.model.hands import HANDS
from patterns.model.modes import mode_of
from patterns.model.portal import portal
from patterns.model.preflight import check
from patterns.model.wishes import Wishes

T = TypeVar("T")

_SOON, _LEAST = 0.05, 1.0
"""Seconds: an import that takes less is none, and what is left to a request after one."""
_GRACE = 2.0
"""Seconds past its deadline that a blocking caller waits for a call to let go."""


class LitellmGateway:
    """Asks any model that litellm can reach.

    Blocking calls run on threads of their own; one that misses its deadline, or is interrupted, is left to end by
    itself. Async calls run on the caller's loop, and are cut off. Where nobody has set callbacks in litellm, its
    logging is skipped.
    """

    cacheable = True
    """Its answers depend on the request alone, and cost: they are worth keeping. Other gateways do not say so."""

    paid = True
    """Its answers are paid for: what they cost is written down."""

    def __init__(self) -> None:
        self._wishes = Wishes()

    def send(self, request: Request) -> Response:
        begun = time.monotonic()
        module = client.litellm()
        request = _since(begun, request)
        asking = self._asking(request, module)
        try:
            if client.retries_by_itself(module):
                return _given(portal().run(_whole(module, request, asking), limit(request) + _GRACE))
            return _given(HANDS.run(lambda: _blocking(module, request, asking), limit(request)))
        except TimeoutError:
            late = too_late(request)
        raise late

    async def asend(self, request: Request) -> Response:
        begun = time.monotonic()
        module = await _imported()
        request = _since(begun, request)
        return _given(await _whole(module, request, self._asking(request, module)))

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        begun = time.monotonic()
        module = await _imported()
        request = _since(begun, request)
        items = _growing(module, request, self._asking(request, module))
        try:
            async for item in items:
                yield _given(item)
        finally:
            await items.aclose()

    def mode(self, model: str) -> Mode:
        return mode_of(model)

    def _asking(self, request: Request, module: ModuleType) -> Asking:
        """Get a request ready. Raises AuthenticationError without a key, BadRequest for parts that do not fit."""
        check_parts(request)
        draw = drawing(request)
        return Asking(request, self._wishes, check(request, module) if draw is None else draw)


def _blocking(module: ModuleType, request: Request, asking: Asking) -> Response | PatternsError:
    found = blocking(module, request, asking.words())
    while asking.again(found):
        found = blocking(module, request, asking.words())
    return found


async def _whole(module: ModuleType, request: Request, asking: Asking) -> Response | PatternsError:
    found = await whole(module, request, asking.words())
    while asking.again(found):
        found = await whole(module, request, asking.words())
    return found


async def _growing(module: ModuleType, request: Request, asking: Asking) -> AsyncGenerator[Delta | PatternsError, None]:
    again = True
    while again:
        again = False
        items = growing(module, request, asking.words())
        async with contextlib.aclosing(items):
            async for item in items:
                if again := asking.again(item):
                    break
                yield item


def _since(begun: float, request: Request) -> Request:
    """Take from the request's time what the import of litellm took, which is some seconds, once in a process.

    A second is left to it at least: what would be too late for the first call should not fail it.
    """
    spent = time.monotonic() - begun
    if spent < _SOON:
        return request
    left = max(limit(request) - spent, min(limit(request), _LEAST))
    return request.taking(timeout=left)


def _given(found: T | PatternsError) -> T:
    """Give a value; raise an error here, where no frame holds a key."""
    if isinstance(found, PatternsError):
        raise found
    return found


async def _imported() -> ModuleType:
    return client.litellm() if client.loaded() else await asyncio.to_thread(client.litellm)
