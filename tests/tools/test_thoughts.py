"""Blocks of thought go back with the results of tools as they came, and to nobody but the model that thought them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patterns import Conversation, ToolsCalled, complete, override
from patterns.exchange import Request
from patterns.messages import Message, Thoughts, Tool, ToolCall
from patterns.model.thoughts import joined
from patterns.model.tokens import at_most, input_tokens
from patterns.setup import Changes
from tests.faultserver import Answer, FaultServer

BLOCK = {"type": "thinking", "thinking": "I had better look it up.", "signature": "s"}
CALLS = Answer(None, tool_calls=[("look_up", '{"number": 7}')], reasoning="I had better look it up.")
MODEL = "claude-sonnet-4-5"
THINKING = {"type": "enabled", "budget_tokens": 1024}


def look_up(number: int) -> str:
    """Look up."""
    return f"{number} is lost"


def thinking(faults: FaultServer, **more: Any) -> Changes:
    options: Changes = {"model": f"anthropic/{MODEL}", "api_base": faults.root, "timeout": 20.0, "retries": 0}
    return {**options, "thinking": THINKING, "max_tokens": 2048, **more}  # type: ignore[typeddict-item]


def given_back(faults: FaultServer, number: int = -1) -> list[Any]:
    """The blocks of the assistant's turn before the results."""
    turns = [message for message in faults.bodies[number]["messages"] if message["role"] == "assistant"]
    return [block for block in turns[-1]["content"] if block["type"] != "tool_use"]


@pytest.mark.parametrize("lane", ["litellm", "fast"])
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_they_go_back_with_the_results(lane: Any, streamed: bool, faults: FaultServer) -> None:
    faults.script([CALLS, "Lost."])
    pattern = complete.with_options(**thinking(faults, tools=[look_up]))
    with override(lane=lane):
        answer = list(pattern.stream("7?"))[-1] if streamed else pattern("7?")
    assert answer == "Lost."
    assert faults.bodies[1]["thinking"] == THINKING
    assert given_back(faults) == [BLOCK]


def test_they_survive_the_cache(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([CALLS, "Lost.", "Sent."])
    pattern = complete.with_options(**thinking(faults, tools=[look_up], cache=tmp_path / "answers.db"))
    assert pattern("7?") == "Lost."
    again = pattern.run("7?")
    assert (again.output, faults.calls) == ("Lost.", 2)
    assert again.tool_messages[0].thoughts == Thoughts(f"anthropic/{MODEL}", (BLOCK,))


def test_another_model_does_not_get_them(faults: FaultServer) -> None:
    faults.script([CALLS, 500, "Lost."])
    fallback: Changes = {"fallbacks": ["anthropic/claude-haiku-4-5"]}
    result = complete.with_options(**thinking(faults, tools=[look_up]), **fallback).run("7?")
    assert result.fallback_model == "anthropic/claude-haiku-4-5"
    assert given_back(faults, 1) == [BLOCK]
    assert given_back(faults, 2) == []


def test_a_conversation_keeps_them_with_pending_calls_in_its_file_too(faults: FaultServer, tmp_path: Path) -> None:
    declared = Tool("look_up", "", {"type": "object", "properties": {"number": {"type": "integer"}}})
    faults.script([CALLS, "Lost."])
    talk = Conversation(**thinking(faults, tools=[declared]))
    with pytest.raises(ToolsCalled):
        talk.send("7?")
    talk.save(tmp_path / "talk.json")
    later = Conversation.load(tmp_path / "talk.json", **thinking(faults, tools=[declared]))
    assert later.history == talk.history
    assert later.answer_tools({later.pending[0].id: "7 is lost"}) == "Lost."
    assert given_back(faults) == [BLOCK]


@pytest.mark.parametrize("count", [input_tokens, at_most])
def test_they_are_counted_where_they_go_back(count: Any) -> None:
    call = ToolCall("1", "look_up", {"number": 7})
    bare = Message("assistant", "", (call,))
    thinking = Message("assistant", "", (call,), thoughts=Thoughts("m", ({**BLOCK, "thinking": "word " * 500},)))
    assert count(Request("m", (thinking,))) - count(Request("m", (bare,))) >= 500
    assert count(Request("other", (thinking,))) == count(Request("other", (bare,)))


def test_pieces_of_a_stream_are_joined_at_their_signatures() -> None:
    pieces = [
        {"type": "thinking", "thinking": "a"},
        {"type": "thinking", "thinking": "b", "signature": ""},
        {"type": "thinking", "signature": "1"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "thinking", "thinking": "c", "signature": "2"},
        {"type": "thinking", "thinking": "never signed"},
    ]
    assert joined(pieces) == (
        {"type": "thinking", "thinking": "ab", "signature": "1"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "thinking", "thinking": "c", "signature": "2"},
    )


def test_a_message_without_thoughts_is_as_it_was() -> None:
    assert Message("assistant", "Hello").thoughts is None
