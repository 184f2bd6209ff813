"""What happens during a call, as frozen events, and the hooks that hear them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeAlias

from patterns.errors import PatternsError
from patterns.exchange import Attempt, Repair, Request, Response
from patterns.messages import Message

_log = logging.getLogger("patterns.events")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request is about to leave."""

    pattern: str
    request: Request


@dataclass(frozen=True, slots=True)
class Answered:
    """A response came back after `seconds`."""

    pattern: str
    response: Response
    seconds: float


@dataclass(frozen=True, slots=True)
class Repaired:
    """An answer was read with these mends."""

    pattern: str
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """An answer was not accepted; the model may be asked again."""

    pattern: str
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Failed:
    """The call ends with an error."""

    pattern: str
    error: PatternsError


@dataclass(frozen=True, slots=True)
class Dropped:
    """A conversation let go of these messages: they were too old, or more than its history may hold.

    `at` is when, in seconds of the conversation's clock.
    """

    reason: Literal["age", "tokens"]
    messages: tuple[Message, ...]
    at: float


Event: TypeAlias = Asked | Answered | Repaired | Rejected | Failed | Dropped
Hook: TypeAlias = Callable[[Event], object]

_hooks: ContextVar[tuple[Hook, ...]] = ContextVar("patterns_hooks", default=())


@contextmanager
def listen(hook: Hook) -> Iterator[None]:
    """Call `hook` with every event of this task or thread. An error in a hook is logged, never raised."""
    token = _hooks.set((*_hooks.get(), hook))
    try:
        yield
    finally:
        _hooks.reset(token)


def emit(event: Event) -> None:
    """Tell all hooks."""
    for hook in _hooks.get():
        try:
            hook(event)
        except Exception:
            _log.exception("a hook failed on %s", type(event).__name__)
