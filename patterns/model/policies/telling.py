"""Tells of every single request that left: its answer, at the user's own prices, or its failure."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from patterns.errors import ModelError, OutputError, PatternsError
from patterns.events import Tried, tell
from patterns.exchange import Request, Response
from patterns.model.policies.trail import pattern_of
from patterns.model.prices import NONE, Given, by_own_prices
from patterns.model.steps import Ask, Steps
from patterns.model.trip import Trip

Note = Callable[[Request, Response | None, PatternsError | None], object]
"""Writes down what a request came to: its response, and its error; neither where it was given up on its way."""


def telling(
    inner: Ask, *, prices: Given = NONE, note: Note | None = None, clock: Callable[[], float] = time.perf_counter
) -> Ask:
    """Price each answer, emit `Tried`, and hand what came to `note`, whatever becomes of it later."""

    return partial(_telling, inner, prices, note, clock)


def _telling(
    inner: Ask, prices: Given, note: Note | None, clock: Callable[[], float], request: Request, trip: Trip
) -> Steps[Response]:
    started = clock()
    response: Response | None = None
    error: PatternsError | None = None
    ended = False
    try:
        response = _priced(request, (yield from inner(request, trip)), prices)
        ended = True
        return response
    except (ModelError, OutputError) as failure:
        failure.attempts = tuple(
            replace(each, response=_priced(each.request, each.response, prices)) if each.response else each
            for each in failure.attempts
        )
        response = next((each.response for each in reversed(failure.attempts) if each.response), None)
        error, ended = failure, True
        raise
    finally:
        if note is not None:
            note(request, response, error)
        if ended:
            tell(Tried, pattern_of(request), request, response, error, clock() - started)


def noting_hits(inner: Ask, note: Note) -> Ask:
    """Hand to `note` what was answered from the cache; what left is noted where it leaves."""

    def policy(request: Request, trip: Trip) -> Steps[Response]:
        response = yield from inner(request, trip)
        if response.cached:
            note(request, response, None)
        return response

    return policy


def _priced(request: Request, response: Response, prices: Given) -> Response:
    """What the user says that it costs goes before what litellm says; an estimate of tokens is priced by nobody."""
    if not prices or response.usage is None or response.usage.estimated:
        return response
    cost = by_own_prices(request.model, response.usage, prices)
    return response if cost is None else replace(response, cost=cost)
