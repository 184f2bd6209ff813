"""Asking a provider to keep the beginning of a prompt, and what is counted and paid when it did, over real HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from patterns import Conversation, classify_sentiment, override
from patterns.exchange import Options, Request, Response
from patterns.messages import Message
from patterns.model.client import litellm
from patterns.model.estimates import estimate, worst
from patterns.model.fast.gateway import FastGateway
from patterns.model.fingerprint import fingerprint
from patterns.model.transport import LitellmGateway
from tests.failing import TICKETS
from tests.faultserver import FaultServer
from tests.faultserver.answers import Answer
from tests.model.asking import streamed
from tests.reasking import pattern_of, value_of

GATEWAYS = {"litellm": LitellmGateway, "fast": FastGateway}
CLAUDE, GPT = "anthropic/claude-haiku-4-5", "openai/gpt-4.1-mini"
KEPT = {"type": "ephemeral"}
SENTIMENT = '{"label": "negative", "confidence": 0.9}'
TALK = (
    Message("system", "Be brief."),
    Message("user", "Hi"),
    Message("assistant", "Hello."),
    Message("user", "Who is Jo?"),
)


def asked(base: str, model: str = CLAUDE, *marks: int) -> Request:
    return Request(model, TALK, Options(timeout=60.0, api_base=base, max_tokens=50), marks=marks)


@pytest.mark.parametrize("lane", GATEWAYS)
def test_marks_reach_anthropic_where_they_stand(faults: FaultServer, lane: str) -> None:
    faults.script(["Jo is Jo."])
    GATEWAYS[lane]().send(asked(faults.root, CLAUDE, 0, 2))
    body = faults.bodies[0]
    assert body["system"] == [{"type": "text", "text": "Be brief.", "cache_control": KEPT}]
    assert [turn["content"] for turn in body["messages"]] == [
        [{"type": "text", "text": "Hi"}],
        [{"type": "text", "text": "Hello.", "cache_control": KEPT}],
        [{"type": "text", "text": "Who is Jo?"}],
    ]


@pytest.mark.parametrize("lane", GATEWAYS)
def test_others_are_sent_no_marks(faults: FaultServer, lane: str) -> None:
    faults.script(["Jo is Jo."])
    GATEWAYS[lane]().send(asked(faults.api_base, GPT, 0, 2))
    assert [message["content"] for message in faults.bodies[0]["messages"]] == [turn.content for turn in TALK]


def marked(body: dict[str, Any]) -> list[str]:
    """The texts at whose end a body asks to keep what came so far."""
    turns = [body["system"], *(turn["content"] for turn in body["messages"])]
    return [
        block["text"] for blocks in turns for block in blocks if isinstance(block, dict) and "cache_control" in block
    ]


@pytest.mark.parametrize("lane", ["litellm", "auto"])
def test_a_pattern_marks_the_end_of_its_examples(faults: FaultServer, lane: str) -> None:
    faults.script([SENTIMENT] * 3)
    options: Any = {"model": CLAUDE, "api_base": faults.root}
    with override(lane=lane):  # type: ignore[arg-type]
        classify_sentiment.with_options(**options)("It broke.")
        classify_sentiment.with_options(**options, prompt_cache=True)("It broke.")
        with override(prompt_cache=True):
            classify_sentiment.with_options(**options)("It works.")
    plain, first, second = faults.bodies
    assert marked(plain) == []
    assert len(marked(first)) == 1
    assert marked(first) == marked(second)
    answers = [block for turn in first["messages"] if turn["role"] == "assistant" for block in turn["content"]]
    assert "cache_control" in answers[-1]


def test_a_conversation_marks_what_was_said_before(faults: FaultServer) -> None:
    faults.script(["Hello.", "Jo.", "Yes."])
    talk = Conversation("Be brief.", model=CLAUDE, api_base=faults.root, prompt_cache=True)
    for text in ("Hi", "Who?", "Sure?"):
        talk.send(text)
    assert [marked(body) for body in faults.bodies] == [[], ["Hello."], ["Jo."]]


def test_a_second_question_keeps_the_marks_and_a_patch_begins_anew(faults: FaultServer) -> None:
    faults.script(["no idea", SENTIMENT, TICKETS.faulty, json.dumps(TICKETS.mends)])
    options: Any = {"model": CLAUDE, "api_base": faults.root, "prompt_cache": True, "reasks": 1, "mode": "prompted"}
    classify_sentiment.with_options(**options)("It broke.")
    result = pattern_of(TICKETS, **options).run(TICKETS.text)
    assert value_of(TICKETS, result) == TICKETS.right
    first, second, whole, patch = faults.bodies
    assert marked(first) == marked(second) != []
    assert len(marked(whole)) == 1
    assert "cache_control" not in json.dumps(patch)


def test_marks_change_no_key_and_count_into_the_bound() -> None:
    plain, kept = asked(""), asked("", CLAUDE, 0, 2)
    assert fingerprint(plain) == fingerprint(kept)
    assert (worst(kept) or 0) > (worst(plain) or 0)
    assert (estimate(kept).high or 0) > (estimate(plain).high or 0)
    assert estimate(kept).low == estimate(plain).low
    assert worst(replace(kept, model=GPT)) == worst(replace(plain, model=GPT))


CLAUDE_USAGE = {
    "input_tokens": 100,
    "cache_creation_input_tokens": 2_000,
    "cache_read_input_tokens": 5_000,
    "output_tokens": 10,
}
GPT_USAGE = {
    "prompt_tokens": 7_100,
    "completion_tokens": 10,
    "total_tokens": 7_110,
    "prompt_tokens_details": {"cached_tokens": 5_000},
}


@pytest.mark.parametrize("lane", GATEWAYS)
@pytest.mark.parametrize(
    ("model", "usage", "wanted", "cost"),
    [
        # By the table: 1.00 in, 5.00 out, 0.10 read from the cache, 1.25 written to it, in US dollars per million.
        (CLAUDE, CLAUDE_USAGE, (7_100, 5_000, 2_000, 10), 100 * 1.00 + 5_000 * 0.10 + 2_000 * 1.25 + 10 * 5.00),
        # 0.40 in, 1.60 out, 0.10 read.
        (GPT, GPT_USAGE, (7_100, 5_000, 0, 10), 2_100 * 0.40 + 5_000 * 0.10 + 10 * 1.60),
    ],
)
def test_cached_tokens_are_counted_and_paid_at_their_price(
    faults: FaultServer, lane: str, model: str, usage: dict[str, Any], wanted: tuple[int, ...], cost: float
) -> None:
    base = faults.root if model == CLAUDE else faults.api_base
    faults.script([Answer("Jo is Jo.", extra={"usage": usage})])
    found: Response = GATEWAYS[lane]().send(asked(base, model, 0))
    counted = found.usage
    assert counted is not None
    assert (counted.input_tokens, counted.cached_tokens, counted.cache_write_tokens, counted.output_tokens) == wanted
    assert found.cost == pytest.approx(cost / 1e6)
    module = litellm()
    told = module.cost_per_token(
        model=model.partition("/")[2],
        custom_llm_provider=model.partition("/")[0],
        prompt_tokens=wanted[0],
        completion_tokens=wanted[3],
        cache_read_input_tokens=wanted[1],
        cache_creation_input_tokens=wanted[2],
    )
    assert found.cost == pytest.approx(sum(told))


@pytest.mark.parametrize("lane", GATEWAYS)
async def test_cached_tokens_of_a_stream_are_counted_too(faults: FaultServer, lane: str) -> None:
    faults.script([Answer("Jo is Jo.", output_tokens=10, extra={"usage": CLAUDE_USAGE})])
    *_, last = await streamed(GATEWAYS[lane](), asked(faults.root, CLAUDE, 0))
    assert last.response is not None
    assert last.response.usage is not None
    assert (last.response.usage.cached_tokens, last.response.usage.cache_write_tokens) == (5_000, 2_000)
    assert last.response.cost == pytest.approx((100 * 1.00 + 5_000 * 0.10 + 2_000 * 1.25 + 10 * 5.00) / 1e6)
