"""The circuit of a model: whether requests may go to it, how many at once, and who goes first after a rest."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, TypeAlias

from patterns.events import CircuitChanged, emit
from patterns.exchange import Request, Response
from patterns.model.lanes import Lane, Registry, lane_of
from patterns.model.room import Room

State: TypeAlias = Literal["closed", "open", "paused", "half-open"]
"""`closed` lets requests go, `open` none after failures, `paused` none at the provider's wish, `half-open` a probe."""
Outcome: TypeAlias = Literal["well", "failed", "limited", "moot"]
"""How a request ended: answered in any way, failed, refused for being one too many, or without telling anything."""

LAST, TOO_MANY = 10, 5
"""A circuit opens when this many of the last ten requests have failed."""
REST, LONGEST_REST = 30.0, 300.0
"""Seconds that it stays open: the first time, and at most; each probe that fails doubles them."""
PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""The same for a provider that limits its rate and does not say for how long."""
LOOK = 1.0
"""Seconds after which somebody who waits looks again at the latest."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a model at a host. An open or paused circuit stays so for `seconds` more.

    `failures` are those of the last ten requests, `flying` the requests on their way, `waiting` those held back,
    `room` how many may be on their way at once (None: any number), `why` the last trouble in words.
    """

    model: str
    host: str
    state: State
    seconds: float = 0.0
    failures: int = 0
    flying: int = 0
    waiting: int = 0
    room: int | None = None
    why: str = ""


@dataclass(eq=False, slots=True)
class Place:
    """A request before or past the gate. `turn`, of one that must wait in the line, is done when it is let in."""

    inside: bool = False
    epoch: int = 0
    turn: Future[Response | None] | None = None


class Gate:
    """Keeps one circuit; shared by all threads and tasks.

    After a rest exactly one request is let in, the probe; when it ends well, the others follow, few at first. What
    left before the circuit last changed says nothing about how it is now.
    """

    def __init__(
        self,
        lane: Lane,
        *,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._lane, self._clock, self._draw = lane, clock, draw
        self._lock = threading.Lock()
        self._state: State = "closed"
        self._kind: Literal["open", "paused"] = "open"
        self._until = 0.0
        self._times = self._epoch = self._flying = 0
        self._recent: deque[bool] = deque(maxlen=LAST)
        self._room = Room()
        self._line: deque[Place] = deque()
        self._probe: Place | None = None
        self._why = ""
        self._news: list[CircuitChanged] = []

    def line_up(self) -> Place:
        """Take a place: inside at once where nothing is in the way, else in the line."""
        place = Place()
        try:
            with self._lock:
                self._line.append(place)
                self._admit()
                if not place.inside:
                    place.turn = Future()  # a dozen objects, which most requests never need
                news = self._told()
            self._tell(news)
        except BaseException:  # interrupted: nobody else knows of the place
            self.leave(place, "moot")
            raise
        return place

    def look(self, place: Place) -> Circuit:
        """Let in whose time has come, and say how things stand."""
        with self._lock:
            self._admit()
            found, news = self._shown(), self._told()
        self._tell(news)
        return found

    def leave(self, place: Place, outcome: Outcome, *, retry_after: float | None = None, why: str = "") -> None:
        """Give a place back, with what became of its request; `moot` for one that never left, too."""
        with self._lock:
            if place.inside:
                self._flying -= 1
                probe, self._probe = place is self._probe, None if place is self._probe else self._probe
                self._learn(place, probe, outcome, retry_after, why)
            elif place in self._line:
                self._line.remove(place)
            self._admit()
            news = self._told()
        self._tell(news)

    def show(self) -> Circuit:
        with self._lock:
            return self._shown()

    def delay(self, seconds: float) -> float:
        """A little more than `seconds`, so that those who wait do not all come at once."""
        return seconds + self._draw() * min(1.0, 0.05 + seconds / 10)

    # Under the lock

    def _admit(self) -> None:
        while self._line and self._may_enter():
            place = self._line[0]
            place.inside, place.epoch = True, self._epoch
            self._flying += 1
            if self._state == "half-open":
                self._probe = place
            self._line.popleft()  # last, for an interrupt may follow
            if place.turn is not None and not place.turn.done():
                place.turn.set_result(None)

    def _may_enter(self) -> bool:
        if self._state in ("open", "paused") and self._clock() >= self._until:
            self._turn("half-open")
        if self._state == "half-open":
            return self._probe is None
        return self._state == "closed" and self._room.holds(self._flying, self._clock())

    def _learn(self, place: Place, probe: bool, outcome: Outcome, retry_after: float | None, why: str) -> None:
        if outcome == "moot" or (place.epoch != self._epoch and not probe):
            if outcome == "limited" and self._state == "paused" and retry_after is not None:
                self._until = max(self._until, self._clock() + min(retry_after, LONGEST_REST))
            return
        if outcome in ("failed", "limited"):
            self._why = why
        if outcome == "limited":
            self._rest("paused", retry_after)
        elif probe and outcome == "failed":
            self._rest(self._kind, None)
        elif probe:
            self._close()
        else:
            self._recent.append(outcome == "failed")
            if outcome == "well":
                self._room.widen()
            elif sum(self._recent) >= TOO_MANY:
                self._rest("open", None)

    def _rest(self, kind: Literal["open", "paused"], retry_after: float | None) -> None:
        """Let nobody in for a while: as long as the provider wishes, else longer each time."""
        if self._state == "closed":
            self._times = 0
            self._room.narrow(self._flying + 1, self._clock(), halve=kind == "paused")
        first, longest = (REST, LONGEST_REST) if kind == "open" else (PAUSE * (0.5 + self._draw() / 2), LONGEST_PAUSE)
        seconds = min(first * 2.0 ** min(self._times, 20), longest)
        if retry_after is not None:
            # Who is told a moment again and again, and is refused each time, waits longer than told.
            seconds = min(max(retry_after, seconds / 10 if self._times else 0.0), LONGEST_REST)
        self._times += 1
        self._kind, self._until = kind, self._clock() + seconds
        self._turn(kind, seconds)

    def _close(self) -> None:
        self._recent.clear()
        self._room.reopen(self._flying + len(self._line))
        self._turn("closed")

    def _turn(self, state: State, seconds: float = 0.0) -> None:
        self._state = state
        self._epoch += 1
        self._news.append(CircuitChanged(self._lane.model, self._lane.host, state, seconds))

    def _shown(self) -> Circuit:
        left = max(0.0, self._until - self._clock()) if self._state in ("open", "paused") else 0.0
        return Circuit(
            self._lane.model,
            self._lane.host,
            self._state,
            left,
            sum(self._recent),
            self._flying,
            len(self._line),
            self._room.size,
            self._why,
        )

    def _told(self) -> list[CircuitChanged]:
        news, self._news = self._news, []
        return news

    @staticmethod
    def _tell(news: list[CircuitChanged]) -> None:
        for event in news:
            emit(event)


GATES: Registry[Gate] = Registry(Gate)


def gate_of(request: Request) -> Gate:
    """The gate that requests of this model at this host share."""
    return GATES.of(lane_of(request))


def circuits() -> tuple[Circuit, ...]:
    """How things stand with every model that this process asked lately."""
    return tuple(gate.show() for gate in GATES.all())
