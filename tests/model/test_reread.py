"""Replies that litellm reads with losses, or not at all, over real HTTP: what the provider said comes through."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from patterns.errors import PatternsError, TransientError
from patterns.exchange import Choice, Usage
from patterns.model.mended import mend
from patterns.model.reread import reread, rescued
from tests.faultserver import FaultServer, Raw
from tests.model.replies import GATEWAY, all_ways, asked, events, last, whole


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "COHERE", "GROQ", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-nobody-0123456789")


def gemini(*calls: object) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"functionCall": call} for call in calls]}
    counted = {"promptTokenCount": 50, "candidatesTokenCount": 10, "totalTokenCount": 60}
    return {"candidates": [{"content": content, "finishReason": "STOP", "index": 0}], "usageMetadata": counted}


async def test_gemini_calls_a_function_without_parameters(faults: FaultServer) -> None:
    wanted = asked(faults, "gemini/gemini-2.5-flash", "/v1beta")
    body = gemini({"name": "now"}, {"name": "search", "args": {"query": "cats"}})
    streamed_too = await last(faults, wanted, Raw([f"data: {json.dumps(body)}\n\n".encode()], "text/event-stream"))
    faults.script([whole(body)])
    for found in (GATEWAY.send(wanted), streamed_too):
        calls = [(call.name, call.arguments) for call in found.choices[0].tool_calls]
        assert calls == [("now", {}), ("search", {"query": "cats"})]


async def test_pieces_of_arguments_are_not_taken_for_none_at_all(faults: FaultServer) -> None:
    faults.script([whole(gemini({"name": "search", "partialArgs": [{"jsonPath": "$.query", "stringValue": "ca"}]}))])
    with pytest.raises(TransientError, match="not of the form"):
        GATEWAY.send(asked(faults, "gemini/gemini-2.5-flash", "/v1beta"))


def chat(**message: object) -> dict[str, Any]:
    said = {"role": "assistant", "content": "Paris.", **message}
    choices = [{"index": 0, "message": said, "finish_reason": "stop"}]
    counted = {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60}
    return {"id": "g-1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices, "usage": counted}


@pytest.mark.parametrize("tier", [{}, {"service_tier": "on_demand"}], ids=["no tier", "a tier"])
async def test_groq_answers_with_a_tier_or_without(faults: FaultServer, tier: dict[str, str]) -> None:
    body = {**chat(reasoning="Hm."), **tier}
    found = await all_ways(faults, asked(faults, "groq/openai/gpt-oss-120b"), whole(body))
    assert found.choices == (Choice("Paris.", reasoning="Hm."),)
    assert found.usage == Usage(50, 10)
    assert found.cost == pytest.approx(50 * 1.5e-07 + 10 * 6e-07)


@pytest.mark.parametrize("provider", ["groq", "openai"])
async def test_groq_s_count_of_a_stream_is_found_under_its_name(faults: FaultServer, provider: str) -> None:
    head = {"id": "g-1", "object": "chat.completion.chunk", "created": 1, "model": "openai/gpt-oss-120b"}
    text = {
        **head,
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Paris."}, "finish_reason": None}],
    }
    end = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    counted = {"usage": {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60, "queue_time": 0.1}}
    found = await last(
        faults, asked(faults, f"{provider}/openai/gpt-oss-120b"), events(text, {**end, "x_groq": counted})
    )
    assert found.usage == Usage(50, 10)
    if provider == "groq":
        assert found.cost == pytest.approx(50 * 1.5e-07 + 10 * 6e-07)


async def test_each_candidate_of_a_stream_ends_in_its_own_time(faults: FaultServer) -> None:
    head = {"id": "g-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    pieces = [(0, "a", None), (1, "b", None), (1, "B", "length"), (0, "A", "stop")]
    chunks = [
        {**head, "choices": [{"index": i, "delta": {"content": said}, "finish_reason": end}]} for i, said, end in pieces
    ]
    found = await last(faults, asked(faults, "openai/m"), events(*chunks))
    assert [(choice.text, choice.finish_reason) for choice in found.choices] == [("aA", "stop"), ("bB", "length")]


async def test_a_reply_that_litellm_stumbles_over_is_read_all_the_same(faults: FaultServer) -> None:
    function = {"name": "search", "arguments": '{"query": "cats"}'}
    call = {"id": "t-1", "type": "function", "function": function, "custom": {"input": "", "name": ""}}
    body = chat(content="", tool_calls=[call], function_call={"arguments": "", "name": ""})
    body["choices"][0]["finish_reason"] = ""
    found = await all_ways(faults, asked(faults, "openai/m"), whole(body))
    assert [call.arguments for call in found.choices[0].tool_calls] == [{"query": "cats"}]


@pytest.mark.parametrize("body", [{"error": "no"}, {"choices": "none"}, [], {"output": []}, {"object": "response"}])
async def test_what_nobody_can_read_stays_an_error(faults: FaultServer, body: object) -> None:
    faults.script([whole(body)] * 2)
    for model in ("groq/openai/gpt-oss-120b", "openai/responses/gpt-4o"):
        with pytest.raises(PatternsError):
            GATEWAY.send(asked(faults, model))


async def test_a_reply_that_a_rule_of_the_user_s_forbids_is_not_read_behind_its_back(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import litellm

    monkeypatch.setattr(litellm, "post_call_rules", [lambda text: "Paris" not in text])
    faults.script([whole(chat())])
    with pytest.raises(PatternsError):
        GATEWAY.send(asked(faults, "openai/m"))


@pytest.mark.parametrize("raw", ["", "not json", "[1]", '{"choices": 1}', '{"output": 1, "object": "response"}'])
def test_what_is_no_reply_is_not_reread(raw: str) -> None:
    assert reread(raw) is None
    assert rescued([raw]) is None


@pytest.mark.parametrize(("before", "after"), [(None, True), (False, False), (True, True)])
def test_no_tokenizer_is_fetched_unless_the_user_wants_it(before: bool | None, after: bool) -> None:
    module = ModuleType("litellm")
    module.disable_hf_tokenizer_download = before  # type: ignore[attr-defined]
    mend(module)
    assert module.disable_hf_tokenizer_download is after
