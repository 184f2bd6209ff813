"""How many requests may be on their way to a model at once, after it had trouble: few at first, then more and more."""

from __future__ import annotations

_QUIET = 60.0
"""Seconds without trouble, and without a request on its way, after which there is no limit any more."""


class Room:
    """A limit that starts small after a rest and doubles from round to round up to `_knee`, from where it creeps.

    The arithmetic is that of TCP's congestion window (RFC 5681, 3.1): each success adds one below the knee, and one
    over the window above it. At the number of requests that met the trouble the limit falls. Not for itself safe to
    share between threads.
    """

    def __init__(self) -> None:
        self._window: float | None = None
        self._knee = 1.0
        self._crowd = 1
        self._troubled = 0.0

    @property
    def size(self) -> int | None:
        return None if self._window is None else int(self._window)

    def holds(self, flying: int, now: float) -> bool:
        """Tell whether one more may go."""
        if self._window is not None and flying == 0 and now - self._troubled > _QUIET:
            self._window = None
        return self._window is None or flying < int(self._window)

    def narrow(self, flying: int, now: float, *, halve: bool) -> None:
        """Remember how many were on their way when trouble came. `halve` says that they were too many."""
        self._troubled = now
        self._crowd = max(self._crowd, flying) if self._window is not None else flying
        at_once = flying if self._window is None else min(flying, int(self._window))
        self._knee = max(1.0, at_once / 2 if halve else at_once)
        self._window = 1.0

    def reopen(self, waiting: int) -> None:
        """Begin anew after a probe that went well, for `waiting` others: two may go."""
        self._crowd = max(self._crowd, waiting)
        self.widen()

    def widen(self) -> None:
        """One request went well."""
        if self._window is None:
            return
        self._window += 1.0 if self._window < self._knee else 1.0 / self._window
        if self._window >= self._crowd + 1:
            self._window = None
