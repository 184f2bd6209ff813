"""How fast requests and tokens may go to a model: so many a minute, spread evenly but for a short burst."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from patterns.model.lanes import Lane, Registry

MINUTE = 60.0
UNKNOWN = 500
"""Tokens that the first answer of a model is taken to need."""
FADING = 0.9
"""What is left, after each answer, of the length that the longest one had."""
BURST = 0.1
"""The part of a minute's allowance that may go at once; over any time, no more than the rate and this goes."""
RECOVERY = 120.0
"""Seconds in which a rate would climb from nothing to its whole; from half of it, it takes half of them."""


class Rate:
    """A leaky bucket by its virtual time (the generic cell rate algorithm of ATM): a place is given out at once, with
    the seconds to wait for it, so that who waits needs no queue, no loop and no thread.
    """

    def __init__(self) -> None:
        self._due = 0.0

    def wait(self, amount: float, limit: float, now: float) -> float:
        """Seconds until `amount` may go at `limit` a minute. More than fits into a burst goes when the bucket is empty.

        Nothing is taken yet.
        """
        room = max(1.0, limit * BURST)
        return max(0.0, self._due - now - max(0.0, room - amount) * MINUTE / limit)

    def take(self, amount: float, limit: float, now: float) -> float:
        """Take it at `now`; give the seconds by which all that comes later is put off."""
        before, self._due = self._due, max(self._due, now) + amount * MINUTE / limit
        return self._due - before

    def undo(self, seconds: float) -> None:
        """Put off what comes later by so many seconds less: what was taken last is not taken after all."""
        self._due -= seconds

    def correct(self, amount: float, limit: float) -> None:
        """Take more, or give back, when it is known how much it was."""
        self._due += amount * MINUTE / limit


@dataclass(eq=False, slots=True)
class Turn:
    """What a request has taken: the seconds by which each rate puts off what comes later."""

    requests: float = 0.0
    tokens: float = 0.0
    given_up: bool = False


class Meter:
    """The rates of one model at one host, which all threads and tasks share. A refusal for rate halves them."""

    def __init__(self, lane: Lane, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests, self._tokens = Rate(), Rate()
        self._pace, self._paced = 1.0, clock()
        self._usual = float(UNKNOWN)
        self._waiting: dict[Turn, None] = {}

    def reserve(self, rpm: int | None, tpm: int | None, tokens: float, patience: float) -> tuple[float, Turn | None]:
        """Take one request and its tokens. Give the seconds to wait, and what was taken.

        Nothing is taken where the wait is longer than `patience`. Who waits says how that ended: `begin`, `give_up`.
        """
        with self._lock:
            now, pace = self._clock(), self._now()
            seconds = 0.0
            if rpm is not None:
                seconds = self._requests.wait(1.0, rpm * pace, now)
            if tpm is not None:
                seconds = max(seconds, self._tokens.wait(tokens, tpm * pace, now))
            if seconds > patience:
                return seconds, None
            turn = Turn()
            if rpm is not None:
                turn.requests = self._requests.take(1.0, rpm * pace, now + seconds)
            if tpm is not None:
                turn.tokens = self._tokens.take(tokens, tpm * pace, now + seconds)
            if seconds > 0:
                self._waiting[turn] = None
            return seconds, turn

    def begin(self, turn: Turn) -> None:
        """The request that waited leaves. The time of those before it that were given up has passed unused."""
        with self._lock:
            self._waiting.pop(turn, None)
            while self._waiting and (first := next(iter(self._waiting))).given_up:
                del self._waiting[first]

    def give_up(self, turn: Turn) -> None:
        """The request that waited will not leave. Its time is free again once nobody waits for a later one: who does
        goes when he was told, and would not be alone.
        """
        with self._lock:
            turn.given_up = True
            while self._waiting and (last := next(reversed(self._waiting))).given_up:
                del self._waiting[last]
                self._requests.undo(last.requests)
                self._tokens.undo(last.tokens)

    def usual(self, most: int | None) -> float:
        """Tokens that an answer is taken to need: as many as long ones did lately, `most` at most."""
        return self._usual if most is None else min(self._usual, float(most))

    def settle(self, tpm: int, reserved: float, used: float, answer: float = 0.0) -> None:
        """Book the tokens that a request really took, those of its answer among them."""
        with self._lock:
            self._tokens.correct(used - reserved, tpm * self._now())
            if answer:
                self._usual = max(answer, self._usual * FADING)

    def slow(self, sent: float) -> None:
        """Halve the rates after a refusal; those of one volley, sent before the last cut, count once."""
        with self._lock:
            if sent > self._paced or self._pace == 1.0:
                self._pace, self._paced = max(self._now() / 2, 1 / 16), self._clock()

    def _now(self) -> float:
        return min(1.0, self._pace + (self._clock() - self._paced) / RECOVERY)


METERS: Registry[Meter] = Registry(Meter)
