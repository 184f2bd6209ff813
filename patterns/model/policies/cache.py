"""Answers what was answered before, and sends equal requests that are in flight once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from patterns.errors import InputError
from patterns.events import CacheHit, tell
from patterns.exchange import Request, Response
from patterns.model.bases import base_of
from patterns.model.calls import limit, too_late
from patterns.model.fingerprint import fingerprint
from patterns.model.flights import FLIGHTS, Flight
from patterns.model.steps import Ask, Steps, Wait
from patterns.model.store import Store
from patterns.model.trip import Trip

WHOLE = frozenset({"stop", "end_turn", "stop_sequence", "tool_calls", "function_call", "tool_use"})
"""Finish reasons of answers that are kept. One that was cut off or filtered is asked for anew."""


def caching(inner: Ask, store: Store, *, ttl: float | None = None, clock: Callable[[], float] = time.monotonic) -> Ask:
    """Answer from the store what was answered within `ttl` seconds; put what was not, and keep its answer.

    Requests are equal when all that reaches the model is: also at a temperature above 0, where without a cache each
    would get an answer of its own. Of equal requests in flight at once in this process, in any thread or task, one is
    sent. The others wait for its answer within their own timeouts; when it fails, the next of them is sent.

    Kept is what came in, whatever is made of it later: an answer that the caller's type does not take is not paid for
    again either. Given from here, a response is `cached`, costs 0 and has no usage, for nothing is used.
    """

    place = str(store.path)

    def policy(request: Request, trip: Trip) -> Steps[Response]:
        if (key := _key(request)) is None:
            return (yield from inner(request, trip))
        landings = FLIGHTS.landings
        if (hit := store.get(key, ttl)) is not None:
            return _given(request, hit)
        until, sent = clock() + limit(request), request
        while True:
            own, answer = Flight(), None
            try:
                if (flight := FLIGHTS.join((place, key), own)) is own:
                    answer = yield from lead(sent, trip, key, landings)
                    return answer
            finally:
                FLIGHTS.land((place, key), own, answer)
            yield Wait(flight.landed, until - clock(), flight.loop)
            if flight.landed.done() and (answer := flight.landed.result()) is not None:
                return _given(request, answer)
            if (left := until - clock()) <= 0:
                raise too_late(request)
            sent = request.taking(timeout=left)
            if not flight.landed.done():  # it cannot land while we block its event loop
                return (yield from inner(sent, trip))

    def lead(request: Request, trip: Trip, key: str, landings: int) -> Steps[Response]:
        if FLIGHTS.landings != landings and (answer := store.get(key, ttl)) is not None:
            return _given(request, answer)  # another flight landed between our look and our turn
        answer = yield from inner(request, trip)
        if all(choice.finish_reason in WHOLE and choice.refusal is None for choice in answer.choices):
            store.put(key, answer)
        return answer

    return policy


def _given(request: Request, answer: Response) -> Response:
    response = replace(answer, cached=True, cost=0.0, usage=None)
    tell(CacheHit, request.task.pattern if request.task else "", request, response)
    return response


def _key(request: Request) -> str | None:
    """The key of a request at the host that would answer it; None for one that has no key."""
    try:
        if request.options.api_base is None and (base := base_of(request.model)):
            request = request.taking(api_base=base)
        return fingerprint(request)
    except InputError:
        return None
