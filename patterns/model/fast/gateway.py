"""The gateway of the fast lane, and the one that picks a lane for each request."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import cache
from typing import TypeVar

from patterns.errors import BadRequest, PatternsError
from patterns.exchange import Delta, Mode, Request, Response
from patterns.model.asking import Asking
from patterns.model.credentials import Draw, drawing
from patterns.model.fast.call import Found, Items, at_once, blocking, growing, whole
from patterns.model.fast.secondhand import read_by_litellm
from patterns.model.fast.serving import obstacle, proven, wire_for
from patterns.model.fast.troubles import Moved, Unread
from patterns.model.fitness import check_parts
from patterns.model.gateway import Gateway
from patterns.model.known import key_variables
from patterns.model.modes import mode_of
from patterns.model.preflight import keyless
from patterns.model.wishes import Wishes

T = TypeVar("T")

_log = logging.getLogger("patterns")
_told: set[str] = set()


class FastGateway:
    """Asks the models whose wire we speak. What it cannot serve goes to `other` where there is one, else is an error.

    A blocking call waits on the caller's thread, an async one on the caller's loop.
    """

    cacheable = True
    paid = True

    def __init__(self, other: Gateway | None = None) -> None:
        self._wishes = Wishes()
        self._other = other

    def send(self, request: Request) -> Response:
        if (way := self._elsewhere(request, "plain")) is not None:
            return way.send(request)
        asking = self._asking(request)
        found = _blocking(request, asking)
        if isinstance(found, Moved):
            return self._moved(request, found).send(request)
        return _given(self._read(request, asking, found) if isinstance(found, Unread) else found)

    async def asend(self, request: Request) -> Response:
        if (way := self._elsewhere(request, "plain")) is not None:
            return await way.asend(request)
        asking = self._asking(request)
        found = await _whole(request, asking)
        if isinstance(found, Moved):
            return await self._moved(request, found).asend(request)
        if isinstance(found, Unread):
            found = await asyncio.to_thread(self._read, request, asking, found)
        return _given(found)

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        way = self._elsewhere(request, "streamed")
        if way is None:
            asking = self._asking(request)
            async with aclosing(_growing(request, asking)) as items:
                async for item in items:
                    if isinstance(item, Moved):
                        way = self._moved(request, item)
                        break
                    if isinstance(item, Unread):
                        for delta in at_once(_given(await asyncio.to_thread(self._read, request, asking, item))):
                            yield delta
                        break
                    yield _given(item)
        if way is not None:
            deltas = way.astream(request)
            try:
                async for delta in deltas:
                    yield delta
            finally:
                await deltas.aclose()  # type: ignore[attr-defined]

    def mode(self, model: str) -> Mode:
        return mode_of(model)

    def _elsewhere(self, request: Request, way: str) -> Gateway | None:
        """The gateway that serves this request in our place; None when we do. Raises BadRequest where nobody may."""
        why = obstacle(request)
        if why is None and (self._other is None or _is_proven(request, way)):
            return None
        if self._other is None:
            raise BadRequest(
                f"{request.model}: the fast lane cannot serve this request: {why}",
                model=request.model,
                hint='set lane="auto" or lane="litellm"',
            )
        return self._other

    def _moved(self, request: Request, moved: Moved) -> Gateway:
        """A redirect: nothing was answered, so nothing is paid twice when litellm follows it."""
        if self._other is None:
            raise BadRequest(str(moved), model=request.model, hint="check api_base")
        _tell_once(f"{moved}: its requests go by litellm")
        return self._other

    def _read(self, request: Request, asking: Asking, unread: Unread) -> Response | PatternsError:
        """A reply that we cannot read, as litellm reads the same bytes; the error where no other lane may serve."""
        if self._other is None:
            return unread.error
        _tell_once(f"{request.model}: a reply of a form that the fast lane does not know is read by litellm")
        return read_by_litellm(request, asking.words(), unread)

    def _asking(self, request: Request) -> Asking:
        check_parts(request)
        draw = drawing(request)
        return Asking(request, self._wishes, _from_environment(request) if draw is None else draw)


def _tell_once(words: str) -> None:
    if words not in _told:
        _told.add(words)
        _log.warning("%s", words)


def _from_environment(request: Request) -> Draw:
    """Draw the key from the first of the provider's variables that is set.

    Raises AuthenticationError, before anything is sent, when none is and the server is not on this machine.
    """
    names = key_variables(request.model)
    name = next(filter(os.environ.get, names), "")
    return _variable(name) if name else keyless(request)


@cache
def _variable(name: str) -> Draw:
    return lambda: os.environ.get(name, "")


def _is_proven(request: Request, way: str) -> bool:
    wire = wire_for(request)
    return wire is not None and (wire.name, way) in proven()


def _blocking(request: Request, asking: Asking) -> Found:
    wire = wire_for(request)
    assert wire is not None, "only requests of a known wire come here"
    try:
        found = blocking(wire, request, asking.words())
        while asking.again(found):
            found = blocking(wire, request, asking.words())
    except BaseException as interrupt:
        raise interrupt.with_traceback(None) from None  # its frames hold the key
    return found


async def _whole(request: Request, asking: Asking) -> Found:
    wire = wire_for(request)
    assert wire is not None, "only requests of a known wire come here"
    try:
        found = await whole(wire, request, asking.words())
        while asking.again(found):
            found = await whole(wire, request, asking.words())
    except BaseException as cancelled:
        raise cancelled.with_traceback(None) from None  # its frames hold the key
    return found


async def _growing(request: Request, asking: Asking) -> Items:
    wire = wire_for(request)
    assert wire is not None, "only requests of a known wire come here"
    again = True
    while again:
        again = False
        async with aclosing(growing(wire, request, asking.words())) as items:
            async for item in items:
                if again := asking.again(item):
                    break
                yield item


def _given(found: T | PatternsError) -> T:
    """Give a value; raise an error here, where no frame holds a key."""
    if isinstance(found, PatternsError):
        raise found
    return found
