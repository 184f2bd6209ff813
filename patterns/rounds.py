"""The rounds of tools within one call: the functions that the model calls are run, and it is told what they gave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Generic, TypeVar, cast

from patterns.calling import called
from patterns.errors import (
    BudgetExceeded,
    CallStopped,
    Invalid,
    ModelError,
    OutputError,
    ToolsCalled,
    ToolTurnsExceeded,
)
from patterns.events import ToolRan, emit
from patterns.exchange import Attempt, Choice, Mode, ToolRun
from patterns.judge import was_cut
from patterns.messages import Message, Thoughts, ToolCall
from patterns.model.policies.deadline import over
from patterns.model.steps import Steps
from patterns.model.trip import Deadline
from patterns.model.verdicts import DECLINED
from patterns.model.work import Job, Work
from patterns.plan import Plan
from patterns.sendable import sendable
from patterns.tools.errands import Errand, Toolbox, errands, numbered
from patterns.tools.running import job_of, undone

T = TypeVar("T")

_LATE = "it was not done when the time was up"
_ENDED = "the call was ended by another tool"


class Rounds(Generic[T]):
    """What the tools of one call have done so far: each run, and what was said, for the model to go on from."""

    def __init__(self, plan: Plan[T], toolbox: Toolbox) -> None:
        self._plan, self._box = plan, toolbox
        self._deadline = Deadline.starting(plan.deadline)
        self._number = 0
        self.runs: tuple[ToolRun, ...] = ()
        self.messages: tuple[Message, ...] = ()

    def wanted(self, choice: Choice, mode: Mode) -> bool:
        """Tell an answer that calls functions, or tools that there are not, and gives no value beside the calls."""
        if choice.refusal or choice.finish_reason in DECLINED or was_cut(choice):
            return False
        return any(map(self._box.answers, choice.tool_calls)) and not self._is_value(choice, mode)

    def answer(self, attempt: Attempt, choice: Choice, before: Sequence[Attempt]) -> Steps[tuple[Message, ...]]:
        """Run what is called for, side by side; give what was said in this round.

        Raises ToolTurnsExceeded after the last round, ToolsCalled when tools of the caller's were called too,
        DeadlineExceeded when the time is up first, and what a tool raised to end the call.
        """
        paid = (*before, attempt)
        if self._number >= self._box.turns:
            raise ToolTurnsExceeded(self._box.turns, choice.tool_calls, attempts=paid, raw_text=choice.text)
        self._number += 1
        calls = numbered(choice.tool_calls, (*self._plan.request.messages, *self.messages))
        ours, theirs = self._parted(calls, attempt)
        runs = yield from self._run(ours, paid)
        results = [Message("tool", sendable(_told(run)), tool_call_id=run.id) for run in runs]
        said = (asking(attempt, choice, [*(errand.call for errand in ours), *theirs]), *results)
        self.messages += said
        if theirs:
            raise ToolsCalled(theirs, attempts=paid, raw_text=choice.text)
        return said

    def _is_value(self, choice: Choice, mode: Mode) -> bool:
        """Tell a text that is the value itself, to the letter: what else was called for is moot then.

        Only JSON is told from words that lead up to the calls; of a text, or of code, nobody knows.
        """
        if self._plan.request.target is None or not choice.text.strip():
            return False
        try:
            self._plan.reader(mode).strict(choice.text)
        except OutputError:
            return False
        except Exception:  # of code that the type brings: that is for the judgement of answers
            return True
        return True

    def _parted(self, calls: Sequence[ToolCall], attempt: Attempt) -> tuple[list[Errand], tuple[ToolCall, ...]]:
        """Part the calls that are answered here from those that are the caller's to run."""
        ours = errands(self._box, [call for call in calls if self._box.answers(call)])
        others = [call for call in calls if not self._box.answers(call)]
        theirs, wrong = called(attempt.request, others, instead=True)
        if isinstance(wrong, Invalid):
            return [*ours, *(Errand(call, problem=wrong.message) for call in others)], ()
        return ours, theirs

    def _run(self, ours: Sequence[Errand], paid: Sequence[Attempt]) -> Steps[list[ToolRun]]:
        """Do what can be done, and account for each errand, in the order of the calls."""
        jobs = [self._job(errand) for errand in ours]
        work = Work(tuple(job for job in jobs if job is not None), self._deadline.left)
        if work.jobs and work.seconds > 0:
            yield work
        stopped = next(filter(None, (_stopped(job.done) for job in work.jobs)), None)
        runs = [self._account(errand, job, stopped) for errand, job in zip(ours, jobs, strict=True)]
        self.runs += tuple(runs)
        if stopped is not None:
            raise _carrying(stopped, paid)
        if late := [run.name for run in runs if run.error == _LATE]:
            who = f"the tool {', '.join(late)}"
            raise _carrying(over(self._plan.request.model, self._deadline, paid=False, who=who), paid)
        return runs

    def _job(self, errand: Errand) -> Job | None:
        if errand.function is None:
            return None
        return job_of(errand, errand.function, self._plan.pattern, self._number)

    def _account(self, errand: Errand, job: Job | None, stopped: BaseException | None) -> ToolRun:
        if job is None:
            run = undone(errand, self._number, errand.problem or "")
            emit(ToolRan(self._plan.pattern, run, refused=True))
            return run
        if _is_over(job.done) and not _stopped(job.done):
            return cast("ToolRun", job.done.result())
        if _stopped(job.done):
            return undone(errand, self._number, f"it ended the call with {type(stopped).__name__}")
        return undone(errand, self._number, _ENDED if stopped else _LATE)


def asking(attempt: Attempt, choice: Choice, calls: Sequence[ToolCall]) -> Message:
    """An answer that calls tools, as the model is given it back: with arguments that every provider can read."""
    thoughts = Thoughts(attempt.request.model, choice.thoughts) if choice.thoughts else None
    return Message("assistant", sendable(choice.text), tuple(map(_readable, calls)), thoughts=thoughts)


def _readable(call: ToolCall) -> ToolCall:
    """A call whose text is the JSON of its arguments; those that nobody could read are left out."""
    try:
        if isinstance(json.loads(call.raw or "-"), dict):
            return replace(call, raw=sendable(call.raw))
    except (ValueError, RecursionError):
        pass
    arguments = call.arguments or {}
    return replace(call, arguments=arguments, raw=json.dumps(arguments, ensure_ascii=False))


def _told(run: ToolRun) -> str:
    return run.output if run.error is None else f"error: {run.error}"


def _is_over(end: Future[object]) -> bool:
    """Whether a job came to an end by itself; one that was cancelled did not."""
    return end.done() and not isinstance(end.exception(), asyncio.CancelledError)


def _stopped(end: Future[object]) -> BaseException | None:
    """What a tool raised to end the call."""
    return end.exception() if _is_over(end) else None


def _carrying(error: BaseException, paid: Sequence[Attempt]) -> BaseException:
    """Hang on the error what was paid before; one of a call that the tool made itself brings what that one paid."""
    if isinstance(error, CallStopped | ModelError | OutputError | BudgetExceeded):
        error.attempts = (*paid, *error.attempts)
    return error
