"""One gateway for all models that can stand in for each other: those of providers, and those in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from functools import cache

from patterns.exchange import Delta, Mode, Request, Response
from patterns.model.gateway import Gateway
from patterns.model.local.weights import PREFIX
from patterns.model.modes import mode_of


class Routed:
    """Sends requests to `local/…` into this process, and all others to `provider`."""

    cacheable = True
    paid = True

    def __init__(self, provider: Gateway) -> None:
        self._provider = provider

    def send(self, request: Request) -> Response:
        return self._way(request).send(request)

    def asend(self, request: Request) -> Awaitable[Response]:
        return self._way(request).asend(request)

    def astream(self, request: Request) -> AsyncIterator[Delta]:
        return self._way(request).astream(request)

    def mode(self, model: str) -> Mode:
        return mode_of(model)

    def _way(self, request: Request) -> Gateway:
        return _local() if request.model.startswith(PREFIX) else self._provider


@cache
def _local() -> Gateway:
    from patterns.model.local.gateway import LocalGateway

    return LocalGateway()
