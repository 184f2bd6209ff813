"""Streams as some servers send them: calls under one index, events that are none, and errors in unusual places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patterns.errors import PatternsError, TransientError
from patterns.exchange import Response
from patterns.model.fast.gateway import FastGateway
from tests.faultserver import FaultServer
from tests.faultserver.answers import Raw, Reply
from tests.model.asking import LANES as GATEWAY
from tests.model.asking import SEARCH, request, streamed

FAST = FastGateway()
CATS, DOGS = '{"query":"cats"}', '{"query":"dogs"}'
CLAUDE = "claude-3-5-haiku-latest"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")


def stream(*events: str | dict[str, Any]) -> Raw:
    """A stream of these events, given as JSON or as lines, that ends the connection."""
    lines = [each if isinstance(each, str) else f"data: {json.dumps(each)}\n\n" for each in events]
    return Raw([line.encode() for line in lines], "text/event-stream")


def delta(finish: str | None = None, **said: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": said, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def called(id: str | None, arguments: str, index: int | None = 0, name: str = "search") -> dict[str, Any]:
    """A delta with a piece of a call; only the first piece has a name and an id."""
    piece = {"function": {"arguments": arguments}} if id is None else {}
    first = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}} if id is not None else {}
    return delta(tool_calls=[piece | first | ({"index": index} if index is not None else {})])


async def last(events: Raw, faults: FaultServer, gateway: Any = GATEWAY, wire: str = "openai", **more: Any) -> Response:
    faults.script([events])
    *_, end = await streamed(gateway, request(faults, CLAUDE if wire == "anthropic" else "m", wire, **more))
    assert end.response is not None
    return end.response


BOTH_CALLS = [("a", CATS), ("b", DOGS)]
UNDER_ONE_INDEX = {
    "no index": ([called("a", CATS, None), called("b", DOGS, None)], BOTH_CALLS),
    "always 0": ([called("a", CATS), called("b", DOGS)], BOTH_CALLS),
    "always 0, in pieces": ([called("a", ""), called(None, CATS), called("b", ""), called(None, DOGS)], BOTH_CALLS),
    "the id again": ([called("a", CATS[:5]), called("a", CATS[5:])], [("a", CATS)]),
    "an empty id": ([called("a", ""), called("", CATS, name="")], [("a", CATS)]),
    "an id for each piece": ([called("a", CATS[:5]), called("b", CATS[5:]), called("c", "")], [("a", CATS)]),
    "another id for the same call": ([called("a", ""), called("b", CATS, name="")], [("a", CATS)]),
    "one in the other": (
        [called("a", "", 0), called("b", "", 1), called(None, DOGS, 1), called(None, CATS, 0)],
        BOTH_CALLS,
    ),
}


@pytest.mark.usefixtures("lane")
@pytest.mark.parametrize(("events", "calls"), UNDER_ONE_INDEX.values(), ids=list(UNDER_ONE_INDEX))
async def test_calls_are_told_apart_however_they_are_numbered(
    faults: FaultServer, events: list[dict[str, Any]], calls: list[tuple[str, str]]
) -> None:
    found = await last(stream(*events, delta("tool_calls"), "data: [DONE]\n\n"), faults, tools=(SEARCH,))
    assert [(call.id, call.raw) for call in found.choices[0].tool_calls] == calls


HE, LLO, END = delta(content="He"), delta(content="llo"), delta("stop")


@pytest.mark.parametrize("nothing", ["data:\n\n", "data: null\n\n", ": still there\n\n", "event: ping\n\n"])
async def test_an_event_with_nothing_in_it_ends_no_stream(faults: FaultServer, nothing: str) -> None:
    found = await last(stream(HE, nothing, LLO, END), faults, FAST)
    assert (found.choices[0].text, found.choices[0].finish_reason) == ("Hello", "stop")


def told(kind: str, **more: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n"


START = {"id": "m", "type": "message", "role": "assistant", "model": CLAUDE, "content": []}
BEGUN = told("message_start", message={**START, "usage": {"input_tokens": 50, "cache_read_input_tokens": 20}})
TEXT = told("content_block_start", index=0, content_block={"type": "text", "text": ""})
HELLO = told("content_block_delta", index=0, delta={"type": "text_delta", "text": "Hello"})
STOPPED = told("content_block_stop", index=0)
OVER = told("message_stop")


def ended(reason: str) -> str:
    usage = {"input_tokens": None, "cache_read_input_tokens": None, "output_tokens": 7}
    return told("message_delta", delta={"stop_reason": reason}, usage=usage)


def half(text: str, finish: str = "") -> dict[str, Any]:
    more = {"finishReason": finish} if finish else {}
    return {"candidates": [{"content": {"parts": [{"text": text}]}, **more}]}


GARBLED = {
    "openai": (HE, 'data: {"choices": [{"delta": {"con\n\n', LLO, END),
    "anthropic": (BEGUN, TEXT, 'data: {"type":"content_block_delta","ind\n\n', HELLO, STOPPED, ended("end_turn"), OVER),
    "gemini": (half("He"), 'data: {"candidates":[{"con\n\n', half("llo", "STOP")),
}


@pytest.mark.parametrize("wire", GARBLED)
async def test_a_piece_that_nobody_can_read_is_never_left_out_of_a_whole_answer(faults: FaultServer, wire: str) -> None:
    with pytest.raises(TransientError, match="not of the form that this provider sends"):
        await last(stream(*GARBLED[wire]), faults, FAST, wire)


@pytest.mark.usefixtures("lane")
async def test_a_later_count_of_null_takes_nothing_back(faults: FaultServer) -> None:
    events = stream(BEGUN, TEXT, HELLO, STOPPED, ended("end_turn"), OVER)
    usage = (await last(events, faults, wire="anthropic")).usage
    assert usage is not None
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens) == (70, 20, 7)


@pytest.mark.usefixtures("lane")
async def test_a_conversation_that_fills_the_model_s_window_is_cut(faults: FaultServer) -> None:
    events = stream(BEGUN, TEXT, HELLO, STOPPED, ended("model_context_window_exceeded"), OVER)
    assert (await last(events, faults, wire="anthropic")).choices[0].finish_reason == "length"


async def test_thoughts_beside_an_answer_in_parts_are_kept(faults: FaultServer) -> None:
    said = delta(reasoning_content="Hm.", content=[{"type": "text", "text": "Hello"}])
    choice = (await last(stream(said, END), faults, FAST)).choices[0]
    assert (choice.text, choice.reasoning) == ("Hello", "Hm.")


async def test_an_error_without_a_type_has_its_words_all_the_same(faults: FaultServer) -> None:
    error = "event: error\ndata: " + json.dumps({"error": {"type": "overloaded_error", "message": "Overloaded"}})
    with pytest.raises(TransientError, match="Overloaded"):
        await last(stream(BEGUN, error + "\n\n"), faults, FAST, "anthropic")


BUSY = {"code": 503, "message": "The model is overloaded."}
SAYS_NO = {
    "openai": {"error": BUSY},
    "openai, with no choices": {"id": "x", "choices": [], "error": BUSY},
    "anthropic": {"type": "error", "error": {"type": "overloaded_error", "message": BUSY["message"]}},
    "gemini": {"error": BUSY | {"status": "UNAVAILABLE"}},
}


@pytest.mark.parametrize("how", SAYS_NO)
def test_an_error_under_a_status_of_success_is_told_in_its_own_words(faults: FaultServer, how: str) -> None:
    faults.script([Reply(200, json.dumps(SAYS_NO[how]).encode())])
    wire = how.partition(",")[0]
    with pytest.raises(TransientError, match="The model is overloaded") as caught:
        FAST.send(request(faults, CLAUDE if wire == "anthropic" else "m", wire))
    assert caught.value.paid is False


def test_such_an_error_counts_by_its_own_code(faults: FaultServer) -> None:
    faults.script([Reply(200, json.dumps({"error": {"code": 400, "message": "top_p is out of range"}}).encode())])
    with pytest.raises(PatternsError, match="top_p is out of range") as caught:
        FAST.send(request(faults, "m"))
    assert type(caught.value).__name__ == "BadRequest"


def test_arguments_that_are_an_object_are_read_as_its_text(faults: FaultServer) -> None:
    call = {"id": "a", "type": "function", "function": {"name": "search", "arguments": {"query": "cäts", "n": [1]}}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    body = {"id": "x", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    faults.script([Reply(200, json.dumps(body).encode())])
    found = FAST.send(request(faults, "m", tools=(SEARCH,))).choices[0].tool_calls[0]
    assert (found.raw, found.arguments) == ('{"query": "cäts", "n": [1]}', {"query": "cäts", "n": [1]})
