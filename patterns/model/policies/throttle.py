"""Keeps a model's requests and tokens a minute under limits that the caller sets."""

from __future__ import annotations

from collections.abc import Callable

from patterns.errors import CircuitOpen, ModelError
from patterns.exchange import Request, Response
from patterns.model.lanes import lane_of
from patterns.model.meters import METERS, Meter, Turn
from patterns.model.policies.trail import tries
from patterns.model.steps import Ask, Pause, Steps
from patterns.model.trip import Trip

Count = Callable[[Request], int]
"""How many tokens a request sends."""
_LIMITED = 429


def throttled(inner: Ask, *, rpm: int | None, tpm: int | None, count: Count) -> Ask:
    """Wait for the request's turn. Raises CircuitOpen where that would come too late.

    Tokens are reserved as a guess, the request's own and those of an answer as long as such answers usually are, and
    booked as they were when the answer is there. A refusal for rate halves both limits for a while.
    """

    def policy(request: Request, trip: Trip) -> Steps[Response]:
        deadline = trip.deadline
        meter = METERS.of(lane_of(request))
        given = 0 if tpm is None else count(request)
        reserved = 0.0 if tpm is None else given + meter.usual(request.options.max_tokens)
        seconds, turn = meter.reserve(rpm, tpm, reserved, deadline.left)
        if turn is None:
            raise _late(request, rpm, tpm, seconds)
        if seconds > 0:
            yield from _waited(meter, turn, seconds)
        sent, used, answer = deadline.clock(), reserved, 0.0
        try:
            response = yield from inner(request, trip)
            if response.usage is not None:
                used, answer = float(response.usage.total_tokens), float(response.usage.output_tokens)
            return response
        except ModelError as error:
            error.attempts = tuple(tries(request, error, deadline.clock() - sent))
            if error.status == _LIMITED:
                meter.slow(sent)
            if error.paid is False:
                used = 0.0
            raise
        finally:
            if tpm is not None:
                meter.settle(tpm, reserved, used, answer)

    return policy


def _waited(meter: Meter, turn: Turn, seconds: float) -> Steps[None]:
    """Wait for a turn. Who is cancelled meanwhile leaves it to others."""
    try:
        yield Pause(seconds)
    except BaseException:
        meter.give_up(turn)
        raise
    meter.begin(turn)


def _late(request: Request, rpm: int | None, tpm: int | None, seconds: float) -> CircuitOpen:
    limits = " and ".join(f"{name}={limit}" for name, limit in (("rpm", rpm), ("tpm", tpm)) if limit is not None)
    return CircuitOpen(
        f"{request.model}: under {limits} the next request may leave in {seconds:.1f} s, past the deadline",
        model=request.model,
        retry_after=seconds,
        hint="allow a longer deadline=, raise the limit, or name fallbacks=[…]",
    )
