"""Worst cases: bounds that need no tokenizer, prices that depend on the request."""

from __future__ import annotations

from typing import Any

import litellm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.exchange import Choice, Options, Request, Response, Usage
from patterns.messages import Message, Tool, ToolCall
from patterns.model.estimates import (
    ASSUMED_OUTPUT,
    ASSUMED_THOUGHT,
    SLACK,
    charged,
    limited,
    output_tokens,
    worst,
)
from patterns.model.known import facts
from patterns.model.tariffs import tariff_of
from patterns.model.tokens import at_most, input_tokens
from tests.model.asking import PERSON, SEARCH

MINI = "openai/gpt-4o-mini"


def asking(model: str = MINI, text: str = "hello there", **options: Any) -> Request:
    return Request(model, (Message("user", text),), Options(**options))


texts = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(deadline=None)  # the first count loads a tokenizer
@given(st.lists(texts, min_size=1, max_size=4), st.booleans(), st.sampled_from(["prompted", "tools", "json_schema"]))
def test_no_count_passes_the_bound(said: list[str], tool: bool, mode: Any) -> None:
    call = ToolCall("call_1", "search", None, said[0])
    called = (Message("assistant", "", (call,)), Message("tool", said[0], tool_call_id="call_1"))
    messages = (*(Message("user", text) for text in said), *called)
    request = Request(MINI, messages, target=PERSON, mode=mode, tools=(SEARCH, Tool("ünï")) if tool else ())
    assert input_tokens(request) <= at_most(request)


@settings(deadline=None)  # the first count loads a tokenizer
@given(st.lists(texts, min_size=1, max_size=5))
def test_texts_are_counted_as_litellm_counts_them(said: list[str]) -> None:
    request = Request(MINI, tuple(Message("user", text) for text in said))
    plain = [{"role": "user", "content": text} for text in said]
    assert input_tokens(request) == input_tokens(request) == litellm.token_counter(model="gpt-4o", messages=plain)


def test_with_room_enough_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    request = asking(text="word " * 1000)
    exact = worst(request)
    monkeypatch.setattr("patterns.model.estimates.input_tokens", lambda request: pytest.fail("it was counted"))
    rough = worst(request, room=1.0)
    assert exact is not None
    assert rough is not None
    assert exact < rough < 4 * exact
    with pytest.raises(pytest.fail.Exception):
        worst(request, room=10 * rough)


def test_long_requests_and_thoughts_may_be_dearer() -> None:
    tariff, table = tariff_of("gemini/gemini-2.5-pro"), facts("gemini/gemini-2.5-pro")
    assert tariff is not None
    dear = table["input_cost_per_token_above_200k_tokens"]
    assert isinstance(dear, float)
    assert dear > tariff.into
    assert tariff.worst(200_001, 0) == pytest.approx(200_001 * dear)
    assert tariff.worst(200_000, 0) == pytest.approx(200_000 * tariff.into)


def test_prices_that_are_registered_late_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(litellm.model_cost, "openai/late", {"litellm_provider": "openai"})
    assert worst(asking("openai/late")) is None
    litellm.model_cost["openai/late"]["input_cost_per_token"] = 1e-6
    litellm.model_cost["openai/late"]["output_cost_per_token"] = 2e-6
    assert worst(asking("openai/late", max_tokens=100)) == pytest.approx(2e-4, rel=0.1)


@pytest.mark.parametrize(
    ("model", "options", "most"),
    [
        (MINI, {}, ASSUMED_OUTPUT),
        ("openai/gpt-4", {}, min(ASSUMED_OUTPUT, 8192)),
        ("openai/gpt-3.5-turbo", {}, 4096),
        ("openai/gpt-5-mini", {}, ASSUMED_THOUGHT),
        ("anthropic/claude-sonnet-4-5", {}, ASSUMED_OUTPUT),
        ("anthropic/claude-sonnet-4-5", {"reasoning_effort": "low"}, ASSUMED_THOUGHT),
        ("anthropic/claude-sonnet-4-5", {"thinking": {"budget_tokens": 9000}}, ASSUMED_OUTPUT + 9000),
        ("openai/unheard-of", {}, ASSUMED_OUTPUT),
        (MINI, {"max_tokens": 7}, 7),
    ],
)
def test_an_answer_has_a_longest_length(model: str, options: dict[str, Any], most: int) -> None:
    request = asking(model, **options)
    assert limited(request).options.max_tokens == output_tokens(request) == most


def test_a_free_model_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limited(asking("ollama_chat/llama3.2:1b")).options.max_tokens is None


def test_what_an_answer_cost() -> None:
    def answer(cost: float | None, *, estimated: bool = False, usage: bool = True) -> Response:
        return Response((Choice("x"),), "m", Usage(1000, 100, estimated=estimated) if usage else None, cost)

    own = {"openai/mine": (1.0, 2.0), "theirs": (1.0, 2.0)}
    assert charged(asking(MINI), answer(0.5)) == 0.5
    assert charged(asking("openai/unheard-of"), answer(None)) is None
    assert charged(asking(MINI), answer(None, usage=False)) is None
    assert charged(asking("openai/mine"), answer(None, estimated=True), own) == pytest.approx(0.0012)
    assert charged(asking("other/theirs"), answer(None, estimated=True), own) == pytest.approx(SLACK * 0.0012)
