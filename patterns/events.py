"""What happens during a call, as frozen events, and the hooks that hear them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, ParamSpec, TypeAlias

from patterns.errors import PatternsError
from patterns.exchange import Attempt, Mode, Repair, Request, Response, Result, ToolRun
from patterns.messages import Message, ToolCall

P = ParamSpec("P")

_log = logging.getLogger("patterns.events")


@dataclass(frozen=True, slots=True)
class Started:
    """A call of a pattern begins, with the first request that it would make."""

    pattern: str
    request: Request


@dataclass(frozen=True, slots=True)
class Finished:
    """A call of a pattern ended well, after `seconds` in all. Others end with `Failed` or `Abandoned`."""

    pattern: str
    result: Result[object]
    seconds: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A request left for a model and was answered, or failed with `error`; retries are tries of their own."""

    pattern: str
    request: Request
    response: Response | None
    error: PatternsError | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Retrying:
    """A try failed with `error`; the same request goes out again after `seconds`. `number` counts from 1."""

    pattern: str
    model: str
    number: int
    seconds: float
    error: PatternsError


@dataclass(frozen=True, slots=True)
class FellBack:
    """`model` could not answer, for the reason that `error` gives; `to` is asked instead."""

    pattern: str
    model: str
    to: str
    error: PatternsError


@dataclass(frozen=True, slots=True)
class SteppedDown:
    """`model` does not take a shape that is asked for in `mode`, as `error` says; it is asked again in `to`."""

    pattern: str
    model: str
    mode: Mode
    to: Mode
    error: PatternsError


@dataclass(frozen=True, slots=True)
class CacheHit:
    """A request was answered from the cache, and did not leave."""

    pattern: str
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class CircuitChanged:
    """The breaker of a model at a host changed its state; an open one stays so for `seconds`."""

    model: str
    host: str
    state: Literal["closed", "open", "paused", "half-open"]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class BudgetRefused:
    """A request was not sent, for it might have cost more than is left."""

    pattern: str
    model: str
    error: PatternsError


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
class ToolStarted:
    """A function that the model called begins to run; told where it runs, in its own thread or task."""

    pattern: str
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolRan:
    """A function that the model called has ended, told where it ran; `error` is the kind of what it raised.

    With `refused` the call could not be answered by any function, and nothing was run.
    """

    pattern: str
    run: ToolRun
    error: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The call ends with an error, after `seconds` in all."""

    pattern: str
    error: PatternsError
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The call was cancelled or interrupted, or code of the program's own failed in it, after `seconds` in all."""

    pattern: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A conversation let go of these messages: they were too old, or more than its history may hold.

    `at` is when, in seconds of the conversation's clock.
    """

    reason: Literal["age", "tokens"]
    messages: tuple[Message, ...]
    at: float


Event: TypeAlias = (
    Started
    | Finished
    | Tried
    | Retrying
    | FellBack
    | SteppedDown
    | CacheHit
    | CircuitChanged
    | BudgetRefused
    | Asked
    | Answered
    | Repaired
    | Rejected
    | ToolStarted
    | ToolRan
    | Failed
    | Abandoned
    | Dropped
)
Hook: TypeAlias = Callable[[Event], object]

_hooks: ContextVar[tuple[Hook, ...]] = ContextVar("patterns_hooks", default=())
_everywhere: tuple[Hook, ...] = ()
_lock = threading.Lock()


@contextmanager
def listen(hook: Hook) -> Iterator[None]:
    """Call `hook` with every event of this task or thread. An error in a hook is logged, never raised."""
    token = _hooks.set((*_hooks.get(), hook))
    try:
        yield
    finally:
        _hooks.reset(token)


def subscribe(hook: Hook) -> Callable[[], None]:
    """Call `hook` with every event of this process, in the thread where it happens; give what ends that."""
    global _everywhere
    with _lock:
        _everywhere = (*_everywhere, hook)

    def end() -> None:
        global _everywhere
        with _lock:
            _everywhere = tuple(other for other in _everywhere if other is not hook)

    return end


def heard() -> bool:
    """Tell whether anybody listens: events that are dear to make need not be made for nobody."""
    return bool(_everywhere or _hooks.get())


def tell(kind: Callable[P, Event], *fields: P.args, **named: P.kwargs) -> None:
    """Make an event of its fields and emit it, if anybody listens: of what every call has to tell, nothing is made for
    nobody.
    """
    if _everywhere or _hooks.get():
        emit(kind(*fields, **named))


def emit(event: Event) -> None:
    """Tell all hooks."""
    for hook in (*_everywhere, *_hooks.get()):
        try:
            hook(event)
        except Exception:
            _log.exception("a hook failed on %s", type(event).__name__)
