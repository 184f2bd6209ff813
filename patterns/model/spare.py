"""How many retries a model can be burdened with: some at once, then a share of the requests that go to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from patterns.exchange import Request
from patterns.model.circuits import gate_of
from patterns.model.lanes import Lane, Registry, lane_of

BASE, SHARE = 10.0, 0.2
"""Retries that are always allowed in a minute, and how many more for each request."""
_MINUTE = 60.0


class Spare:
    """A bucket of retries. It holds ten, fills in a minute, and gets a fifth of one for each request.

    Without it, a model that fails now and then under its load would get up to three times the load for it.
    """

    def __init__(self, lane: Lane, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left, self._at = BASE, clock()

    def earn(self) -> None:
        """A request goes to the model for the first time."""
        with self._lock:
            self._refill(SHARE)

    def take(self) -> bool:
        """Take one retry, if there is one left."""
        with self._lock:
            self._refill(0.0)
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True

    def _refill(self, more: float) -> None:
        now = self._clock()
        filled = self._left + (now - self._at) * BASE / _MINUTE + more
        self._left, self._at = min(filled, BASE), now


SPARES: Registry[Spare] = Registry(Spare)


def spare_of(request: Request) -> Spare:
    """The bucket that the requests of this model at this host share."""
    return SPARES.of(lane_of(request))


def may_retry(request: Request) -> bool:
    """Tell whether this request may be sent again. A circuit that is not closed sees to that by itself."""
    return gate_of(request).show().state != "closed" or spare_of(request).take()
