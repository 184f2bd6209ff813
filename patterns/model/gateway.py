"""The one door to models: whatever can answer a Request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

from patterns.exchange import Delta, Mode, Request, Response


class Gateway(Protocol):
    """Answers requests; raises only errors of `patterns.errors`.

    `send` blocks and may be called inside a running event loop; `asend` and `astream` are for async callers.
    One request is one call: a gateway never tries again by itself. `astream` ends with a Delta that carries
    the whole Response, or raises.
    """

    def send(self, request: Request) -> Response: ...

    def asend(self, request: Request) -> Awaitable[Response]: ...

    def astream(self, request: Request) -> AsyncIterator[Delta]: ...

    def mode(self, model: str) -> Mode:
        """The best way to ask this model for a shape."""
        ...
