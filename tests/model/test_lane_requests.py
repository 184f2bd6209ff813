"""What the fast lane sends, beside what litellm sends for the same request, caught by a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from patterns.exchange import Request
from patterns.messages import Message, Thoughts, ToolCall
from patterns.model.fast.openai_likes import LIKES as WIRES_LIKE_OPENAI
from tests.faultserver import FaultServer
from tests.model.asking import SEARCH, request, streamed
from tests.model.lane_requests import (
    ASKED,
    CALL,
    FAST,
    LITELLM,
    bodies,
    compared,
    samplings,
    shapes,
    talks,
    thoughts,
)
from tests.model.lane_table import KEYS, LIKES

CLAUDES = ("claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-fable-5")
UNKNOWN = ("claude-of-tomorrow", "some-model")


def anthropic() -> Iterator[tuple[str, dict[str, Any]]]:
    for wanted in (*talks(), *shapes(), *samplings()):
        yield "claude-haiku-4-5", wanted
    for model in (*CLAUDES, *UNKNOWN):
        yield from ((model, wanted) for wanted in (*thoughts(), *samplings(), *shapes()))


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


THINKERS = [("openai", "gpt-4o"), ("anthropic", "claude-haiku-4-5"), ("gemini", "gemini-2.5-pro")]


@pytest.mark.parametrize(("wire", "model"), THINKERS)
def test_thoughts_go_back_as_litellm_sends_them(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, wire: str, model: str
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    thoughts = Thoughts(f"{wire}/{model}", ({"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmVk"},))
    talk = (ASKED, Message("assistant", "", (CALL,), None, thoughts), Message("tool", "a person", (), CALL.id))
    theirs, ours = bodies(faults, request(faults, model, wire, timeout=60.0, messages=talk, tools=(SEARCH,)))
    assert theirs == ours
