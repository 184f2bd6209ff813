"""Cohere's replies over real HTTP: thoughts, calls and ends come through, whole and streamed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patterns.errors import Truncated
from patterns.exchange import Choice, Usage
from tests.faultserver import FaultServer, Raw
from tests.model.asking import streamed
from tests.model.replies import GATEWAY, all_ways, asked, events, last, whole


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "COHERE", "GROQ", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-nobody-0123456789")


SAID = {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Paris."}]}
TOKENS = {"billed_units": {"input_tokens": 5}, "tokens": {"input_tokens": 50, "output_tokens": 10}}
CALLED = {"id": "search_1", "type": "function", "function": {"name": "search", "arguments": '{"query": "cats"}'}}


@pytest.mark.parametrize(
    ("told", "finish"), [("COMPLETE", "stop"), ("MAX_TOKENS", "length"), ("ERROR", "ERROR"), ("STOP_SEQUENCE", "stop")]
)
async def test_cohere_s_thoughts_and_the_reason_for_its_end_come_through(
    faults: FaultServer, told: str, finish: str
) -> None:
    body = {"id": "c-1", "message": SAID, "finish_reason": told, "usage": TOKENS}
    found = await all_ways(faults, asked(faults, "cohere_chat/command-a-03-2025", "/v2/chat"), whole(body))
    assert found.choices == (Choice("Paris.", finish, reasoning="Hm."),)
    assert found.usage == Usage(50, 10)
    assert found.cost


async def test_a_content_of_cohere_s_may_be_one_text(faults: FaultServer) -> None:
    body = {"id": "c-1", "message": {"role": "assistant", "content": "Paris."}, "finish_reason": "COMPLETE"}
    found = await all_ways(faults, asked(faults, "cohere_chat/command-r", "/v2/chat"), whole({**body, "usage": TOKENS}))
    assert found.choices == (Choice("Paris."),)


async def test_cohere_s_calls_end_an_answer_as_calls_do(faults: FaultServer) -> None:
    body = {"id": "c-1", "message": {"role": "assistant", "tool_calls": [CALLED]}, "finish_reason": "TOOL_CALL"}
    found = await all_ways(faults, asked(faults, "cohere_chat/command-r", "/v2/chat"), whole({**body, "usage": TOKENS}))
    assert found.choices[0].finish_reason == "tool_calls"
    assert found.choices[0].tool_calls[0].id == "search_1"


def cohere(kind: str, index: int = 0, **said: object) -> dict[str, Any]:
    return {"type": kind, "index": index, "delta": {"message": said}}


def ended(finish: str) -> dict[str, Any]:
    return {"type": "message-end", "delta": {"finish_reason": finish, "usage": TOKENS}}


async def test_cohere_streams(faults: FaultServer) -> None:
    started = {"id": "c-1", "type": "message-start", "delta": {"message": {"role": "assistant", "content": []}}}
    pieces = [cohere("content-delta", content={"text": piece}) for piece in ("Pa", "ris.")]
    thought = cohere("content-delta", content={"type": "thinking", "thinking": "Hm."})
    said = events(
        started, thought, cohere("content-start"), *pieces, cohere("content-end"), ended("COMPLETE"), named=True
    )
    faults.script([said])
    *grown, end = await streamed(GATEWAY, asked(faults, "cohere_chat/command-a-03-2025", "/v2/chat"))
    assert [delta.text for delta in grown if delta.text] == ["Pa", "ris."]
    assert end.response is not None
    assert end.response.choices == (Choice("Paris.", reasoning="Hm."),)
    assert (end.response.usage, end.response.id) == (Usage(50, 10), "c-1")
    assert end.response.cost


async def test_cohere_streams_calls_side_by_side(faults: FaultServer) -> None:
    begun = [
        cohere("tool-call-start", i, tool_calls={"id": f"s{i}", "function": {"name": "search", "arguments": ""}})
        for i in (0, 1)
    ]
    more = [cohere("tool-call-delta", i, tool_calls={"function": {"arguments": f'{{"n": {i}}}'}}) for i in (0, 1)]
    found = await last(
        faults,
        asked(faults, "cohere_chat/command-r", "/v2/chat"),
        events(*begun, *more, ended("TOOL_CALL"), named=True),
    )
    assert [(call.id, call.arguments) for call in found.choices[0].tool_calls] == [("s0", {"n": 0}), ("s1", {"n": 1})]
    assert found.choices[0].finish_reason == "tool_calls"


async def test_a_stream_of_cohere_s_that_breaks_off_is_cut(faults: FaultServer) -> None:
    faults.script([events(cohere("content-delta", content={"text": "Par"}), named=True)])
    with pytest.raises(Truncated) as caught:
        await streamed(GATEWAY, asked(faults, "cohere_chat/command-r", "/v2/chat"))
    assert caught.value.raw_text == "Par"


async def test_cohere_s_first_api_is_read_where_it_answers_the_second_s_question(faults: FaultServer) -> None:
    body = {
        "generation_id": "g-1",
        "text": "Paris.",
        "finish_reason": "MAX_TOKENS",
        "tool_calls": [{"name": "search", "parameters": {"query": "cats"}}],
        "meta": TOKENS,
    }
    found = await all_ways(faults, asked(faults, "cohere_chat/command-r", "/v2/chat"), whole(body))
    assert (found.choices[0].text, found.choices[0].finish_reason) == ("Paris.", "length")
    assert found.choices[0].tool_calls[0].arguments == {"query": "cats"}
    assert found.usage == Usage(50, 10)


@pytest.mark.parametrize(("model", "path"), [("v1/command-r", "/v1/chat"), ("command-r", "/v2/chat")])
async def test_streams_of_cohere_s_first_api_are_read_with_their_calls(
    faults: FaultServer, model: str, path: str
) -> None:
    call = {"name": "search", "parameters": {"query": "cats"}}
    lines = [
        {"event_type": "stream-start", "generation_id": "g-1"},
        {"event_type": "text-generation", "text": "Let me "},
        {"event_type": "text-generation", "text": "look."},
        {"event_type": "tool-calls-generation", "tool_calls": [call, call]},
        {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": {"meta": TOKENS}},
    ]
    said = Raw(["".join(f"{json.dumps(line)}\n" for line in lines).encode()], "application/stream+json")
    found = await last(faults, asked(faults, f"cohere_chat/{model}", path), said)
    assert (found.choices[0].text, found.usage, found.id) == ("Let me look.", Usage(50, 10), "g-1")
    assert [call.arguments for call in found.choices[0].tool_calls] == [{"query": "cats"}] * 2
