"""Writes behind the program's back: one thread for whatever gathers rows that are in no hurry."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from typing import Protocol
from weakref import WeakSet

DELAY = 0.5
"""Seconds that rows gather before they are written: what a process that is killed can lose."""


class Gathering(Protocol):
    """What has rows waiting. `flush` writes them and says whether none wait any more."""

    def flush(self) -> bool: ...

    def forget(self) -> None:
        """Start anew in a forked child: what waits is its parent's to write."""


class Writer:
    """A thread that sleeps while nothing waits. The end of the program, too, writes what waits."""

    def __init__(self) -> None:
        self._known: WeakSet[Gathering] = WeakSet()
        self._due: set[Gathering] = set()
        self._lock = threading.Lock()
        self._called = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self, gathering: Gathering) -> None:
        """Have it flushed soon."""
        if gathering in self._due and self._thread is not None:
            return
        with self._lock:
            self._due.add(gathering)
            self._known.add(gathering)
            if self._thread is None:
                self._thread = threading.Thread(target=self._turn, name="patterns-writer", daemon=True)
                self._thread.start()
                _at_the_end_of_a_worker(self.flush)
        self._called.set()

    def flush(self) -> None:
        """Write all that waits now."""
        with self._lock:
            due, self._due = self._due, set()
        for gathering in due:
            try:
                written = gathering.flush()
            except Exception:  # a warning that the program turns into an error
                continue
            if not written:
                with self._lock:
                    self._due.add(gathering)

    def forget(self) -> None:
        """Start anew in a forked child, where the thread is not."""
        self._due, self._thread = set(), None
        self._lock, self._called = threading.Lock(), threading.Event()
        for gathering in list(self._known):
            gathering.forget()

    def _turn(self) -> None:
        while True:
            self._called.wait()
            self._called.clear()
            while self._due:
                time.sleep(DELAY)
                self.flush()


def _at_the_end_of_a_worker(work: object) -> None:
    """Do it before a worker of multiprocessing ends, too: that one runs no other farewells."""
    if (module := sys.modules.get("multiprocessing.util")) is not None:
        module.Finalize(None, work, exitpriority=10)


WRITER = Writer()
atexit.register(WRITER.flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WRITER.forget)
