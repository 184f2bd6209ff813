"""Sends a request again that failed on its way, after a pause, as long as the call may take."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from patterns.errors import ModelError
from patterns.events import Retrying, emit
from patterns.exchange import Request, Response
from patterns.model.calls import limit
from patterns.model.policies.trail import pattern_of, tries
from patterns.model.spare import may_retry, spare_of
from patterns.model.steps import Ask, Pause, Steps
from patterns.model.trip import Deadline, Trip
from patterns.model.verdicts import moves

FIRST, LONGEST = 0.5, 20.0
"""Seconds: the pause before the first retry is drawn from 0 to FIRST, and doubles up to LONGEST."""
_LIMITED = 429


def retrying(
    inner: Ask,
    *,
    retries: int,
    waits: Callable[[Request], bool] = lambda request: True,
    pause: Callable[[int], float] | None = None,
) -> Ask:
    """Try again up to `retries` times after errors that may pass.

    Without a deadline, all tries and pauses share the request's timeout. A rate limit is waited out and is no try;
    where `waits` says no, another model is left, and it is raised at once. A model that gets many retries already
    gets no more of them.
    """
    return partial(_retrying, inner, retries, waits, pause or backoff)


def _retrying(
    inner: Ask,
    retries: int,
    waits: Callable[[Request], bool],
    wait: Callable[[int], float],
    request: Request,
    trip: Trip,
) -> Steps[Response]:
    deadline = trip.deadline
    spare_of(request).earn()
    failed = limited = 0
    used = 0.0
    while True:
        started = deadline.clock()
        try:
            again = request if not used else _within(request, limit(request) - used, deadline)
            return (yield from inner(again, trip))
        except ModelError as error:
            error.attempts = tuple(tries(request, error, deadline.clock() - started))
            if "retry" not in moves(error):
                raise
            if error.status != _LIMITED:
                failed += 1
                if failed > _most(error, retries):
                    raise
            elif not waits(request):
                raise
            else:
                limited += 1
            used += sum(attempt.seconds for attempt in error.attempts)
            seconds = _pause(error, wait(failed + limited))
            left = limit(request) - used if deadline.seconds is None else deadline.left
            if seconds >= left:
                error.advise(_past(seconds, request, deadline))
                raise
            if error.status != _LIMITED and not may_retry(request):
                error.advise("so many requests to this model were retries lately that this one was not tried again")
                raise
            trip.trail.extend(error.attempts)
            emit(Retrying(pattern_of(request), request.model, failed + limited, seconds, error))
        used += seconds
        yield Pause(seconds)


def backoff(number: int) -> float:
    """Draw the seconds before retry `number`, from 1: exponential with full jitter, by tenacity's arithmetic."""
    from tenacity import RetryCallState, Retrying, wait_random_exponential

    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = number
    return wait_random_exponential(multiplier=FIRST, max=LONGEST)(state)


def _pause(error: ModelError, drawn: float) -> float:
    """What the provider asks for, and a tenth of what would be drawn, so that not everybody comes at once."""
    return drawn if error.retry_after is None else error.retry_after + drawn / 10


def _most(error: ModelError, retries: int) -> int:
    return retries if error.most_retries is None else min(retries, error.most_retries)


def _past(seconds: float, request: Request, deadline: Deadline) -> str:
    if deadline.seconds is None:
        return f"it may pass in {seconds:.1f} s, which is past the timeout of {limit(request):g} s: set a deadline="
    return f"it may pass in {seconds:.1f} s, which is past the deadline of {deadline.seconds:g} s: raise deadline="


def _within(request: Request, left: float, deadline: Deadline) -> Request:
    """Give a retry what is left of the timeout that all tries share; a call with a deadline has that instead."""
    if deadline.seconds is not None:
        return request
    return request.taking(timeout=max(left, 0.001))
