"""Threads that block in place of their callers, who can stop waiting; a blocking read cannot be cut from outside."""

from __future__ import annotations

import atexit
import contextlib
import contextvars
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias, TypeVar, cast

T = TypeVar("T")

Job: TypeAlias = Callable[[], Callable[[], None]]
"""Does the work and gives what hands its outcome over."""

_MOST_IDLE = 32
_MOST_LEFT = 64
_GOODBYE = 1.0
"""Seconds that the end of the program waits for work whose caller has gone."""


class _Worker:
    """One daemon thread. It goes back to the idle ones before it hands over, so that the next call finds it there."""

    def __init__(self, idle: deque[_Worker]) -> None:
        self.inbox: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._idle = idle
        threading.Thread(target=self._turn, name="patterns-hand", daemon=True).start()

    def _turn(self) -> None:
        while True:
            hand_over = self.inbox.get()()
            staying = len(self._idle) < _MOST_IDLE
            if staying:
                self._idle.append(self)
            hand_over()
            del hand_over  # or the last outcome lives as long as this thread is idle
            if not staying:
                return


class Hands:
    """Lends threads to blocking calls. One whose caller has gone is free again when its work ends by itself."""

    def __init__(self) -> None:
        self._idle: deque[_Worker] = deque()
        self._left: deque[queue.SimpleQueue[Future[object]]] = deque(maxlen=_MOST_LEFT)

    def run(self, work: Callable[[], T], patience: float) -> T:
        """Do `work` on another thread, in a copy of this context; raise TimeoutError after `patience` seconds."""
        arrived: queue.SimpleQueue[Future[T]] = queue.SimpleQueue()
        context = contextvars.copy_context()

        def job() -> Callable[[], None]:
            done = _done(context, work)
            return lambda: arrived.put(done)

        self._hire().inbox.put(job)
        try:
            done = arrived.get(timeout=patience)
        except queue.Empty:
            self._left.append(cast("queue.SimpleQueue[Future[object]]", arrived))
            raise TimeoutError("the work is not done in time") from None
        except BaseException:  # an interrupt
            self._left.append(cast("queue.SimpleQueue[Future[object]]", arrived))
            raise
        return done.result()

    def start(self, work: Callable[[], None]) -> None:
        """Do `work` on another thread, in a copy of this context, and wait for nothing. It keeps its own outcome."""
        context = contextvars.copy_context()

        def job() -> Callable[[], None]:
            context.run(work)
            return _nothing

        self._hire().inbox.put(job)

    def part(self, patience: float) -> None:
        """Wait up to `patience` seconds for work whose caller has gone.

        A thread that the end of the program kills while it imports takes the import lock with it. litellm imports when
        its clients are thrown away, so that the program would never end.
        """
        until = time.monotonic() + patience
        while self._left:
            with contextlib.suppress(queue.Empty):
                self._left.popleft().get(timeout=max(0.0, until - time.monotonic()))

    def forget(self) -> None:
        """Start anew in a forked child, where no thread but the caller's lives on."""
        self._idle.clear()
        self._left.clear()

    def _hire(self) -> _Worker:
        try:
            return self._idle.pop()
        except IndexError:
            return _Worker(self._idle)


def _nothing() -> None:
    """Nobody waits for the outcome."""


def _done(context: contextvars.Context, work: Callable[[], T]) -> Future[T]:
    """Do the work; what it gave or raised is in the future."""
    future: Future[T] = Future()
    try:
        future.set_result(context.run(work))
    except BaseException as error:
        future.set_exception(error)
    return future


HANDS = Hands()
atexit.register(HANDS.part, _GOODBYE)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=HANDS.forget)
