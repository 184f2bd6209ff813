"""Asks again at once in the next lower mode when a provider does not take the way that a shape was asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial

from patterns.errors import BadRequest, ModelError, UnknownModel
from patterns.events import SteppedDown, emit
from patterns.exchange import Mode, Request, Response, changed
from patterns.model.calls import limit
from patterns.model.flights import Flight, Flights
from patterns.model.lanes import Lane, forgetting
from patterns.model.modes_learnt import Learnt, Refusal, where
from patterns.model.modes_refused import refused_with, scope_of, scopes
from patterns.model.policies.trail import pattern_of, tries
from patterns.model.steps import Ask, Step, Steps, Wait
from patterns.model.trip import Trip, Wording

LOOK = 5.0
"""Seconds that others wait at most for the one who finds out what the model takes: a refusal comes at once."""

_LEARNING = Flights()
forgetting(_LEARNING.forget)


def stepping_down(inner: Ask, learnt: Learnt | None, clock: Callable[[], float] = time.monotonic) -> Ask:
    """Go down the modes until one is taken, and remember then which were not; without `learnt`, not.

    A refusal is believed only when a lower mode was answered: else it was not the mode that was wrong. Of calls that
    are refused at once, one goes down, and the others follow when it has found a way.
    """

    return partial(_stepping_down, inner, learnt, clock)


def _stepping_down(
    inner: Ask, learnt: Learnt | None, clock: Callable[[], float], first: Request, trip: Trip
) -> Steps[Response]:
    if trip.wording is None or first.target is None or first.mode == "prompted":
        return inner(first, trip)
    if trip.wording.chosen:
        return _as_chosen(inner, first, trip, trip.wording)
    return _Descent(first, trip.wording, learnt, clock).go(inner, trip)


def _as_chosen(inner: Ask, request: Request, trip: Trip, wording: Wording) -> Steps[Response]:
    """Ask in the mode that the caller has set; say which others are left when it is refused."""
    try:
        return (yield from inner(request, trip))
    except (BadRequest, UnknownModel) as error:
        if scope_of(request, error) is not None:
            left = [repr(mode) for mode in dict.fromkeys((*wording.modes(request), "prompted")) if mode != request.mode]
            error.advise(f"mode={request.mode!r} was set, and is refused: leave it out, or set {' or '.join(left)}")
        raise


class _Descent:
    """The way of one request down the modes. Who leads has others waiting for its end."""

    def __init__(self, first: Request, wording: Wording, learnt: Learnt | None, clock: Callable[[], float]) -> None:
        self._first, self._wording, self._learnt, self._clock = first, wording, learnt, clock
        self._lane: Lane = where(first)
        self._refused: tuple[Refusal, ...] = ()
        self._flight: Flight | None = None

    def go(self, inner: Ask, trip: Trip) -> Steps[Response]:
        try:
            request = self._first
            if self._learnt is not None and self._learnt.knows(self._lane):
                request = self._current(request)
            while True:
                started = self._clock()
                try:
                    response = yield from inner(request, trip)
                except (BadRequest, UnknownModel) as error:
                    error.attempts = tuple(tries(request, error, self._clock() - started))
                    if not self._is_refused(request, error):
                        raise
                    trip.trail.extend(error.attempts)
                    failure: ModelError = error
                else:
                    self._believe(request)
                    return response if request is self._first else changed(response, request=request)
                lower = yield from self._lower(request)
                emit(SteppedDown(pattern_of(request), request.model, request.mode, lower.mode, failure))
                request = lower
        finally:
            if self._flight is not None:
                _LEARNING.land(self._key(), self._flight, None)

    def _current(self, request: Request) -> Request:
        """The request in the mode that by now is known to be taken: the same one where nothing is known against it."""
        assert self._learnt is not None, "only who remembers knows"
        modes = self._learnt.open(self._lane, self._below(request, at=0), lambda: scopes(request), tries=False)
        return request if not modes or modes[0] == request.mode else self._wording.reword(request, modes[0])

    def _below(self, request: Request, at: int = 1) -> Sequence[Mode]:
        modes = self._wording.modes(request)
        return modes[modes.index(request.mode) + at :] if request.mode in modes else ()

    def _is_refused(self, request: Request, error: ModelError) -> bool:
        """Note a refusal of the mode, for when a lower one is taken."""
        scope = scope_of(request, error)
        if scope is None or not self._below(request):
            return False
        lane = self._lane
        modes = refused_with(request, scope, error)
        self._refused += tuple(Refusal(lane.model, lane.host, mode, scope, 0.0, error.message) for mode in modes)
        return True

    def _lower(self, request: Request) -> Generator[Step, Response | None, Request]:
        """The request in the next mode; who is not the first to go down waits for what the first finds out."""
        without = {each.mode for each in self._refused}
        below = self._below(request)
        untried: list[Mode] = [each for each in below if each not in without]
        mode = untried[0] if untried else below[-1]
        if self._learnt is not None and self._flight is None:
            self._flight = own = Flight()
            if (flight := _LEARNING.join(self._key(), own)) is not own:
                self._flight = None
                begun = self._clock()
                yield Wait(flight.landed, min(LOOK, limit(request)), flight.loop)
                request = _sooner(request, self._clock() - begun)
            if (known := self._current(request)) is not request:
                self._refused = ()  # it is written down already
                return known
        return self._wording.reword(request, mode)

    def _believe(self, request: Request) -> None:
        if self._learnt is None:
            return
        if self._refused:
            now = self._learnt.clock()
            self._learnt.note(replace(each, since=now) for each in self._refused)
        else:
            self._learnt.worked(self._lane, request.mode, lambda: scopes(request))

    def _key(self) -> object:
        return self._lane, scopes(self._first)


def _sooner(request: Request, seconds: float) -> Request:
    """Take from a request's time what was spent on waiting."""
    left = max(limit(request) - seconds, 0.001)
    return request.taking(timeout=left)
