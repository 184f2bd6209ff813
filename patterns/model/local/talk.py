"""One answer while it is being written: from the thread of the engine to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from patterns.model.local.engine import Engine
from patterns.model.local.weights import Weights

Heard: TypeAlias = str | Exception | None
"""A chunk of the answer, what went wrong, or None at the end."""


class Talk:
    """A request on its way to the engine. `tell` is called on another thread; not any more once it was stopped."""

    def __init__(self, weights: Weights, body: str, tell: Callable[[Heard], None]) -> None:
        self.weights = weights
        self.wanted = True
        self._body = body
        self._tell = tell

    def run(self, engine: Engine) -> None:
        """Have it answered, which takes as long as it takes. One that was stopped while the model loaded is not."""
        if self.wanted:
            engine.chat(self._body, self._hear)
        self._say(None)

    def fail(self, error: Exception) -> None:
        self._say(error)

    def stop(self) -> None:
        """Give it up: nothing is begun, and what is being written ends with the next token or piece of the prompt."""
        self.wanted = False

    def _hear(self, chunk: str) -> bool:
        self._say(chunk)
        return not self.wanted

    def _say(self, heard: Heard) -> None:
        if self.wanted:
            self._tell(heard)
