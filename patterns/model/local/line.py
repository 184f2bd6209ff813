"""Who waits for a model in this process: one is loaded at a time, and all its callers share it."""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable
from copy import copy

from patterns.errors import ModelError, TransientError
from patterns.model.local.engine import Engine, leave
from patterns.model.local.talk import Talk
from patterns.model.local.weights import Weights

_FORKED = "a local model does not answer in a forked child of a process that has used one"
_INSTEAD = "start workers by spawning (multiprocessing.get_context('spawn')), or fork before the first call"
_GOODBYE = 10.0
"""Seconds that the end of the program waits for what is still being written to stop."""


class Line:
    """Talks in the order they came, grouped by model, so that a model is loaded once for all who wait for it.

    A group whose turn has come takes nobody in while another one waits behind it: nobody is put off for ever.
    """

    def __init__(self, load: Callable[[Weights], Engine] = Engine) -> None:
        self._load = load
        self._begun = False
        self._engine: Engine | None = None
        self._closed: ModelError | None = None
        self._reset()

    def put(self, talk: Talk) -> None:
        """Take a talk in; it runs on a thread of its own when its turn comes."""
        with self._changed:
            if self._closed is not None:
                talk.fail(copy(self._closed))
                return
            self._group_for(talk.weights).append(talk)
            self._start()

    def close(self, patience: float = _GOODBYE) -> None:
        """Stop everything, take nothing more, unload. A thread that writes on while Python ends would abort it."""
        with self._changed:
            self._closed = ModelError("no local model answers any more: the program is ending")
            self._groups.clear()
            for talk in self._running:
                talk.stop()
            if not self._changed.wait_for(lambda: not self._running, patience):
                return
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def forget(self) -> None:
        """Give up in a forked child: llama.cpp's threads are not there, and it would wait for them for ever."""
        if self._begun:
            leave(self._engine)
        self._reset()
        if self._begun:
            self._closed = ModelError(_FORKED, hint=_INSTEAD)

    def _reset(self) -> None:
        self._changed = threading.Condition()
        self._groups: deque[deque[Talk]] = deque()
        self._running: list[Talk] = []
        self._engine = None
        self._turn: Weights | None = None
        self._closed = None

    def _group_for(self, weights: Weights) -> deque[Talk]:
        for place, group in enumerate(self._groups):
            closed = place == 0 and weights == self._turn and len(self._groups) > 1
            if group and group[0].weights == weights and not closed:
                return group
        self._groups.append(deque())
        return self._groups[-1]

    def _start(self) -> None:
        """Begin all that may run now. The lock is held."""
        while (talk := self._next()) is not None:
            self._running.append(talk)
            try:
                threading.Thread(target=self._do, args=(talk,), name="patterns-local", daemon=True).start()
            except RuntimeError as error:
                self._running.remove(talk)
                talk.fail(TransientError(f"no thread for a local model: {error}", model=str(talk.weights.path)))

    def _next(self) -> Talk | None:
        """The talk whose turn it is. The one that finds another model loaded, or none, runs alone: it loads its own."""
        while self._groups:
            group = self._groups[0]
            while group and not group[0].wanted:
                group.popleft()
            if not group:
                self._groups.popleft()
                continue
            weights = group[0].weights
            here = self._engine is not None and self._engine.weights == weights
            return group.popleft() if len(self._running) < (weights.parallel if here else 1) else None
        return None

    def _do(self, talk: Talk) -> None:
        try:
            talk.run(self._loaded(talk.weights))
        except Exception as error:  # one of ours, or the library's, which is read by whoever waits
            talk.fail(error.with_traceback(None))
        finally:
            with self._changed:
                self._running.remove(talk)
                self._changed.notify_all()
                self._start()

    def _loaded(self, weights: Weights) -> Engine:
        with self._changed:
            if self._engine is not None and self._engine.weights == weights:
                return self._engine
            other, self._engine, self._turn = self._engine, None, weights
        if other is not None:
            other.close()
        self._begun = True
        engine = self._load(weights)
        with self._changed:
            self._engine = engine
            self._start()
        return engine


LINE = Line()
atexit.register(LINE.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LINE.forget)
