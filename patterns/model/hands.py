"""Threads that block in place of their callers, who can stop waiting; a blocking read cannot be cut from outside."""

from __future__ import annotations

import contextvars
import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Job: TypeAlias = Callable[[], Callable[[], None]]
"""Does the work and gives what hands its outcome over."""

_MOST_IDLE = 32


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

    def run(self, work: Callable[[], T], patience: float) -> T:
        """Do `work` on another thread, in a copy of this context; raise TimeoutError after `patience` seconds."""
        arrived: queue.SimpleQueue[Future[T]] = queue.SimpleQueue()
        context = contextvars.copy_context()

        def job() -> Callable[[], None]:
            done = _done(context, work)
            return lambda: arrived.put(done)

        self._hire().inbox.put(job)
        try:
            return arrived.get(timeout=patience).result()
        except queue.Empty:
            raise TimeoutError("the work is not done in time") from None

    def forget(self) -> None:
        """Start anew in a forked child, where no thread but the caller's lives on."""
        self._idle.clear()

    def _hire(self) -> _Worker:
        try:
            return self._idle.pop()
        except IndexError:
            return _Worker(self._idle)


def _done(context: contextvars.Context, work: Callable[[], T]) -> Future[T]:
    """Do the work; what it gave or raised is in the future."""
    future: Future[T] = Future()
    try:
        future.set_result(context.run(work))
    except BaseException as error:
        future.set_exception(error)
    return future


HANDS = Hands()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=HANDS.forget)
