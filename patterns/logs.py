"""Tells the story of calls to Python's logging, under the logger `patterns`, once somebody reads it.

One line for each call at INFO, retries, fallbacks and breakers at WARNING, each request at DEBUG. What was asked and
answered is told at DEBUG by `patterns.content`, and only with `configure(log_content=True)` or PATTERNS_LOG_CONTENT=1:
until then a failure is told by its kind and status alone, for a provider's words may quote a prompt. Keys are struck
out. PATTERNS_LOG=info (debug, warning, error) writes to stderr without any setting up.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import cast

from patterns.errors import BudgetExceeded, CircuitOpen, DeadlineExceeded, InputError, ModelError, PatternsError
from patterns.events import (
    Abandoned,
    Asked,
    BudgetRefused,
    CacheHit,
    CircuitChanged,
    Event,
    Failed,
    FellBack,
    Finished,
    Rejected,
    Retrying,
    SteppedDown,
    ToolRan,
    Tried,
    subscribe,
)
from patterns.exchange import Response, Usage
from patterns.ledger import dollars
from patterns.redact import redact
from patterns.settings import settings
from patterns.surroundings import State, state

ROOT = logging.getLogger("patterns")
ROOT.addHandler(logging.NullHandler())
CALLS, ATTEMPTS, RETRY, FALLBACK, MODES, BREAKER, BUDGET, CACHE, TOOLS, CONTENT = _CHILDREN = tuple(
    logging.getLogger(f"patterns.{name}")
    for name in ("calls", "attempts", "retry", "fallback", "modes", "breaker", "budget", "cache", "tools", "content")
)
_HANDLERS = attrgetter("handlers")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_OURS = BudgetExceeded | CircuitOpen | DeadlineExceeded
"""Errors whose words are our own, and quote nobody."""

_attending = False
_known: State | None = None
_handler: logging.Handler | None = None


def attend() -> None:
    """Begin to listen when somebody reads; costs a microsecond while nobody does.

    Raises InputError for a PATTERNS_LOG that is no level.
    """
    global _attending, _known
    if (now := state()) is not _known:
        _set_up(os.environ.get("PATTERNS_LOG", ""))
        _known = now
    if not _attending and _is_read():
        _attending = True
        subscribe(_hear)


def _is_read() -> bool:
    """Tell whether any handler but the empty one would see a line."""
    logger: logging.Logger | None = ROOT
    while logger is not None:
        for handler in logger.handlers:
            if not isinstance(handler, logging.NullHandler):
                return True
        logger = logger.parent if logger.propagate else None
    return any(map(_HANDLERS, _CHILDREN))


def _set_up(level: str) -> None:
    """Write to stderr at the level of PATTERNS_LOG, or no longer."""
    global _handler
    if level.lower() not in _LEVELS and level not in ("", "0"):
        raise InputError(f"PATTERNS_LOG must be one of {', '.join(_LEVELS)}, not {level!r}")
    if _handler is not None:
        ROOT.removeHandler(_handler)
        ROOT.setLevel(logging.NOTSET)
        _handler = None
    if level.lower() in _LEVELS:
        _handler = logging.StreamHandler(sys.stderr)
        _handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
        ROOT.addHandler(_handler)
        ROOT.setLevel(_LEVELS[level.lower()])


def _hear(event: Event) -> None:
    if (tell := _TELLERS.get(type(event))) is not None:
        tell(event)


def _say(logger: logging.Logger, level: int, line: str, **facts: object) -> None:
    """Write one line; the facts are attributes of the record, for whoever keeps logs as JSON."""
    logger.log(level, "%s", redact(line), extra={name: value for name, value in facts.items() if value is not None})


def _finished(event: Finished) -> None:
    if not CALLS.isEnabledFor(logging.INFO):
        return
    result = event.result
    tries, mends = len(result.attempts), sum(repair.cost > 0 for repair in result.repairs)
    words = [f"{event.pattern}: {result.model} answered in {event.seconds:.2f} s", _tokens(result.usage)]
    words.append("from the cache" if result.cached else _price(result.cost))
    words += [f"{tries} attempts"] if tries > 1 else []
    words += [f"{mends} mends" if mends > 1 else "1 mend"] if mends else []
    words += [f"{len(result.tool_runs)} tool runs"] if result.tool_runs else []
    facts = {"pattern": event.pattern, "model": result.model, "cost": result.cost, "seconds": event.seconds}
    _say(CALLS, logging.INFO, ", ".join(filter(None, words)), **facts, attempts=tries, mends=mends)


def _failed(event: Failed) -> None:
    if CALLS.isEnabledFor(logging.WARNING):
        words = f"{event.pattern}: failed after {event.seconds:.2f} s: {_why(event.error)}"
        _say(CALLS, logging.WARNING, words, pattern=event.pattern, error=type(event.error).__name__)


def _abandoned(event: Abandoned) -> None:
    if CALLS.isEnabledFor(logging.INFO):
        _say(CALLS, logging.INFO, f"{event.pattern}: given up after {event.seconds:.2f} s", pattern=event.pattern)


def _retrying(event: Retrying) -> None:
    if RETRY.isEnabledFor(logging.WARNING):
        words = f"{event.pattern}: {event.model} failed ({_why(event.error)}), retry {event.number}"
        _say(RETRY, logging.WARNING, f"{words} in {event.seconds:.1f} s", pattern=event.pattern, model=event.model)


def _fell_back(event: FellBack) -> None:
    if FALLBACK.isEnabledFor(logging.WARNING):
        words = f"{event.pattern}: {event.model} could not answer ({_why(event.error)}), {event.to} is asked"
        _say(FALLBACK, logging.WARNING, words, pattern=event.pattern, model=event.model, to=event.to)


def _stepped(event: SteppedDown) -> None:
    if MODES.isEnabledFor(logging.INFO):
        words = f"{event.pattern}: {event.model} does not take {event.mode} ({_why(event.error)}), {event.to} is tried"
        _say(MODES, logging.INFO, words, pattern=event.pattern, model=event.model, mode=event.mode, to=event.to)


def _changed(event: CircuitChanged) -> None:
    level = logging.WARNING if event.state in ("open", "paused") else logging.INFO
    if BREAKER.isEnabledFor(level):
        lasting = f" for {event.seconds:.1f} s" if event.seconds else ""
        words = f"the breaker of {event.model} at {event.host or 'its own host'} is {event.state}{lasting}"
        _say(BREAKER, level, words, model=event.model, host=event.host, state=event.state)


def _refused(event: BudgetRefused) -> None:
    if BUDGET.isEnabledFor(logging.WARNING):
        words = f"{event.pattern}: {event.model} was not asked: {_why(event.error)}"
        _say(BUDGET, logging.WARNING, words, pattern=event.pattern, model=event.model)


def _hit(event: CacheHit) -> None:
    if CACHE.isEnabledFor(logging.DEBUG):
        words = f"{event.pattern}: an answer of {event.request.model} came from the cache"
        _say(CACHE, logging.DEBUG, words, pattern=event.pattern, model=event.request.model)
    _content(event.pattern, "answer", event.response)


def _tried(event: Tried) -> None:
    if ATTEMPTS.isEnabledFor(logging.DEBUG):
        told = _counted(event.response) if event.error is None else _why(event.error)
        words = f"{event.pattern}: {event.request.model}, {event.seconds:.2f} s: {told}"
        _say(ATTEMPTS, logging.DEBUG, words, pattern=event.pattern, model=event.request.model, seconds=event.seconds)
    _content(event.pattern, "answer", event.response)


def _asked(event: Asked) -> None:
    if _tells_content():
        for message in event.request.messages:
            _say(CONTENT, logging.DEBUG, f"{event.pattern}: {message.role}: {message.text}", pattern=event.pattern)


def _rejected(event: Rejected) -> None:
    if ATTEMPTS.isEnabledFor(logging.DEBUG):
        why = f": {event.attempt.problem}" if settings().log_content else ""
        _say(ATTEMPTS, logging.DEBUG, f"{event.pattern}: the answer was not accepted{why}", pattern=event.pattern)


def _tool_ran(event: ToolRan) -> None:
    """One line a run; a ValueError is an answer to the model, any other error is trouble."""
    level = logging.DEBUG if event.error in (None, "ValueError") else logging.WARNING
    if TOOLS.isEnabledFor(level):
        ended = f"failed with {event.error}" if event.error else "ran"
        what = f"the tool {event.run.name} {ended}, {event.run.seconds:.2f} s"
        words = f"{event.pattern}: {'a call of a tool was refused' if event.refused else what}"
        _say(TOOLS, level, words, pattern=event.pattern, seconds=event.run.seconds)
    if _tells_content():
        run = event.run
        told = run.output if run.error is None else run.error
        _say(
            CONTENT, logging.DEBUG, f"{event.pattern}: tool {run.name}({run.arguments}): {told}", pattern=event.pattern
        )


def _content(pattern: str, what: str, response: Response | None) -> None:
    if response is not None and _tells_content():
        for choice in response.choices:
            _say(CONTENT, logging.DEBUG, f"{pattern}: {what}: {choice.text}", pattern=pattern)


def _tells_content() -> bool:
    return CONTENT.isEnabledFor(logging.DEBUG) and settings().log_content


def _why(error: PatternsError) -> str:
    """What went wrong, as far as it can be told without quoting anybody."""
    if settings().log_content or isinstance(error, _OURS):
        return error.message
    status = f" {error.status}" if isinstance(error, ModelError) and error.status else ""
    return f"{type(error).__name__}{status}"


def _counted(response: Response | None) -> str:
    if response is None:
        return ""
    return ", ".join(filter(None, (_tokens(response.usage), _price(response.cost))))


def _tokens(usage: Usage | None) -> str:
    if usage is None or not usage.total_tokens:
        return ""
    return f"{usage.input_tokens} + {usage.output_tokens} tokens{' (estimated)' if usage.estimated else ''}"


def _price(cost: float | None) -> str:
    return "cost unknown" if cost is None else dollars(cost)


_TELLERS = cast(
    "Mapping[type[Event], Callable[[Event], None]]",
    {
        Finished: _finished,
        Failed: _failed,
        Abandoned: _abandoned,
        Retrying: _retrying,
        FellBack: _fell_back,
        SteppedDown: _stepped,
        CircuitChanged: _changed,
        BudgetRefused: _refused,
        CacheHit: _hit,
        Tried: _tried,
        Asked: _asked,
        Rejected: _rejected,
        ToolRan: _tool_ran,
    },
)
