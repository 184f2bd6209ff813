"""OpenAI's Responses API over real HTTP: refusals, thoughts, calls and ends come through, whole and streamed."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import pytest

from patterns.errors import EmptyResponse, TransientError
from patterns.exchange import Choice, Usage
from patterns.messages import Message, ToolCall
from tests.faultserver import FaultServer
from tests.model.asking import JO, PERSON, SEARCH, streamed
from tests.model.replies import GATEWAY, all_ways, asked, events, whole


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "COHERE", "GROQ", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-nobody-0123456789")


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


async def test_a_response_without_any_item_is_empty(faults: FaultServer) -> None:
    faults.script([whole(answer())])
    with pytest.raises(EmptyResponse):
        GATEWAY.send(asked(faults, "openai/responses/gpt-4o"))


async def test_an_end_that_repeats_nothing_takes_nothing_back(faults: FaultServer) -> None:
    delta = {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0}
    said = events({**delta, "delta": "Paris."}, {"type": "response.completed", "response": answer()}, named=True)
    faults.script([said])
    *_, end = await streamed(GATEWAY, asked(faults, "openai/responses/gpt-4o"))
    assert end.response is not None
    assert end.response.choices == (Choice("Paris."),)


async def test_a_response_that_failed_is_an_error(faults: FaultServer) -> None:
    body = answer(status="failed", error={"code": "server_error", "message": "The model is tired."})
    faults.script([whole(body)])
    with pytest.raises(TransientError, match="tired"):
        GATEWAY.send(asked(faults, "openai/responses/gpt-4o"))


def test_a_turn_with_tools_and_a_shape_is_asked_for_in_the_words_of_this_api(faults: FaultServer) -> None:
    faults.script([whole(answer(text(JO)))])
    call = ToolCall("call_1", "search", {"query": "Jo"}, '{"query": "Jo"}')
    talk = (Message("user", "Who?"), Message("assistant", "", (call,)), Message("tool", "a person", (), "call_1"))
    wanted = asked(faults, "openai/responses/gpt-4o")
    wanted = replace(wanted, messages=talk, target=PERSON, mode="json_schema", tools=(SEARCH,))
    assert GATEWAY.send(wanted).choices[0].text == JO
    (_, sent), *_ = faults.log
    assert sent.path == "/v1/responses"
    assert [(item["type"], item.get("call_id")) for item in sent.body["input"]] == [
        ("message", None),
        ("function_call", "call_1"),
        ("function_call_output", "call_1"),
    ]
    assert sent.body["text"]["format"]["schema"] == PERSON.schema
    assert [tool["name"] for tool in sent.body["tools"]] == ["search"]


def test_a_logger_of_the_user_s_own_hears_what_litellm_tells_it(faults: FaultServer) -> None:
    import litellm

    heard: list[dict[str, Any]] = []
    faults.script([whole(answer(text("Paris."))), whole(answer(text("Paris.")))])
    GATEWAY.send(asked(faults, "openai/responses/gpt-4o"))
    litellm.completion(
        "openai/responses/gpt-4o",
        [{"role": "user", "content": "hi"}],
        api_base=faults.api_base,
        logger_fn=heard.append,
    )
    assert all("messages" in details for details in heard)
