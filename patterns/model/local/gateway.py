"""The gateway to models that run inside this process."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TypeVar

from patterns.errors import PatternsError
from patterns.exchange import Delta, Mode, Request, Response
from patterns.model.calls import limit, too_late
from patterns.model.local.line import LINE, Line
from patterns.model.local.writing import growing, whole
from patterns.model.modes import mode_of
from patterns.model.portal import portal

T = TypeVar("T")

_GRACE = 2.0
"""Seconds past its deadline that a blocking caller waits for a call to let go."""


class LocalGateway:
    """Answers for models named `local/PATH.gguf`. A call that is late or cancelled lets its caller go at once, and
    stops writing with the next token; one that still waits for its turn is not begun."""

    cacheable = True
    paid = True
    """What it answers is written down, at no cost."""

    def __init__(self, line: Line = LINE) -> None:
        self._line = line

    def send(self, request: Request) -> Response:
        try:
            return _given(portal().run(whole(self._line, request), limit(request) + _GRACE))
        except TimeoutError:
            late = too_late(request)
        raise late

    async def asend(self, request: Request) -> Response:
        return _given(await whole(self._line, request))

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        async with contextlib.aclosing(growing(self._line, request)) as items:
            async for item in items:
                yield _given(item)

    def mode(self, model: str) -> Mode:
        return mode_of(model)


def _given(found: T | PatternsError) -> T:
    """Give a value; raise an error."""
    if isinstance(found, PatternsError):
        raise found
    return found
