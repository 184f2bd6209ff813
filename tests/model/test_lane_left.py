"""What the fast lane leaves to litellm of the wires that it speaks, told in words."""

from __future__ import annotations

from typing import Any

import pytest

from patterns.messages import Message, Thoughts, Tool, ToolCall
from patterns.model.fast.serving import obstacle
from tests.faultserver import FaultServer
from tests.model.asking import PERSON, SEARCH, request
from tests.model.lane_requests import ASKED, CALL

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


LEFT_BY_OTHERS = [
    ("mistral", {"messages": (ASKED, Message("assistant", " "), ASKED)}, "empty"),
    ("mistral", {"tools": (Tool("a", "", {"type": "object", "$schema": "x"}),)}, "rewrites"),
    ("mistral", {"n": 2, "logit_bias": {5: 1.0}}, "n and logit_bias"),
    ("groq", {"reasoning_effort": "low"}, "reasoning_effort"),
    ("groq", {"target": PERSON, "mode": "json_schema"}, "schema"),
    ("openrouter", {"messages": (Message("user", ("Who is", "Jo?")),)}, "parts"),
    ("openrouter", {"messages": (ASKED, Message("assistant", "", (CALL,), None, Thoughts("m", ())))}, "thoughts"),
]


@pytest.mark.parametrize(("provider", "options", "why"), LEFT_BY_OTHERS)
def test_what_providers_on_openai_s_wire_do_not_take_alike_is_told_in_words(
    faults: FaultServer, provider: str, options: dict[str, Any], why: str
) -> None:
    assert why in str(obstacle(request(faults, "llama-3", provider, **options)))


def test_a_token_in_the_place_of_anthropic_s_key_is_litellm_s_business(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "a-token-of-nobody-0123456789")
    assert "ANTHROPIC_AUTH_TOKEN" in str(obstacle(request(faults, "ok", "anthropic")))


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
