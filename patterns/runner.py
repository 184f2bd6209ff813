"""The loop: ask, read the answer, and ask on until it is accepted or that is pointless."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from patterns.errors import (
    BudgetExceeded,
    ModelError,
    OutputError,
    PatternsError,
    ToolsCalled,
    total_cost,
    total_usage,
)
from patterns.events import Abandoned, Answered, Asked, Failed, Finished, Rejected, Repaired, Started, tell
from patterns.exchange import Attempt, Repair, Request, Response, Result
from patterns.judge import judge
from patterns.model.steps import Ask, Steps
from patterns.model.trip import Trip
from patterns.plan import Plan, Turn, Verdict
from patterns.turns import Course

if TYPE_CHECKING:
    from patterns.rounds import Rounds
    from patterns.tools.errands import Toolbox

T = TypeVar("T")


def run(plan: Plan[T], ask: Ask, trip: Trip) -> Steps[Result[T]]:
    """Ask until an answer is accepted, or raise with every attempt when asking on is pointless or used up."""
    started = time.perf_counter()
    tell(Started, plan.pattern, plan.request)
    try:
        result = yield from _loop(plan, ask, trip)
    except PatternsError as error:
        tell(Failed, plan.pattern, error, time.perf_counter() - started)
        raise
    except BaseException:
        tell(Abandoned, plan.pattern, time.perf_counter() - started)
        raise
    tell(Finished, plan.pattern, result, time.perf_counter() - started)
    return result


def _loop(plan: Plan[T], ask: Ask, trip: Trip) -> Steps[Result[T]]:
    if plan.toolbox is None:
        return _to_the_end(plan, ask, trip, None)
    return _with_tools(plan, plan.toolbox, ask, trip)


def _with_tools(plan: Plan[T], toolbox: Toolbox, ask: Ask, trip: Trip) -> Steps[Result[T]]:
    from patterns.rounds import Rounds  # most programs have no tools

    rounds = Rounds(plan, toolbox)
    try:
        result = yield from _to_the_end(plan, ask, trip, rounds)
    except ToolsCalled as error:
        error.tool_runs, error.messages = rounds.runs, (*rounds.messages, *error.messages)
        raise
    except PatternsError as error:
        error.tool_runs = rounds.runs
        raise
    theirs = tuple(call for call in result.tool_calls if not toolbox.answers(call))
    return replace(result, tool_calls=theirs, tool_runs=rounds.runs, tool_messages=rounds.messages)


def _to_the_end(plan: Plan[T], ask: Ask, trip: Trip, rounds: Rounds[T] | None) -> Steps[Result[T]]:
    attempts, course = trip.trail, Course(plan)
    turn = course.first()
    while True:
        response, seconds = yield from _ask(plan, turn.request, ask, trip)
        attempt = Attempt(response.request or turn.request, response, seconds=seconds)
        if rounds is not None and rounds.wanted(response.choices[0], turn.mode(attempt.request)):
            said = yield from rounds.answer(attempt, response.choices[0], attempts)
            attempts.append(attempt)
            turn = course.informed(turn, said)
            continue
        verdicts = _judged(plan, turn, attempt, attempts)
        if any(verdict.error is None for verdict in verdicts):
            return _accept(plan, turn, attempts, attempt, verdicts)
        verdict, wrong = verdicts[0], verdicts[0].error
        assert wrong is not None, "a verdict without an error was accepted"
        attempts.append(replace(attempt, problem=str(wrong), repairs=verdict.repairs))
        tell(Rejected, plan.pattern, attempts[-1])
        following = course.after(turn, attempt.request, verdict)
        if following is None:
            wrong.attempts, wrong.raw_text = tuple(attempts), verdict.text
            if isinstance(wrong, ToolsCalled):
                from patterns.rounds import asking

                wrong.messages = (asking(attempt, verdict.choice, wrong.tool_calls),)
            raise wrong
        turn = following


def _ask(plan: Plan[T], request: Request, ask: Ask, trip: Trip) -> Steps[tuple[Response, float]]:
    """Put one request; an error on the way carries what was paid before it."""
    tell(Asked, plan.pattern, request)
    started = time.perf_counter()
    try:
        response = yield from ask(request, trip)
    except (ModelError, OutputError) as error:
        last = error.attempts or (Attempt(request, None, error.message, seconds=time.perf_counter() - started),)
        error.attempts = (*trip.trail, *last)
        raise
    except BudgetExceeded as error:  # nothing left, but what was paid before
        error.attempts = (*trip.trail, *error.attempts)
        raise
    seconds = time.perf_counter() - started
    tell(Answered, plan.pattern, response, seconds)
    return response, seconds


def _judged(plan: Plan[T], turn: Turn, attempt: Attempt, before: Sequence[Attempt]) -> list[Verdict[T]]:
    """Judge every candidate. What was paid hangs on the error when the program's own code fails at one."""
    assert attempt.response is not None, "what is judged was answered"
    try:
        mode = turn.mode(attempt.request)
        return [judge(plan, turn, choice, mode) for choice in attempt.response.choices]
    except OutputError as error:
        error.attempts = (*before, replace(attempt, problem=error.message))
        error.raw_text = error.raw_text or attempt.response.choices[0].text
        raise


def _accept(
    plan: Plan[T], turn: Turn, before: Sequence[Attempt], last: Attempt, verdicts: Sequence[Verdict[T]]
) -> Result[T]:
    """Put the result together; candidates that could not be read are named among the repairs."""
    accepted = [v for v in verdicts if v.error is None]
    first = accepted[0]
    dropped = tuple(Repair("candidate dropped", before=str(v.error), cost=0) for v in verdicts if v.error)
    repairs = (*first.repairs, *dropped)
    if repairs:
        tell(Repaired, plan.pattern, repairs)
    attempts = (*before, replace(last, repairs=repairs) if repairs else last)
    assert last.response is not None, "an accepted attempt was answered"
    return Result(
        output=first.value,  # type: ignore[arg-type]
        attempts=attempts,
        usage=total_usage((*plan.shown.paid, *attempts)),
        cost=total_cost((*plan.shown.paid, *attempts)),
        repairs=repairs,
        candidates=tuple(v.value for v in accepted),  # type: ignore[misc]
        reasoning=first.choice.reasoning,
        tool_calls=first.choice.tool_calls,
        engine=last.response.engine,
        sources=last.response.sources,
        whole=first.text if turn.request.part else None,
        examples=plan.shown.examples,
    )
