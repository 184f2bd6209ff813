"""Replies that litellm reads with losses, or not at all, over real HTTP: what the provider said comes through."""

from __future__ import annotations

import json
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from patterns.errors import PatternsError, TransientError, Truncated
from patterns.exchange import Choice, Options, Request, Response, Usage
from patterns.messages import Message
from patterns.model.mended import mend
from patterns.model.reread import reread, rescued
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer, Raw, Reply
from tests.model.asking import streamed

GATEWAY = LitellmGateway()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "COHERE", "GROQ", "DEEPSEEK"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-nobody-0123456789")


def asked(faults: FaultServer, model: str, path: str = "/v1") -> Request:
    return Request(model, (Message("user", "hi"),), Options(timeout=10, api_base=faults.root + path))


def events(*bodies: Any, named: bool = False) -> Raw:
    lines = [(f"event: {b['type']}\n" if named else "") + f"data: {json.dumps(b)}\n\n" for b in bodies]
    return Raw(["".join(lines).encode()], "text/event-stream")


def whole(body: Any) -> Reply:
    return Reply(body=json.dumps(body).encode())


async def all_ways(faults: FaultServer, wanted: Request, said: Reply) -> Response:
    """The same answer blocking and not."""
    faults.script([said, said])
    found = GATEWAY.send(wanted)
    assert (await GATEWAY.asend(wanted)).choices == found.choices
    return found


async def last(faults: FaultServer, wanted: Request, said: Raw) -> Response:
    faults.script([said])
    found = (await streamed(GATEWAY, wanted))[-1].response
    assert found is not None
    return found


# -- OpenAI's Responses API

THOUGHT = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "First."}],
    "content": [{"type": "reasoning_text", "text": "In full."}],
}
LATER = {"type": "reasoning", "id": "rs_2", "summary": [{"type": "summary_text", "text": "Second."}]}
CITED = {"type": "file_citation", "file_id": "file_1", "filename": "a.md", "index": 3}
CALL = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "search", "arguments": '{"query": "cats"}'}


def text(said: str, *notes: object) -> dict[str, Any]:
    part = {"type": "output_text", "text": said, "annotations": list(notes)}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


def refusal(said: str) -> dict[str, Any]:
    return {**text(""), "content": [{"type": "refusal", "refusal": said}]}


def answer(*items: object, **more: object) -> dict[str, Any]:
    counted = {
        "input_tokens": 50,
        "output_tokens": 10,
        "total_tokens": 60,
        "input_tokens_details": {"cached_tokens": 20},
        "output_tokens_details": {"reasoning_tokens": 4},
    }
    head = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": "gpt-4o",
        "error": None,
    }
    rest = {
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "metadata": {},
        "temperature": 1.0,
        "top_p": 1.0,
    }
    return {**head, **rest, "output": list(items), "usage": counted, **more}


# what comes, the choice that it is
RESPONSES = [
    (answer(text("Paris.")), Choice("Paris.")),
    (answer(text("Paris.", CITED)), Choice("Paris.")),
    (answer(THOUGHT, LATER, text("Paris.")), Choice("Paris.", reasoning="First.\n\nIn full.\n\nSecond.")),
    (answer(refusal("I cannot.")), Choice("", refusal="I cannot.")),
    (
        answer(text("Par"), status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        Choice("Par", finish_reason="length"),
    ),
    (
        answer(text("Par"), status="incomplete", incomplete_details={"reason": "content_filter"}),
        Choice("Par", finish_reason="content_filter"),
    ),
]


@pytest.mark.parametrize(("body", "choice"), RESPONSES, ids=["text", "cited", "thoughts", "refused", "cut", "filtered"])
async def test_an_answer_of_the_responses_api_comes_through_whole(
    faults: FaultServer, body: dict[str, Any], choice: Choice
) -> None:
    assert find_spec("mcp") is None, "litellm's own way to this API needs a package that is not to be needed"
    found = await all_ways(faults, asked(faults, "openai/responses/gpt-4o"), whole(body))
    assert found.choices == (choice,)
    assert found.usage == Usage(50, 10, cached_tokens=20, reasoning_tokens=4)
    assert found.cost
    assert found.cost == pytest.approx((30 * 2.5 + 20 * 1.25 + 10 * 10) / 1e6)


@pytest.mark.parametrize(("body", "choice"), RESPONSES, ids=["text", "cited", "thoughts", "refused", "cut", "filtered"])
async def test_a_stream_of_the_responses_api_ends_with_all_that_was_said(
    faults: FaultServer, body: dict[str, Any], choice: Choice
) -> None:
    delta = {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0}
    pieces = [{**delta, "delta": piece} for piece in choice.text]
    ended = {"type": f"response.{body['status']}", "response": body}
    said = events({"type": "response.created", "response": {**body, "output": []}}, *pieces, ended, named=True)
    faults.script([said])
    *grown, end = await streamed(GATEWAY, asked(faults, "openai/responses/gpt-4o"))
    assert end.response is not None
    assert end.response.choices == (choice,)
    assert "".join(delta.text for delta in grown) == choice.text
    assert end.response.usage == Usage(50, 10, cached_tokens=20, reasoning_tokens=4)
    assert end.response.cost


async def test_a_call_has_the_id_that_its_answer_has_to_name(faults: FaultServer) -> None:
    found = await all_ways(faults, asked(faults, "openai/responses/gpt-4o"), whole(answer(CALL)))
    assert [(call.id, call.name, call.arguments) for call in found.choices[0].tool_calls] == [
        ("call_1", "search", {"query": "cats"})
    ]
    assert found.choices[0].finish_reason == "tool_calls"


async def test_a_response_that_failed_is_an_error(faults: FaultServer) -> None:
    body = answer(status="failed", error={"code": "server_error", "message": "The model is tired."})
    faults.script([whole(body)])
    with pytest.raises(TransientError, match="tired"):
        GATEWAY.send(asked(faults, "openai/responses/gpt-4o"))


# -- Cohere

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


# -- Groq, and others on OpenAI's wire


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


async def test_groq_s_count_of_a_stream_is_found_under_its_name(faults: FaultServer) -> None:
    head = {"id": "g-1", "object": "chat.completion.chunk", "created": 1, "model": "openai/gpt-oss-120b"}
    text = {
        **head,
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Paris."}, "finish_reason": None}],
    }
    end = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    counted = {"usage": {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60, "queue_time": 0.1}}
    found = await last(faults, asked(faults, "groq/openai/gpt-oss-120b"), events(text, {**end, "x_groq": counted}))
    assert found.usage == Usage(50, 10)
    assert found.cost == pytest.approx(50 * 1.5e-07 + 10 * 6e-07)


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
