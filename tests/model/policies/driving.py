"""How the policies are driven by hand: a clock that passes only when told, and a model that does as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from patterns.errors import PatternsError
from patterns.exchange import Choice, Options, Request, Response
from patterns.model.steps import Steps
from patterns.model.trip import Trip

REQUEST = Request("m", (), Options(timeout=100.0))
ANSWER = Response((Choice("yes"),), "m")


class Clock:
    """Time that passes only when told."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Played:
    """What came of it: the outcome, the requests that were sent with their times, and the seconds of each wait."""

    outcome: object = None
    sent: list[Request] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)


Said = Response | PatternsError | Callable[[Request], Response | PatternsError]


def play(steps: Steps[Response], answers: Sequence[Said], clock: Clock, *, cost: float = 1.0) -> Played:
    """Drive steps to their end; a request takes `cost` seconds, or its timeout if that is less."""
    left, played = list(answers), Played()
    try:
        step = next(steps)
        while True:
            if not isinstance(step, Request):
                played.pauses.append(step.seconds)
                clock.now += step.seconds
                step = steps.send(None)
                continue
            played.sent.append(step)
            played.times.append(clock.now)
            clock.now += min(cost, step.options.timeout or cost)
            said = left.pop(0)
            answer = said(step) if callable(said) else said
            step = steps.throw(answer) if isinstance(answer, PatternsError) else steps.send(answer)
    except StopIteration as stop:
        played.outcome = stop.value
    except PatternsError as error:
        played.outcome = error
    return played


def trip(clock: Clock | None = None, seconds: float | None = None) -> Trip:
    """A call under way, on this clock, with no deadline but the one given."""
    return Trip.starting(seconds, clock=clock or Clock())
