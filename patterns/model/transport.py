"""The gateway through litellm: one request is one call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import ModuleType
from typing import TypeVar

from patterns.errors import PatternsError
from patterns.exchange import Delta, Mode, Request, Response
from patterns.model import client
from patterns.model.calls import blocking, growing, limit, too_late, whole
from patterns.model.hands import HANDS
from patterns.model.modes import mode_of
from patterns.model.outgoing import arguments
from patterns.model.portal import Portal, portal
from patterns.model.preflight import check
from patterns.model.wishes import Wishes

T = TypeVar("T")

_GRACE = 2.0
"""Seconds past its deadline that a blocking caller waits for a call to let go."""


class LitellmGateway:
    """Asks any model that litellm can reach.

    Async calls run on the portal, so that connections outlive the loops of their callers. Blocking calls run on
    threads of their own, which costs a fifth less than going through the portal; one that misses its deadline, or
    is interrupted, is left to end by itself. Where nobody has set callbacks in litellm, its logging is skipped.
    """

    def __init__(self) -> None:
        self._wishes = Wishes()
        self._tended: Portal | None = None

    def send(self, request: Request) -> Response:
        module = client.litellm()
        check(request, module)
        try:
            if client.retries_by_itself(module):
                return _given(self._portal(module).run(self._whole(module, request), limit(request) + _GRACE))
            return _given(HANDS.run(lambda: self._blocking(module, request), limit(request)))
        except TimeoutError:
            late = too_late(request)
        raise late

    async def asend(self, request: Request) -> Response:
        module = await _imported()
        check(request, module)
        return _given(await self._portal(module).arun(self._whole(module, request)))

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        module = await _imported()
        check(request, module)
        items = self._portal(module).aiterate(self._growing(module, request))
        try:
            async for item in items:
                yield _given(item)
        finally:
            await items.aclose()

    def mode(self, model: str) -> Mode:
        return mode_of(model)

    def _blocking(self, module: ModuleType, request: Request) -> Response | PatternsError:
        found = blocking(module, request, arguments(request, self._wishes.unmet(request)))
        if self._wishes.learn(request, found):
            found = blocking(module, request, arguments(request, self._wishes.unmet(request)))
        return found

    async def _whole(self, module: ModuleType, request: Request) -> Response | PatternsError:
        found = await whole(module, request, arguments(request, self._wishes.unmet(request)))
        if self._wishes.learn(request, found):
            found = await whole(module, request, arguments(request, self._wishes.unmet(request)))
        return found

    async def _growing(self, module: ModuleType, request: Request) -> AsyncIterator[Delta | PatternsError]:
        async for item in growing(module, request, arguments(request, self._wishes.unmet(request))):
            if self._wishes.learn(request, item):
                async for again in growing(module, request, arguments(request, self._wishes.unmet(request))):
                    yield again
                return
            yield item

    def _portal(self, module: ModuleType) -> Portal:
        """The portal, told to close litellm's connections at its end."""
        here = portal()
        if here is not self._tended:
            here.on_close(module.close_litellm_async_clients)
            self._tended = here
        return here


def _given(found: T | PatternsError) -> T:
    """Give a value; raise an error here, where no frame holds a key."""
    if isinstance(found, PatternsError):
        raise found
    return found


async def _imported() -> ModuleType:
    known = client.loaded()
    return known if known is not None else await asyncio.to_thread(client.litellm)
