"""litellm imported on a thread while the program does other things: once in a process, and in nobody's way."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import partial
from types import ModuleType

from patterns.model.client import beforehand
from patterns.model.retractable import GivenUp, Retractable

_OWN = frozenset({"litellm", "openai"})
"""Packages that may be left half imported, to be imported anew: they are Python alone, and four fifths of the time."""
_SELDOM = 10_000
"""Objects more than were thrown away, after which the collector looks for garbage while the import makes a million."""
_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")
"""To these litellm adds a handler each, when it is imported."""
_PATIENCE = 3.0
"""Seconds that a fork waits at most until the import is given up: some fifty times as long as a step takes."""


class _Warming:
    """One import on a thread that the end of the program waits for, as it must: it would kill any other.

    A thread that is killed while it imports takes the locks of the modules with it, and may so hang the program.
    This one gives the import up at its next step when the main thread has ended.
    """

    def __init__(self, wanted: Callable[[], bool]) -> None:
        self._import = Retractable(_OWN, unwanted=_at_the_end)
        self._wanted = wanted
        run = partial(copy_context().run, self._run)
        # Said here, for a thread that is started by one of those that the end kills, such as the portal's, is like it.
        self.thread = threading.Thread(target=run, name="patterns-warming", daemon=False)

    def _run(self) -> None:
        """Import litellm; what goes wrong is told to those who need it, by their own import."""
        with contextlib.suppress(Exception, GivenUp, SystemExit):
            if self._wanted():
                beforehand(self._load)

    def _load(self) -> ModuleType:
        heard = {logger: tuple(logger.handlers) for logger in map(logging.getLogger, _LOGGERS)}
        try:
            with _seldom_collecting():
                return self._import.load("litellm")
        except BaseException:  # the next import adds its own, and all would be said twice
            for logger, before in heard.items():
                logger.handlers = [each for each in logger.handlers if each in before]
            raise

    def end(self) -> None:
        """Give the import up and wait until it is over; its own thread does not wait for itself."""
        if self.thread.is_alive() and self.thread is not threading.current_thread():
            self._import.retract()
            self.thread.join(_PATIENCE)


_begun: _Warming | None = None
_once = threading.Lock()
"""Taken by the first who begins, and kept: of two imports, a fork would have only the last given up."""


def warm(wanted: Callable[[], bool]) -> None:
    """Begin to import litellm on a thread, if `wanted` says so there; once in a process. Returns at once."""
    global _begun
    if _begun is None and "litellm" not in sys.modules and _once.acquire(blocking=False):
        _begun = _Warming(wanted)
        with contextlib.suppress(RuntimeError):  # no more threads may be had, here or at the end of the program
            _begun.thread.start()


def _at_the_end() -> bool:
    """Tell whether the main thread is over and the program waits for the other threads."""
    return not threading.main_thread().is_alive()


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage less often, which the import takes a fifth longer for. Off, it would be so for all threads."""
    before = gc.get_threshold()
    during = (max(before[0], _SELDOM), *before[1:])
    if before[0]:  # else it is off
        gc.set_threshold(*during)
    try:
        yield
    finally:
        if gc.get_threshold() == during:  # else somebody has chosen otherwise meanwhile
            gc.set_threshold(*before)


def _before_fork() -> None:
    """Give the import up: a child would wait for ever for locks that a thread holds which it does not have."""
    if _begun is not None:
        _begun.end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork)
