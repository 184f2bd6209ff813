"""Sends a request again that failed on its way, after a pause, within the deadline of the request."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from patterns.errors import ModelError
from patterns.exchange import Request, Response
from patterns.model.calls import limit
from patterns.model.policies.trail import Trail, tries
from patterns.model.steps import Ask, Pause, Steps

FIRST, LONGEST = 0.5, 20.0
"""Seconds: the pause before the first retry is drawn from 0 to FIRST, and doubles up to LONGEST."""


def retrying(
    inner: Ask,
    trail: Trail,
    *,
    retries: int,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[int], float] | None = None,
) -> Ask:
    """Try again up to `retries` times after errors that may pass; all tries and pauses share the request's deadline."""
    wait = pause or backoff

    def policy(request: Request) -> Steps[Response]:
        until = clock() + limit(request)
        for number in count(1):
            started = clock()
            try:
                return (yield from inner(request if number == 1 else _within(request, until - started)))
            except ModelError as error:
                error.attempts = tuple(tries(request, error, clock() - started))
                if not error.retryable or number > retries:
                    raise
                seconds = error.retry_after if error.retry_after is not None else wait(number)
                if clock() + seconds >= until:
                    error.advise(f"it may pass in {seconds:.1f} s, which is past the timeout of {limit(request):g} s")
                    raise
                trail.extend(error.attempts)
            yield Pause(seconds)
        raise AssertionError("count() does not end")

    return policy


def backoff(number: int) -> float:
    """Draw the seconds before retry `number`, from 1: exponential with full jitter, by tenacity's arithmetic."""
    from tenacity import RetryCallState, Retrying, wait_random_exponential

    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = number
    return wait_random_exponential(multiplier=FIRST, max=LONGEST)(state)


def _within(request: Request, seconds: float) -> Request:
    return replace(request, options=replace(request.options, timeout=max(seconds, 0.001)))
