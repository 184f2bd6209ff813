"""What the fast lane sends, beside what litellm sends for the same request, caught by a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from patterns.exchange import Request, Target
from patterns.messages import Message, Tool, ToolCall
from patterns.model.fast.anthropic_schema import output_schema
from patterns.model.fast.gateway import FastGateway
from patterns.model.fast.inlining import endless, inlined
from patterns.model.fast.openai_likes import LIKES as WIRES_LIKE_OPENAI
from patterns.model.fast.serving import obstacle
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.model.asking import PERSON, SEARCH, request, streamed
from tests.model.lane_requests import ASKED, CALL, samplings, sent, shapes, talks, thoughts
from tests.model.lane_table import KEYS, LIKES

LITELLM, FAST = LitellmGateway(), FastGateway()
CLAUDES = ("claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-fable-5")
UNKNOWN = ("claude-of-tomorrow", "some-model")


def anthropic() -> Iterator[tuple[str, dict[str, Any]]]:
    for wanted in (*talks(), *shapes(), *samplings()):
        yield "claude-haiku-4-5", wanted
    for model in (*CLAUDES, *UNKNOWN):
        yield from ((model, wanted) for wanted in (*thoughts(), *samplings(), *shapes()))


def compared(server: FaultServer, wire: str, cases: Iterator[tuple[str, dict[str, Any]]]) -> tuple[int, list[Any]]:
    """How many requests the fast lane serves, and those that it writes otherwise than litellm."""
    served, odd = 0, []
    for model, options in cases:
        wanted = request(server, model, wire, timeout=60.0, **options)
        if obstacle(wanted):
            continue
        served += 1
        theirs, ours = sent(LITELLM, server, wanted), sent(FAST, server, wanted)
        if theirs != ours:
            odd.append((model, options, theirs, ours))
    return served, odd


def bodies(server: FaultServer, wanted: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """What litellm and the fast lane send."""
    theirs, ours = sent(LITELLM, server, wanted), sent(FAST, server, wanted)
    assert theirs is not None
    assert ours is not None
    return theirs[1], ours[1]


def test_anthropic_is_sent_what_litellm_sends(faults: FaultServer) -> None:
    served, odd = compared(faults, "anthropic", anthropic())
    assert served > 200
    assert not odd


REASONERS = ("gpt-5-mini", "gpt-5.1", "gpt-5.4", "gpt-5.5", "gpt-6-sol", "o1", "o3", "o4-mini", "gpt-5-chat-latest")
PLAIN = ("gpt-4o", "gpt-4.1-mini", "gpt-3.5-turbo", "some-model")


def openai() -> Iterator[tuple[str, dict[str, Any]]]:
    for model in (*REASONERS, *PLAIN):
        yield from ((model, wanted) for wanted in (*talks(), *shapes(), *samplings(), *thoughts()))


def test_openai_is_sent_what_litellm_sends(faults: FaultServer) -> None:
    served, odd = compared(faults, "openai", openai())
    assert served > 350
    assert not odd


def test_a_wish_that_an_o_series_model_does_not_take_is_dropped_on_both_lanes(faults: FaultServer) -> None:
    wished = request(faults, "o3", timeout=60.0, temperature=0.0, wishes=frozenset({"temperature"}))
    theirs, ours = bodies(faults, wished)
    assert theirs == ours
    assert "temperature" not in ours


def test_a_token_in_the_place_of_anthropic_s_key_is_litellm_s_business(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "a-token-of-nobody-0123456789")
    assert "ANTHROPIC_AUTH_TOKEN" in str(obstacle(request(faults, "ok", "anthropic")))


LEFT_BY_OPENAI = [
    ("o3", {"temperature": 0.5}, "temperature"),
    ("gpt-5-mini", {"reasoning_effort": "none"}, "reasoning_effort"),
    ("gpt-5.4", {"tools": (SEARCH,)}, "another API"),
    ("gpt-5-of-tomorrow", {"max_tokens": 5}, "litellm knows"),
    ("gpt-4o", {"reasoning_effort": "low"}, "thinking"),
    ("gpt-4", {"target": PERSON, "mode": "json_schema"}, "response_format"),
]


@pytest.mark.parametrize(("model", "options", "why"), LEFT_BY_OPENAI)
def test_what_openai_s_models_do_not_take_is_told_in_words(
    faults: FaultServer, model: str, options: dict[str, Any], why: str
) -> None:
    assert why in str(obstacle(request(faults, model, **options)))


LIKE_OPENAI = [
    *(("groq", name) for name in ("openai/gpt-oss-20b", "llama-3.3-70b-versatile", "some-model")),
    *(("mistral", name) for name in ("mistral-small-latest", "magistral-medium-latest", "some-model")),
    *(
        ("openrouter", name)
        for name in ("openai/gpt-4.1-mini", "openai/gpt-5-mini", "deepseek/deepseek-r1", "some/model")
    ),
]


@pytest.mark.parametrize(("provider", "model"), LIKE_OPENAI)
def test_providers_on_openai_s_wire_are_sent_what_litellm_sends(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, provider: str, model: str
) -> None:
    monkeypatch.setenv(f"{provider}_API_KEY".upper(), "a-key-of-nobody-0123456789")
    wanted = (*talks(), *shapes(), *samplings(), *thoughts())
    cases = iter([(model, {**each, "api_base": faults.api_base}) for each in wanted])
    served, odd = compared(faults, provider, cases)
    assert served > 20
    assert not odd


@pytest.mark.parametrize("model", ["groq/x", "mistral/x"])
def test_a_provider_is_asked_where_litellm_asks_it(model: str) -> None:
    import litellm

    wire = WIRES_LIKE_OPENAI[model.partition("/")[0]]
    base = litellm.get_llm_provider(model)[3]
    assert wire.url(Request(model, (ASKED,)), stream=False) == f"{base}/chat/completions"


GEMINIS = ("gemini-2.5-flash", "gemini-2.5-pro", "gemini-2.5-flash-lite", "gemini-3-flash-preview", "gemini-pro-latest")
OLDER_GEMINIS = ("gemini-2.0-flash", "gemini-2.5-pro-preview-06-05", "some-model")


def gemini() -> Iterator[tuple[str, dict[str, Any]]]:
    for model in (*GEMINIS, *OLDER_GEMINIS):
        yield from ((model, wanted) for wanted in (*talks(), *shapes(), *samplings(), *thoughts()))


def test_gemini_is_sent_what_litellm_sends(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    served, odd = compared(faults, "gemini", gemini())
    assert served > 300
    assert not odd


async def test_both_lanes_ask_the_same_for_a_stream(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.setenv(key, "a-key-of-nobody-0123456789")
    for wire in ("openai", "anthropic", "gemini", *LIKES):
        faults.reset()
        base = faults.root if wire in ("anthropic", "gemini") else faults.api_base
        for lane in (LITELLM, FAST):
            await streamed(lane, request(faults, "ok", wire, timeout=60.0, api_base=base))
        (_, theirs), (_, ours) = faults.log
        assert (theirs.path, theirs.body) == (ours.path, ours.body)
        assert ours.stream


def test_gemini_gets_back_the_signature_of_a_call(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    signed = ToolCall("call_1__thought__c2lnbmVk", "search", {"query": "Jo"})
    talk = (ASKED, Message("assistant", "", (signed,)), Message("tool", "a person", (), signed.id))
    theirs, ours = bodies(faults, request(faults, "gemini-3-flash-preview", "gemini", messages=talk, tools=(SEARCH,)))
    assert ours == theirs
    assert ours["contents"][1]["parts"][0]["thoughtSignature"] == "c2lnbmVk"


LEFT_BY_GEMINI = [
    ({"messages": (ASKED, Message("tool", "x", (), "nobody"))}, "belongs to no call"),
    ({"messages": (ASKED, Message("assistant", "", (ToolCall("a", "search", None, "{"),)))}, "arguments"),
    ({"logit_bias": {5: 1.0}}, "logit_bias"),
    ({"reasoning_effort": "extreme"}, "extreme"),
    ({"tools": (Tool("a", "", {"allOf": [{"type": "object"}]}),)}, "rewrites"),
]


@pytest.mark.parametrize(("options", "why"), LEFT_BY_GEMINI)
def test_what_gemini_s_wire_cannot_say_is_told_in_words(faults: FaultServer, options: dict[str, Any], why: str) -> None:
    assert why in str(obstacle(request(faults, "gemini-2.5-flash", "gemini", **options)))


def test_the_parameters_of_a_tool_keep_what_litellm_loses_on_gemini_s_wire(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    tool = Tool("note", "Note a thing.", Noted.model_json_schema())
    theirs, ours = bodies(faults, request(faults, "gemini-2.5-flash", "gemini", tools=(tool,)))
    kept, lost = (body["tools"][0]["function_declarations"][0]["parameters"]["properties"] for body in (ours, theirs))
    assert kept["kind"].pop("description") == "What it is."
    assert kept["only"].pop("enum") == ["this"]
    inner = [each["part"]["anyOf"][0]["properties"]["on"] for each in (kept, lost)]
    assert inner[0]["anyOf"] == [{"type": "string", "nullable": True, "title": "On"}]
    inner[0].update(inner[1])
    assert kept == lost


class Kind(Enum):
    A = "a"
    B = "b"


class Part(BaseModel):
    size: int = Field(ge=1, le=9)
    on: date | None = None


class Noted(BaseModel):
    name: str = Field(description="The name.", min_length=2)
    kind: Kind = Field(description="What it is.")
    only: Literal["this"] = "this"
    parts: list[Part]
    part: Part | None = Field(None, description="If there is one.")
    either: int | str
    counts: dict[str, int] = {}
    numbers: list[int] | None = None
    two: Literal[1, 2] = 1
    anything: object = None


LEFT = [
    ({"messages": (ASKED, Message("system", "Be brief."), ASKED)}, "system message"),
    ({"messages": (ASKED, Message("assistant", " "), ASKED)}, "empty"),
    ({"messages": (Message("system", "Be brief."),)}, "only system"),
    ({"messages": (ASKED, Message("assistant", "", (ToolCall("a b", "search", {}),))), "tools": (SEARCH,)}, "id"),
    ({"messages": (ASKED, Message("assistant", "", (ToolCall("a", "search", None, "{"),)))}, "arguments"),
    ({"messages": (ASKED, Message("assistant", "", (CALL,)))}, "tools were called"),
    ({"tools": (Tool("a.b"),)}, "rewrites"),
    ({"temperature": 0.5, "seed": 3}, "seed"),
    ({"n": 2}, "does not take n"),
    ({"reasoning_effort": "low", "thinking": {"type": "disabled"}}, "both"),
    ({"thinking": {"type": "enabled", "display": "updates"}}, "rewrites"),
    ({"reasoning_effort": "extreme"}, "extreme"),
    ({"extra": {"extra_headers": {"Anthropic-Beta": "x"}}}, "headers"),
    ({"extra": {"top_k": 3}}, "top_k"),
]


@pytest.mark.parametrize(("options", "why"), LEFT)
def test_what_anthropic_s_wire_cannot_say_is_told_in_words(
    faults: FaultServer, options: dict[str, Any], why: str
) -> None:
    assert why in str(obstacle(request(faults, "claude-haiku-4-5", "anthropic", **options)))


SCHEMA = {
    "type": "object",
    "$defs": {
        "Part": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1, "maximum": 9}}},
        "Kind": {"enum": ["a", None], "type": ["string", "null"]},
    },
    "properties": {
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}, "minItems": 1, "uniqueItems": False},
        "kind": {"$ref": "#/$defs/Kind"},
        "either": {"oneOf": [{"$ref": "#/$defs/Part"}, {"type": "string", "maxLength": 5}]},
        "name": {"type": "string", "description": "The name.", "minLength": 2},
    },
    "required": ["parts"],
}


def without_descriptions(schema: Any) -> Any:
    if isinstance(schema, list):
        return [without_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: without_descriptions(part) for name, part in schema.items() if name != "description"}


def test_a_schema_is_sent_as_litellm_sends_it_but_for_the_words_that_tell_its_limits(faults: FaultServer) -> None:
    wanted = request(faults, "claude-haiku-4-5", "anthropic", target=Target("Thing", SCHEMA), mode="json_schema")
    theirs, ours = (body["output_format"]["schema"] for body in bodies(faults, wanted))
    assert without_descriptions(theirs) == without_descriptions(ours)
    assert ours["properties"]["name"]["description"] == "The name. Limits: minLength 2."
    assert ours["properties"]["parts"]["items"]["properties"]["size"]["description"] == "Limits: minimum 1, maximum 9."


def test_a_schema_keeps_the_words_beside_a_reference() -> None:
    schema = {"$defs": {"A": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/A", "description": "mine"}}}
    assert inlined(schema) == {"properties": {"a": {"type": "string", "description": "mine"}}}
    assert "$defs" in schema


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = {"type": "object", "properties": {"minimum": {"type": "integer"}, "$ref": {"type": "string"}}}
    assert output_schema(schema) == {**schema, "additionalProperties": False}
    assert not endless(schema)


ENDLESS = [
    {"$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}, "$ref": "#/$defs/A"},
    {"$defs": {"A": {"items": {"$ref": "#/$defs/B"}}, "B": {"anyOf": [{"$ref": "#/$defs/A"}]}}, "$ref": "#/$defs/A"},
    {"properties": {"child": {"$ref": "#"}}},
]


@pytest.mark.parametrize("schema", ENDLESS, ids=json.dumps)
def test_a_schema_that_refers_to_itself_goes_by_litellm(faults: FaultServer, schema: dict[str, Any]) -> None:
    assert endless(schema)
    target = Target("Thing", schema)
    wanted = request(faults, "claude-haiku-4-5", "anthropic", target=target, mode="json_schema")
    assert "refers to itself" in str(obstacle(wanted))
    assert obstacle(request(faults, "claude-haiku-4-5", "anthropic", target=PERSON, mode="json_schema")) is None
