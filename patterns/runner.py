"""The loop: ask, read the answer, and send back what was wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar, cast

from patterns.errors import (
    Invalid,
    ModelError,
    OutputError,
    PatternsError,
    Problem,
    Refused,
    ToolsCalled,
    Truncated,
    total_cost,
    total_usage,
)
from patterns.events import Answered, Asked, Failed, Rejected, Repaired, emit
from patterns.exchange import Attempt, Choice, Repair, Request, Response, Result
from patterns.messages import Message
from patterns.model.steps import Ask, Steps

T = TypeVar("T")

Check: TypeAlias = Callable[[T], object]
"""Says no by raising ValueError (or AssertionError) with words for the model, or by returning False."""

_FINISHED = frozenset({"stop", "end_turn", "stop_sequence", "tool_calls", "function_call", "tool_use"})
_CUT = frozenset({"length", "max_tokens"})
_FILTERED = frozenset({"content_filter", "safety", "refusal"})


Grow: TypeAlias = Callable[[], Callable[[str], "Grown[T]"]]
"""Starts a growing reading: a function that takes the next piece of the text and tells what it brought."""


@dataclass(frozen=True, slots=True)
class Grown(Generic[T]):
    """The value so far, None while there is none, and the items of a list that have closed since the last piece."""

    value: T | None = None
    items: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """How a plan reads one answer: the lenient way, and the strict one for answers that may not be whole."""

    lenient: Callable[[str], tuple[T, tuple[Repair, ...]]]
    strict: Callable[[str], tuple[T, tuple[Repair, ...]]]


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """One call, ready to run: the first request, how to read its answers, and how to ask again."""

    pattern: str
    request: Request
    reader: Reader[T]
    complain: Callable[[str, Sequence[str]], Sequence[Message]]
    grow: Grow[T]
    checks: tuple[Check[T], ...] = ()
    reasks: int = 2
    answers_in_text: bool = False


@dataclass(frozen=True, slots=True)
class Verdict(Generic[T]):
    """What one candidate came to: a value with its mends, or the error it failed with."""

    choice: Choice
    value: T | None = None
    repairs: tuple[Repair, ...] = ()
    error: OutputError | None = None


Stack: TypeAlias = Callable[[list[Attempt]], Ask]
"""Puts the policies of one call together; those that swallow a failed try append it to the list of attempts."""


def run(plan: Plan[T], stack: Stack) -> Steps[Result[T]]:
    """Ask until an answer is accepted, `reasks` times more at most, or raise with every attempt."""
    attempts: list[Attempt] = []
    request, seen, ask, wrong = plan.request, set[str](), stack(attempts), 0
    try:
        while True:
            response, seconds = yield from _ask(plan, request, ask, attempts)
            asked = response.request or request
            verdicts = [_judge(plan, choice) for choice in response.choices]
            if any(v.error is None for v in verdicts):
                return _accept(plan, attempts, Attempt(asked, response, seconds=seconds), verdicts)
            verdict, error = verdicts[0], verdicts[0].error
            assert error is not None, "a verdict without an error was accepted"
            attempts.append(Attempt(asked, response, str(error), verdict.repairs, seconds))
            emit(Rejected(plan.pattern, attempts[-1]))
            wrong += 1
            if _hopeless(error, request, verdict.choice.text, seen) or wrong > plan.reasks:
                error.attempts, error.raw_text = tuple(attempts), verdict.choice.text
                raise error
            request = _again(plan, verdict.choice.text, error)
    except PatternsError as error:
        emit(Failed(plan.pattern, error))
        raise


def _ask(plan: Plan[T], request: Request, ask: Ask, attempts: Sequence[Attempt]) -> Steps[tuple[Response, float]]:
    """Put one request; an error on the way carries what was paid before it."""
    emit(Asked(plan.pattern, request))
    started = time.perf_counter()
    try:
        response = yield from ask(request)
    except (ModelError, OutputError) as error:
        last = error.attempts or (Attempt(request, None, error.message, seconds=time.perf_counter() - started),)
        error.attempts = (*attempts, *last)
        raise
    seconds = time.perf_counter() - started
    emit(Answered(plan.pattern, response, seconds))
    return response, seconds


def _judge(plan: Plan[T], choice: Choice) -> Verdict[T]:
    """Read one candidate. Its finish reason is looked at before its text."""
    if error := _unfinished(plan, choice):
        return Verdict(choice, error=error)
    if choice.tool_calls and not choice.text.strip():
        return Verdict(choice, cast("T", ""))  # a text without words: the calls are the answer
    known = choice.finish_reason in _FINISHED
    try:
        value, repairs = (plan.reader.lenient if known else plan.reader.strict)(choice.text)
    except OutputError as error:
        if not known:
            error.advise(f"it ended for an unknown reason, {choice.finish_reason!r}, so that it was read strictly")
        return Verdict(choice, error=error)
    if not known:
        repairs = (*repairs, Repair("unknown finish reason", before=str(choice.finish_reason), cost=0))
    if problems := _objections(plan.checks, value):
        return Verdict(choice, value, repairs, Invalid("; ".join(str(p) for p in problems), errors=problems))
    return Verdict(choice, value, repairs)


def _unfinished(plan: Plan[T], choice: Choice) -> OutputError | None:
    """Tell an answer that was cut, refused, or given up for a tool call from one that can be read."""
    if choice.finish_reason in _CUT:
        hint = "raise max_tokens, or ask for less; the text so far is in .raw_text"
        return Truncated("the answer was cut off at the token limit", hint=hint)
    if choice.refusal or choice.finish_reason in _FILTERED:
        hint = "reword the input, or ask another model; the same request will be declined again"
        return Refused(f"the model declined: {choice.refusal or choice.finish_reason}", hint=hint)
    if choice.tool_calls and not plan.answers_in_text and not choice.text.strip():
        return ToolsCalled(choice.tool_calls)
    return None


def _objections(checks: Sequence[Check[T]], value: T) -> tuple[Problem, ...]:
    """Ask every check; each may object in its own words."""
    objections = []
    for check in checks:
        try:
            if check(value) is False:
                objections.append(Problem("$", f"the check {getattr(check, '__name__', 'given')} failed"))
        except (ValueError, AssertionError) as objection:
            objections.append(Problem("$", str(objection) or f"the check {getattr(check, '__name__', 'given')} failed"))
    return tuple(objections)


def _accept(plan: Plan[T], before: Sequence[Attempt], last: Attempt, verdicts: Sequence[Verdict[T]]) -> Result[T]:
    """Put the result together; candidates that could not be read are named among the repairs."""
    accepted = [v for v in verdicts if v.error is None]
    first = accepted[0]
    dropped = tuple(Repair("candidate dropped", before=str(v.error), cost=0) for v in verdicts if v.error)
    repairs = (*first.repairs, *dropped)
    if repairs:
        emit(Repaired(plan.pattern, repairs))
    attempts = (*before, replace(last, repairs=repairs))
    assert last.response is not None, "an accepted attempt was answered"
    return Result(
        output=first.value,  # type: ignore[arg-type]
        attempts=attempts,
        usage=total_usage(attempts),
        cost=total_cost(attempts),
        repairs=repairs,
        candidates=tuple(v.value for v in accepted),  # type: ignore[misc]
        reasoning=first.choice.reasoning,
        tool_calls=first.choice.tool_calls,
        engine=last.response.engine,
        sources=last.response.sources,
    )


def _hopeless(error: OutputError, request: Request, text: str, seen: set[str]) -> bool:
    """Tell whether asking again is pointless: a cut or refused answer, a deaf engine, the same answer again."""
    if isinstance(error, Truncated | Refused | ToolsCalled) or request.model == "rules":
        return True
    normal = " ".join(text.split())
    if normal in seen:
        error.advise("the model gave the same wrong answer again; an example or another model may help")
        return True
    seen.add(normal)
    return False


def _again(plan: Plan[T], text: str, error: OutputError) -> Request:
    """Ask anew: the first messages, then the faulty answer quoted as data with what was wrong in it."""
    problems = [error.message]
    if isinstance(error, Invalid) and error.errors:
        problems = [problem.message if problem.path == "$" else str(problem) for problem in error.errors]
    return replace(plan.request, messages=(*plan.request.messages, *plan.complain(text, problems)))
