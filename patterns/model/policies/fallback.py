"""Puts a request to the next model when one cannot answer it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from patterns.errors import ModelError, OutputError, PatternsError, Refused
from patterns.events import FellBack, emit
from patterns.exchange import Attempt, Request, Response, changed
from patterns.model.policies.trail import pattern_of, tries
from patterns.model.steps import Ask, Steps
from patterns.model.trip import Trip
from patterns.model.verdicts import declined, moves


def falling_back(
    inner: Ask,
    models: Sequence[str],
    *,
    on_refusal: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Ask:
    """Go through `models` after the request's own, while errors say that another model may do better.

    A wrong key, an unknown model and a request that is not taken are raised at once: they are mistakes that should be
    seen. A model that declines is believed, unless `on_refusal` says to ask another.
    """
    return partial(_falling_back, inner, tuple(models), on_refusal, clock)


def _falling_back(
    inner: Ask,
    models: tuple[str, ...],
    on_refusal: bool,
    clock: Callable[[], float],
    first: Request,
    trip: Trip,
) -> Steps[Response]:
    request = first
    waiting = models
    while True:
        started = clock()
        error: PatternsError
        try:
            response = yield from inner(request, trip)
            no = declined(response) if on_refusal and waiting else None
            if no is None:
                return response if request is first else changed(response, request=request)
            seconds = clock() - started
            error = Refused(f"{request.model}: the model declined: {no}")
            trip.trail.append(Attempt(request, response, error.message, seconds=seconds))
        except (ModelError, OutputError) as failure:
            if isinstance(failure, ModelError):
                failure.attempts = tuple(tries(request, failure, clock() - started))
            if not waiting or not _elsewhere(failure, on_refusal):
                raise
            trip.trail.extend(failure.attempts or (Attempt(request, None, failure.message, paid=None),))
            error = failure
        other, waiting = waiting[0], waiting[1:]
        emit(FellBack(pattern_of(request), request.model, other, error))
        request = changed(request, model=other) if trip.wording is None else trip.wording.adapt(request, other)


def _elsewhere(error: PatternsError, on_refusal: bool) -> bool:
    """Tell whether another model may answer where this one failed."""
    found = moves(error)
    return "fall back" in found or (on_refusal and "fall back if told" in found)
