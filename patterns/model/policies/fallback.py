"""Puts a request to the next model when one cannot answer it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from patterns.errors import CircuitOpen, ContextOverflow, ModelError, QuotaExceeded
from patterns.exchange import Request, Response
from patterns.model.policies.trail import Trail, tries
from patterns.model.steps import Ask, Steps

Adapt = Callable[[Request, str], Request]
"""Puts a request into the words of another model, whose mode may be another one."""


def falling_back(
    inner: Ask,
    trail: Trail,
    models: Sequence[str],
    *,
    adapt: Adapt | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Ask:
    """Go through `models` after the request's own, while errors say that another model may do better.

    A wrong key, an unknown model and a refused request are raised at once: they are mistakes that should be seen.
    """
    adapted = adapt or _renamed

    def policy(first: Request) -> Steps[Response]:
        request = first
        waiting = list(models)
        while True:
            started = clock()
            try:
                response = yield from inner(request)
                return response if request is first else replace(response, request=request)
            except ModelError as error:
                error.attempts = tuple(tries(request, error, clock() - started))
                if not waiting or not _elsewhere(error):
                    raise
                trail.extend(error.attempts)
            request = adapted(request, waiting.pop(0))

    return policy


def _elsewhere(error: ModelError) -> bool:
    """Tell whether another model may answer where this one failed."""
    return error.retryable or isinstance(error, ContextOverflow | QuotaExceeded | CircuitOpen)


def _renamed(request: Request, model: str) -> Request:
    return replace(request, model=model)
