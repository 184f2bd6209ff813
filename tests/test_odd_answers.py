"""Odd answers of providers, through a whole pattern over real HTTP: what the caller gets, and what was paid for it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import Tool, complete, extract
from patterns.errors import (
    CheckBroken,
    ContextOverflow,
    Invalid,
    ModelError,
    OutputError,
    ToolsCalled,
    TransientError,
    Truncated,
)
from patterns.pattern import Pattern
from tests.faultserver import Answer, FaultServer

SEARCH = Tool("search", "Search the web.", {"type": "object", "properties": {"query": {"type": "string"}}})
GOOD = '{"name": "Jo", "age": 35}'
WIRES = ("openai", "anthropic")


class Person(BaseModel):
    name: str
    age: int


def person(
    faults: FaultServer, model: str = "plain-model", wire: str = "openai", **options: Any
) -> Pattern[..., Person]:
    base = faults.api_base if wire == "openai" else faults.root
    return extract.into(Person).with_options(
        **{"model": f"{wire}/{model}", "api_base": base, "mode": "prompted", "retries": 0, "timeout": 10, **options}
    )


# rows 11 to 13: streams that end badly


@pytest.mark.parametrize(("fault", "kind"), [("s-nodone", Truncated), ("s-done", Truncated), ("s-err", TransientError)])
@pytest.mark.parametrize("wire", WIRES)
def test_a_stream_without_a_clean_end_is_no_answer_and_keeps_its_text(
    faults: FaultServer, fault: str, kind: type[Exception], wire: str
) -> None:
    with pytest.raises(kind) as caught:
        list(person(faults, fault, wire).stream("Jo is 35."))
    assert isinstance(caught.value, ModelError | OutputError)
    assert caught.value.raw_text == '{"name": "Jo"}'
    assert faults.calls == len(caught.value.attempts) == 1
    assert caught.value.usage.output_tokens > 0
    assert caught.value.usage.estimated or wire == "anthropic", "where nobody counted, the count is ours"


# row 19: unknown finish reasons


def test_an_unknown_finish_reason_passes_with_a_whole_answer_and_is_flagged(faults: FaultServer) -> None:
    faults.script([Answer(GOOD, finish="eaten"), Answer(GOOD[:-1], finish="eaten"), Answer(GOOD)])
    result = person(faults).run("Jo is 35.")
    assert [(mend.kind, mend.before) for mend in result.repairs] == [("unknown finish reason", "eaten")]
    assert person(faults)("Jo is 35.").age == 35
    assert faults.calls == 3, "half an answer is asked for again"


# row 20: no usage


@pytest.mark.parametrize("stream", [False, True])
def test_missing_usage_is_estimated_on_the_result(faults: FaultServer, stream: bool) -> None:
    faults.script([Answer(GOOD, usage=False)] * 2)
    if stream:
        list(person(faults).stream("Jo is 35."))
    result = person(faults).run("Jo is 35.")
    assert result.usage.estimated
    assert 8 <= result.usage.output_tokens <= 14
    assert result.usage.input_tokens > 100
    assert result.cost is None


# row 21: a wrong role


def test_a_wrong_role_is_flagged_and_never_sent_as_the_user_s(faults: FaultServer) -> None:
    faults.script([Answer("nothing", role="user"), Answer(GOOD, role="user")])
    result = person(faults).run("Jo is 35.")
    assert result.output.age == 35
    assert [(mend.kind, mend.before) for mend in result.repairs] == [("wrong role", "user")]
    faults.reset()
    faults.script(
        [Answer('[{"name": "Jo", "age": 35}, {"na', role="user", finish="length"), ', {"name": "Al", "age": 4}]']
    )
    people = person(faults).into(list[Person])("Jo is 35, Al is 4.")
    assert [one.age for one in people] == [35, 4]
    assert [message["role"] for message in faults.bodies[1]["messages"]][-2:] == ["assistant", "user"]


# row 22: calls of tools


def tooled(faults: FaultServer, wire: str = "openai", **options: Any) -> Pattern[..., Person]:
    return person(faults, wire=wire, mode="tools", **options)


def test_arguments_of_the_answering_call_are_mended(faults: FaultServer) -> None:
    faults.script([Answer(None, tool_calls=[("Person", "{'name': 'Jo', 'age': 35,}")])])
    result = tooled(faults).run("Jo is 35.")
    assert result.output == Person(name="Jo", age=35)
    assert result.repairs, "and the mends are told"
    assert faults.calls == 1


def test_arguments_that_cannot_be_read_are_asked_for_again(faults: FaultServer) -> None:
    faults.script([Answer(None, tool_calls=[("Person", "Jo, I think")]), Answer(GOOD)])
    result = tooled(faults).run("Jo is 35.")
    assert (result.output.age, faults.calls) == (35, 2)
    assert "Jo, I think" in str(faults.bodies[1]["messages"][-1])


@pytest.mark.parametrize("wire", WIRES)
def test_a_call_of_an_unknown_name_is_a_wrong_answer(faults: FaultServer, wire: str) -> None:
    faults.script([Answer(None, tool_calls=[("Preson", GOOD)]), Answer(GOOD)])
    result = tooled(faults, wire).run("Jo is 35.")
    assert result.output.age == 35
    assert "no tool is called Preson: there is Person" in str(faults.bodies[1]["messages"][-1])
    assert result.attempts[0].problem == "no tool is called Preson: there is Person"


def test_several_answering_calls_are_one_answer_only_where_they_agree(faults: FaultServer) -> None:
    same, other = ("Person", GOOD), ("Person", '{"name": "Al", "age": 4}')
    faults.script([Answer(None, tool_calls=[same, same])])
    assert tooled(faults)("Jo is 35.").age == 35
    faults.reset()
    faults.script([Answer(None, tool_calls=[same, other]), Answer(GOOD)])
    assert tooled(faults)("Jo is 35.").age == 35
    assert faults.calls == 2, "of two answers none is taken by chance"
    assert "could be {'name': 'Al'" in faults.bodies[1]["messages"][-1]["content"]


def test_calls_of_the_caller_s_tools_come_mended_and_all(faults: FaultServer) -> None:
    faults.script([Answer(None, tool_calls=[("search", "{query: 'cats'}"), ("search", '{"query": "dogs"}')])])
    with pytest.raises(ToolsCalled) as caught:
        tooled(faults, tools=[SEARCH])("Jo is 35.")
    assert [call.arguments for call in caught.value.tool_calls] == [{"query": "cats"}, {"query": "dogs"}]


@pytest.mark.parametrize("wire", WIRES)
def test_a_call_that_cannot_be_read_is_asked_for_again_and_then_an_error(faults: FaultServer, wire: str) -> None:
    with pytest.raises(Invalid, match="its arguments cannot be read") as caught:
        person(faults, "badcall", wire, tools=[SEARCH])("Jo is 35.")
    assert faults.calls == len(caught.value.attempts) == 2, "the same bad call again ends it"


def test_a_text_may_end_in_calls_and_these_are_judged_too(faults: FaultServer) -> None:
    faults.script([Answer("I will look.", tool_calls=[("surch", "{}")]), Answer("Here.")])
    pattern = complete.with_options(model="openai/plain-model", api_base=faults.api_base, tools=[SEARCH], retries=0)
    result = pattern.run("Find cats.")
    assert (result.output, faults.calls) == ("Here.", 2)


# row 26: more than the model can read


def test_a_context_that_is_too_long_is_asked_once_and_kept_whole(faults: FaultServer) -> None:
    text = "Jo is 35. " * 200
    with pytest.raises(ContextOverflow) as caught:
        person(faults, "ctx", retries=3)(text)
    assert faults.calls == 1
    assert text.strip() in str(faults.bodies[0]["messages"]), "nothing of the input is left out"
    assert "shorten" in caught.value.hint


def test_a_context_that_is_too_long_goes_to_the_fallback(faults: FaultServer) -> None:
    faults.script([GOOD])
    assert person(faults, "ctx", fallbacks=["openai/plain-model"])("Jo is 35.").age == 35
    assert faults.calls == 2


def test_a_continuation_that_is_too_long_keeps_what_was_paid(faults: FaultServer) -> None:
    from tests.faultserver.answers import Call, Reply
    from tests.faultserver.wires import error

    def overflow(call: Call) -> Reply:
        return Reply(
            400, error(call, 400, "This model's maximum context length is 9 tokens.", "context_length_exceeded")
        )

    faults.script([Answer('{"name": "Jo", "age": 3', finish="length"), overflow])
    with pytest.raises(ContextOverflow) as caught:
        person(faults)("Jo is 35.")
    assert caught.value.usage.total_tokens == 60


# row 31: the same wrong answer


@pytest.mark.parametrize("wire", WIRES)
def test_the_same_wrong_answer_twice_ends_the_call(faults: FaultServer, wire: str) -> None:
    faults.script(["I would rather not say anything about that."] * 9)
    with pytest.raises(OutputError) as caught:
        person(faults, wire=wire, reasks=5)("Jo is 35.")
    assert faults.calls == len(caught.value.attempts) == 2


# the caller's own code


def test_a_check_that_fails_by_itself_loses_nothing_that_was_paid(faults: FaultServer) -> None:
    def careless(found: Person) -> None:
        json.loads(found.name)["age"]  # a ValueError, and so an objection

    def broken(found: Person) -> None:
        found.nothing  # type: ignore[attr-defined]  # noqa: B018

    faults.script(["nothing", GOOD])
    with pytest.raises(CheckBroken, match="the check broken raised AttributeError") as caught:
        person(faults).with_checks(broken)("Jo is 35.")
    assert caught.value.usage.total_tokens == 120
    assert caught.value.raw_text == GOOD
    faults.reset()
    faults.script([GOOD, '{"name": "[1]", "age": 1}'])
    with pytest.raises(CheckBroken):
        person(faults).with_checks(careless)("Jo is 35.")
    assert faults.calls == 2


def test_digits_are_kept_in_what_a_patch_leaves_alone(faults: FaultServer) -> None:
    class Row(BaseModel):
        name: str
        amount: Decimal
        count: int

    rows = [{"name": f"Row number {i} of the table", "amount": f"{i}.10", "count": i} for i in range(12)]
    faulty = json.dumps([*rows[:5], {**rows[5], "count": "some"}, *rows[6:]]).replace('"0.10"', "0.10")
    faults.script([faulty, '{"$[5].count": 5}'])
    found = person(faults).into(list[Row])("A table.")
    assert [str(row.amount) for row in found] == [f"{i}.10" for i in range(12)]
    assert "response_format" not in faults.bodies[1]
