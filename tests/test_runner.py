"""The loop, driven by hand: no model, no network, every answer given by the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from patterns.errors import (
    CheckBroken,
    Invalid,
    OutputError,
    Refused,
    ToolsCalled,
    TransientError,
    Truncated,
    Unreadable,
)
from patterns.events import Answered, Asked, Event, Failed, Rejected, Started, listen
from patterns.exchange import Choice, Repair, Request, Response, Result, Usage
from patterns.messages import Message, Tool, ToolCall
from patterns.model.steps import Pause, Steps, ask
from patterns.model.trip import Trip
from patterns.plan import Check, Grown, Plan, Reader
from patterns.runner import run


def lenient(text: str) -> tuple[int, tuple[Repair, ...]]:
    try:
        stripped = text.strip("`")
        return int(stripped), (Repair("fence", before=text),) if stripped != text else ()
    except ValueError:
        raise Unreadable(f"no number in {text!r}") from None


def strict(text: str) -> tuple[int, tuple[Repair, ...]]:
    if not text.isdigit():
        raise Unreadable("not a bare number")
    return int(text), ()


def complain(answer: str, problems: Sequence[str]) -> list[Message]:
    return [Message("user", f"wrong: <answer>{answer}</answer> {problems}")]


def plan(*checks: Check[int], reasks: int = 2) -> Plan[int]:
    request = Request("some/model", (Message("user", "a number?"),))
    return Plan(
        "count",
        request,
        lambda mode: Reader(lenient, strict),
        complain,
        lambda mode: lambda piece: Grown(),
        checks,
        reasks,
    )


def bare(plan: Plan[int]) -> Steps[Result[int]]:
    """Run without any policies."""
    return run(plan, ask, Trip.starting(None))


def answer(*texts: str, finish: str | None = "stop", cost: float | None = 0.5) -> Response:
    return Response(tuple(Choice(t, finish) for t in texts), "some/model", Usage(10, 1), cost)


def finish(steps: Steps[Result[int]], *answers: Response) -> tuple[Result[int], list[Request]]:
    """Send the answers one by one and give the result with the requests that were made."""
    asked: list[Request] = []
    step = next(steps)
    try:
        for reply in answers:
            assert not isinstance(step, Pause)
            asked.append(step)
            step = steps.send(reply)
    except StopIteration as stop:
        return stop.value, asked
    raise AssertionError(f"the loop asks for more: {step}")


def test_a_good_answer_is_a_result() -> None:
    result, _ = finish(bare(plan()), answer("7"))
    assert (result.output, result.cost, result.usage, result.repairs) == (7, 0.5, Usage(10, 1), ())
    assert result.messages == (Message("user", "a number?"),)


def test_mends_are_on_the_result_and_on_the_attempt() -> None:
    result, _ = finish(bare(plan()), answer("```7```"))
    assert [r.kind for r in result.repairs] == ["fence"]
    assert result.attempts[0].repairs == result.repairs


def test_a_wrong_answer_goes_back_quoted_with_what_was_wrong() -> None:
    result, asked = finish(bare(plan()), answer("seven"), answer("7"))
    assert result.output == 7
    assert asked[1].messages[0] == asked[0].messages[0]
    assert asked[1].messages[1].content == "wrong: <answer>seven</answer> [\"no number in 'seven'\"]"
    assert result.cost == 1.0
    assert result.usage == Usage(20, 2)
    assert [a.problem is None for a in result.attempts] == [False, True]


def test_each_complaint_starts_from_the_first_messages() -> None:
    _, asked = finish(bare(plan()), answer("a"), answer("b"), answer("7"))
    assert [len(request.messages) for request in asked] == [1, 2, 2]


def test_a_check_speaks_to_the_model_in_its_own_words() -> None:
    def small(value: int) -> None:
        if value > 10:
            raise ValueError("it must be 10 at most")

    result, asked = finish(bare(plan(small)), answer("70"), answer("7"))
    assert result.output == 7
    assert "it must be 10 at most" in asked[1].messages[-1].content


def test_a_check_may_also_return_false() -> None:
    with pytest.raises(Invalid, match="the check even failed"):
        finish(bare(plan(even, reasks=0)), answer("7"))


def even(value: int) -> bool:
    return value % 2 == 0


def test_what_was_paid_is_kept_when_a_check_fails_by_itself() -> None:
    def careless(value: int) -> None:
        {}[value]  # type: ignore[index]

    with pytest.raises(CheckBroken, match="the check careless raised KeyError: 70") as caught:
        finish(bare(plan(careless)), answer("x"), answer("70"))
    assert isinstance(caught.value.__cause__, KeyError)
    assert [a.problem for a in caught.value.attempts] == ["no number in 'x'", caught.value.message]
    assert (caught.value.cost, caught.value.raw_text) == (1.0, "70")


def test_what_was_paid_is_kept_when_a_validator_fails_by_itself() -> None:
    def crash(text: str) -> tuple[int, tuple[Repair, ...]]:
        raise ZeroDivisionError

    with pytest.raises(CheckBroken, match="reading the answer raised ZeroDivisionError") as caught:
        finish(bare(plan()._replace(reader=lambda mode: Reader(crash, crash))), answer("7"))
    assert caught.value.cost == 0.5


def test_an_error_of_a_call_inside_a_check_is_no_objection() -> None:
    def asks_another(value: int) -> None:
        raise TransientError("the judge is out")

    with pytest.raises(CheckBroken) as caught:
        finish(bare(plan(asks_another)), answer("7"))
    assert isinstance(caught.value.__cause__, TransientError)


def test_a_wrong_role_is_taken_for_the_assistant_s_and_flagged() -> None:
    result, _ = finish(bare(plan()), Response((Choice("7", role="user"),), "m"))
    assert result.output == 7
    assert [(r.kind, r.before) for r in result.repairs] == [("wrong role", "user")]


def test_the_same_wrong_answer_ends_the_loop_early() -> None:
    with pytest.raises(OutputError) as caught:
        finish(bare(plan(reasks=5)), answer("seven"), answer(" seven "))
    assert len(caught.value.attempts) == 2
    assert "same wrong answer" in caught.value.hint


def test_after_the_last_try_the_error_holds_every_attempt_and_its_cost() -> None:
    with pytest.raises(Unreadable) as caught:
        finish(bare(plan(reasks=1)), answer("a"), answer("b"))
    texts = [a.response.choices[0].text for a in caught.value.attempts if a.response]
    assert (texts, caught.value.cost, caught.value.raw_text) == (["a", "b"], 1.0, "b")


def test_a_truncated_answer_is_neither_read_nor_asked_again() -> None:
    with pytest.raises(Truncated) as caught:
        finish(bare(plan()), answer("7", finish="length"))
    assert caught.value.raw_text == "7"
    assert caught.value.cost == 0.5


def test_a_refusal_is_neither_read_nor_asked_again() -> None:
    refusal = Response((Choice("", "stop", refusal="I will not"),), "m")
    with pytest.raises(Refused, match="I will not"):
        finish(bare(plan()), refusal)
    with pytest.raises(Refused):
        finish(bare(plan()), answer("", finish="content_filter"))


def test_an_unknown_finish_reason_is_read_strictly_and_flagged() -> None:
    result, _ = finish(bare(plan()), answer("7", finish="eos_maybe"))
    assert [(r.kind, r.before) for r in result.repairs] == [("unknown finish reason", "eos_maybe")]
    with pytest.raises(Unreadable, match="not a bare number"):
        finish(bare(plan(reasks=0)), answer("`7`", finish="eos_maybe"))


def test_candidates_that_cannot_be_read_are_named() -> None:
    result, _ = finish(bare(plan()), answer("none", "7", "8"))
    assert (result.output, result.candidates) == (7, (7, 8))
    assert [(r.kind, r.before) for r in result.repairs] == [("candidate dropped", "no number in 'none'")]


def test_a_call_of_the_users_tools_is_handed_over() -> None:
    call = ToolCall("1", "look_up", {"q": "x"})
    with pytest.raises(ToolsCalled) as caught:
        finish(bare(with_tools(plan())), calling(call))
    assert caught.value.tool_calls == (call,)


def test_a_call_of_a_tool_that_there_is_not_is_a_wrong_answer() -> None:
    result, asked = finish(bare(with_tools(plan())), calling(ToolCall("1", "lookup", {})), answer("7"))
    assert result.output == 7
    assert "no tool is called lookup: there is look_up" in asked[1].messages[-1].content


def test_arguments_of_a_call_are_mended_or_asked_for_again() -> None:
    with pytest.raises(ToolsCalled) as caught:
        finish(bare(with_tools(plan())), calling(ToolCall("1", "look_up", None, "{'q': 'x',}")))
    assert caught.value.tool_calls[0].arguments == {"q": "x"}
    result, asked = finish(bare(with_tools(plan())), calling(ToolCall("1", "look_up", None, "no idea")), answer("7"))
    assert result.output == 7
    assert "look_up: its arguments cannot be read" in asked[1].messages[-1].content


def with_tools(made: Plan[int]) -> Plan[int]:
    tool = Tool("look_up", "", {"type": "object", "properties": {"q": {"type": "string"}}})
    return made._replace(request=replace(made.request, tools=(tool,)))


def calling(*calls: ToolCall) -> Response:
    return Response((Choice("", "tool_calls", tool_calls=calls),), "m")


def test_an_error_on_the_way_keeps_what_was_paid_before_it() -> None:
    steps = bare(plan())
    next(steps)
    steps.send(answer("seven"))
    with pytest.raises(TransientError) as caught:
        steps.throw(TransientError("gone"))
    assert caught.value.cost == 0.5


def test_hooks_hear_the_whole_story() -> None:
    heard: list[Event] = []
    with listen(heard.append), pytest.raises(Unreadable):
        finish(bare(plan(reasks=0)), answer("x"))
    assert [type(e) for e in heard] == [Started, Asked, Answered, Rejected, Failed]


def test_one_unknown_price_makes_the_cost_unknown() -> None:
    result, _ = finish(bare(plan()), answer("seven", cost=None), answer("7"))
    assert result.cost is None


def test_a_plan_is_not_changed_by_running_it() -> None:
    first = plan()
    before = first._replace()
    finish(bare(first), answer("seven"), answer("7"))
    assert first == before
    assert len(first.request.messages) == 1
