"""The judgement of one candidate: whether it is over, whether it can be read, whether the checks agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, cast

from patterns.calling import called
from patterns.errors import CheckBroken, Invalid, OutputError, PatternsError, Problem, Refused, ToolsCalled, Truncated
from patterns.exchange import Choice, Mode, Repair
from patterns.messages import ToolCall
from patterns.model.verdicts import DECLINED
from patterns.plan import Check, Plan, Turn, Verdict

T = TypeVar("T")

_FINISHED = frozenset({"stop", "end_turn", "stop_sequence", "tool_calls", "function_call", "tool_use"})
_CUT = frozenset({"length", "max_tokens"})
_KNOWN = _FINISHED | _CUT
_LIMIT = "raise max_tokens, or ask for less; the text so far is in .raw_text"


def was_cut(choice: Choice) -> bool:
    """Tell an answer that the provider cut off."""
    return choice.finish_reason in _CUT


def judge(plan: Plan[T], turn: Turn, choice: Choice, mode: Mode) -> Verdict[T]:
    """Read one candidate of an answer in a mode. Its finish reason is looked at before its text.

    Raises `CheckBroken`, from the error itself, when the program's own code fails at it.
    """
    if choice.refusal or choice.finish_reason in DECLINED:
        return Verdict(choice, choice.text, error=_refused(choice))
    if choice.tool_calls and not was_cut(choice):
        choice, decided = _calls(plan, choice)
        if decided is not None:
            return decided
    try:
        whole = turn.whole(choice.text)
    except OutputError as error:
        return Verdict(choice, choice.text, error=error)
    if was_cut(choice) and not (plan.seam and plan.seam.over(whole.text)):
        return Verdict(choice, whole.text, error=Truncated("the answer was cut off at the token limit", hint=_LIMIT))
    verdict = _read(plan, choice, whole.text, mode)
    before = (*whole.repairs, *_oddities(choice))
    return verdict._replace(repairs=(*before, *verdict.repairs)) if before else verdict


def _read(plan: Plan[T], choice: Choice, text: str, mode: Mode) -> Verdict[T]:
    known, reader = choice.finish_reason in _KNOWN, plan.reader(mode)
    try:
        value, repairs = (reader.lenient if known else reader.strict)(text)
    except OutputError as error:
        if not known:
            error.advise(f"it ended for an unknown reason, {choice.finish_reason!r}, so that it was read strictly")
        return Verdict(choice, text, error=error)
    except PatternsError:
        raise
    except Exception as error:
        raise _broken("reading the answer", error) from error
    if plan.checks and (problems := _objections(plan.checks, value)):
        wrong = Invalid("; ".join(str(p) for p in problems), errors=problems)
        return Verdict(choice, text, value, repairs, wrong)
    return Verdict(choice, text, value, repairs)


def _oddities(choice: Choice) -> tuple[Repair, ...]:
    """What is odd about an answer that may be good all the same."""
    if choice.finish_reason in _FINISHED and choice.role == "assistant":
        return ()
    odd: list[Repair] = []
    if was_cut(choice):
        odd.append(Repair("cut behind the answer", before=str(choice.finish_reason), cost=0))
    elif choice.finish_reason not in _FINISHED:
        odd.append(Repair("unknown finish reason", before=str(choice.finish_reason), cost=0))
    if choice.role != "assistant":
        odd.append(Repair("wrong role", before=choice.role, after="assistant", cost=0))
    return tuple(odd)


def _refused(choice: Choice) -> Refused:
    hint = "reword the input, or ask another model; the same request will be declined again"
    return Refused(f"the model declined: {choice.refusal or choice.finish_reason}", hint=hint)


def _calls(plan: Plan[T], choice: Choice) -> tuple[Choice, Verdict[T] | None]:
    """Judge the calls of a candidate, where they matter: in the place of its text, or beside a text that is one.

    Calls in the place of a text are the answer then; where a value was wanted, they are handed to the caller.
    """
    silent = not choice.text.strip()
    if not silent and not plan.answers_in_text:
        return choice, None
    calls, error = called(plan.request, choice.tool_calls, instead=not plan.answers_in_text)
    choice = replace(choice, tool_calls=calls)
    if error is not None:
        said = [choice.text] if isinstance(error, ToolsCalled) else [choice.text, *map(_written, calls)]
        return choice, Verdict(choice, "\n".join(said).strip(), error=error)
    return choice, Verdict(choice, choice.text, cast("T", "")) if silent else None


def _written(call: ToolCall) -> str:
    return f"{call.name}({call.raw})"


def _objections(checks: Sequence[Check[T]], value: T) -> tuple[Problem, ...]:
    """Ask every check; each may object in its own words, and name the places."""
    objections: list[Problem] = []
    for check in checks:
        name = getattr(check, "__name__", "given")
        try:
            if check(value) is False:
                objections.append(Problem("$", f"the check {name} failed"))
        except Invalid as objection:
            objections.extend(objection.errors or (Problem("$", objection.message),))
        except PatternsError as error:
            raise _broken(f"the check {name}", error) from error
        except (ValueError, AssertionError) as objection:
            objections.append(Problem("$", str(objection) or f"the check {name} failed"))
        except Exception as error:
            raise _broken(f"the check {name}", error) from error
    return tuple(objections)


def _broken(what: str, error: Exception) -> CheckBroken:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return CheckBroken(
        f"{what} raised {said}",
        hint="a check says no with ValueError; any other error is taken for a fault of the program",
    )
