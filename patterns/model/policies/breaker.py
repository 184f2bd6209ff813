"""Holds requests back from a model that fails, or that asked for a rest, so that one of them tries for all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from patterns.errors import (
    CircuitOpen,
    DeadlineExceeded,
    EmptyResponse,
    ModelError,
    OutputError,
    Refused,
    TransientError,
)
from patterns.events import Retrying, emit
from patterns.exchange import Request, Response
from patterns.model.calls import limit
from patterns.model.circuits import LOOK, Circuit, Gate, Outcome, Place, gate_of
from patterns.model.policies.trail import pattern_of, tries
from patterns.model.steps import Ask, Steps, Wait
from patterns.model.trip import Deadline, Trip

PATIENCE = 600.0
"""Seconds that a call without a deadline waits for a model that limits its rate; for one that fails, its timeout."""
_LIMITED = 429


def guarded(inner: Ask, *, waits: Callable[[Request], bool]) -> Ask:
    """Go through the gate of the model's circuit.

    Where `waits` says no, another model is left to be asked: then an open circuit raises CircuitOpen at once, and a
    rate limit is raised as it comes. Else both are waited for, as far as the deadline allows; a rate limit does not
    count as a try then.
    """

    return partial(_guarded, inner, waits)


def _guarded(inner: Ask, waits: Callable[[Request], bool], request: Request, trip: Trip) -> Steps[Response]:
    deadline = trip.deadline
    gate, begun, number = gate_of(request), deadline.clock(), 0
    patient = waits(request)
    while True:
        started, place = deadline.clock(), gate.line_up()
        outcome: Outcome = "moot"
        after: float | None = None
        why = ""
        try:
            if not place.inside:
                yield from _until_inside(gate, place, request, deadline, begun, patient)
                started = deadline.clock()
            response = yield from inner(request, trip)
            outcome = "well"
            return response
        except (ModelError, OutputError) as error:
            after, why = _after(error), _why(error, request)
            outcome = _outcome(error)
            if isinstance(error, ModelError) and place.inside:
                error.attempts = tuple(tries(request, error, deadline.clock() - started))
            if not (patient and outcome == "limited" and isinstance(error, ModelError)):
                raise
            limited = error
        finally:
            gate.leave(place, outcome, retry_after=after, why=why)
        seconds = gate.show().seconds
        if deadline.clock() + seconds >= _bound(request, deadline, begun, "paused"):
            limited.advise(f"it may pass in {seconds:.1f} s, which is more than the call has left")
            raise limited
        trip.trail.extend(limited.attempts)
        number += 1
        emit(Retrying(pattern_of(request), request.model, number, seconds, limited))


def _until_inside(
    gate: Gate, place: Place, request: Request, deadline: Deadline, begun: float, patient: bool
) -> Steps[None]:
    """Wait in the line. Raises CircuitOpen when that is not to be, or would take longer than the call may."""
    while not place.inside:
        circuit = gate.look(place)
        if place.inside:
            return
        left = _bound(request, deadline, begun, circuit.state) - deadline.clock()
        if circuit.seconds >= left or left <= 0 or not (patient or circuit.state == "closed"):
            raise _open(request, circuit)
        assert place.turn is not None, "who stands in the line waits for a turn"
        soon = gate.delay(circuit.seconds) if circuit.seconds else LOOK
        yield Wait(place.turn, min(soon, LOOK, left))


def _bound(request: Request, deadline: Deadline, begun: float, state: str) -> float:
    """When waiting must end. A rate limit will pass, and is waited for long; a model that is down may stay so."""
    if deadline.seconds is not None:
        return deadline.until
    return begun + (limit(request) if state in ("open", "half-open") else max(PATIENCE, limit(request)))


def _outcome(error: ModelError | OutputError) -> Outcome:
    """What an error says of the model's health. A refusal to do wrong is a sign of life."""
    if isinstance(error, TransientError):
        if isinstance(error, DeadlineExceeded):
            return "moot"
        return "limited" if error.status == _LIMITED else "failed"
    if isinstance(error, EmptyResponse):
        return "failed"
    if isinstance(error, Refused) or (isinstance(error, ModelError) and error.status is not None):
        return "well"
    return "moot"


def _after(error: ModelError | OutputError) -> float | None:
    return error.retry_after if isinstance(error, ModelError) else None


def _why(error: ModelError | OutputError, request: Request) -> str:
    return error.message.removeprefix(f"{request.model}: ")


def _open(request: Request, circuit: Circuit) -> CircuitOpen:
    where = f" at {circuit.host}" if circuit.host else ""
    what = {"open": "failed too often lately", "half-open": "is being tried by one request after a rest"}
    said = what.get(circuit.state, "limits the rate of requests")
    last = f"; the last it said: {circuit.why}" if circuit.why else ""
    return CircuitOpen(
        f"{request.model}{where} {said}, and is left alone for {circuit.seconds:.1f} s more{last}",
        model=request.model,
        retry_after=circuit.seconds,
        hint="wait that long, name fallbacks=[…], allow a longer deadline=, or set breaker=False",
    )
