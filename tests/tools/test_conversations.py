"""Conversations whose model calls functions: the rounds join the history, and the talk goes on from them."""

from __future__ import annotations

import json

import pytest

from patterns import Conversation, Message, Tool, ToolsCalled, classify_sentiment
from patterns.setup import Changes
from tests.faultserver import Answer, FaultServer

SEARCH = Tool("search", "Search.", {"type": "object", "properties": {"q": {"type": "string"}}})


def look_up(number: int) -> dict[str, object]:
    """Look an order up."""
    return {"number": number, "state": "lost"}


def calls(*calls: tuple[str, object]) -> Answer:
    return Answer(None, tool_calls=[(name, json.dumps(given)) for name, given in calls])


def roles(talk: Conversation) -> list[str]:
    return [message.role for message in talk.history]


def test_a_talk_goes_on_behind_its_rounds_of_tools(where: Changes, faults: FaultServer) -> None:
    faults.script([calls(("look_up", {"number": 7})), "It is lost.", "Yes, lost."])
    talk = Conversation("Be kind.", **where, tools=[look_up])
    assert talk.send("Where is 7?") == "It is lost."
    assert roles(talk) == ["user", "assistant", "tool", "assistant"]
    assert talk.pending == ()
    assert talk.send("Lost?") == "Yes, lost."
    told = json.dumps(faults.bodies[2]["messages"])
    assert "look_up" in told
    assert "state" in told, "the model still sees what the tool gave"


def test_another_model_is_told_what_the_tools_gave(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("search", {"q": "7"})), 500, "It is lost."])
    talk = Conversation(**here, tools=[SEARCH], fallbacks=["openai/another"])
    with pytest.raises(ToolsCalled):
        talk.send("Where is 7?")
    assert talk.answer_tools({talk.pending[0].id: "lost"}) == "It is lost."
    first, second = faults.bodies[1:]
    assert [message["role"] for message in first["messages"]] == ["user", "assistant", "tool"]
    assert second["model"] == "another"
    assert second["messages"] == first["messages"]


async def test_the_async_verbs_do_the_same(where: Changes, faults: FaultServer) -> None:
    faults.script([calls(("look_up", {"number": 7})), "It is lost."])
    talk = Conversation(**where, tools=[look_up])
    result = await talk.arun("Where is 7?")
    assert (result.output, len(result.tool_runs)) == ("It is lost.", 1)
    assert roles(talk) == ["user", "assistant", "tool", "assistant"]


def test_a_pattern_with_functions_joins_the_history(where: Changes, faults: FaultServer) -> None:
    faults.script([calls(("look_up", {"number": 7})), '{"label": "negative", "confidence": 0.9}'])
    talk = Conversation(**where)
    assert talk.ask(classify_sentiment.with_options(tools=[look_up], mode="prompted"), "Order 7!").label == "negative"
    assert roles(talk) == ["user", "assistant", "tool", "assistant"]
    assert talk.history[-1].text == '{"label": "negative", "confidence": 0.9}'


@pytest.mark.parametrize("again", [False, True], ids=["at once", "from a file"])
def test_functions_and_calls_for_the_caller_in_one_talk(
    again: bool, where: Changes, faults: FaultServer, tmp_path: object
) -> None:
    faults.script(
        [
            calls(("look_up", {"number": 7})),
            calls(("search", {"q": "insurance"}), ("look_up", {"number": 8})),
            calls(("look_up", {"number": 9})),
            "All lost.",
        ]
    )
    talk = Conversation(**where, tools=[look_up, SEARCH])
    with pytest.raises(ToolsCalled) as caught:
        talk.send("Where is 7?")
    assert [run.arguments for run in caught.value.tool_runs] == [{"number": 7}, {"number": 8}]
    (call,) = talk.pending
    assert (call.name, caught.value.tool_calls) == ("search", (call,))
    if again:
        path = f"{tmp_path}/talk.json"
        talk.save(path)
        talk = Conversation.load(path, **where, tools=[look_up, SEARCH])
    assert talk.answer_tools({call.id: "none"}) == "All lost."
    assert roles(talk) == [
        "user",
        *("assistant", "tool"),
        *("assistant", "tool", "tool"),
        "assistant",
        "tool",
        "assistant",
    ]
    told = json.dumps(faults.bodies[3]["messages"])
    for number in (7, 8, 9):
        assert f'\\"number\\":{number}' in told or f'"number": {number}' in told
    ids = [message.tool_call_id for message in talk.history if message.role == "tool"]
    assert len(set(ids)) == len(ids)


def test_a_call_that_fails_leaves_no_trace_of_its_rounds(where: Changes, faults: FaultServer) -> None:
    faults.script([calls(("look_up", {"number": 7})), 500, "Hello."])
    talk = Conversation(**where, tools=[look_up])
    with pytest.raises(Exception, match="500"):
        talk.send("Where is 7?")
    assert talk.history == ()
    assert talk.send("Hello") == "Hello."
    assert talk.history == (Message("user", "Hello"), Message("assistant", "Hello."))
