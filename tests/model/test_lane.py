"""The fast lane beside litellm's: which serves what, proven over recorded traffic, and how one is chosen."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from patterns import Pattern
from patterns.errors import AuthenticationError, BadRequest
from patterns.exchange import Usage
from patterns.model.fast.cost import cost_of
from patterns.model.fast.frames import frames
from patterns.model.fast.gateway import FastGateway
from patterns.model.fast.openai_chat import Chat
from patterns.model.fast.serving import obstacle
from patterns.model.transport import LitellmGateway
from patterns.settings import override
from tests.faultserver import ELSEWHERE, FaultServer
from tests.faultserver.answers import Reply
from tests.model.asking import PERSON, SEARCH, request, streamed
from tests.model.lane_table import KEYS, TABLE, compared, exchanges, rows_of, written
from tests.model.test_replay import replayed

BOTH = FastGateway(LitellmGateway())
FAST = FastGateway()


def by_litellm(faults: FaultServer) -> list[bool]:
    """Which of the calls came by litellm, told by the client that names itself."""
    return [call.headers["user-agent"] != "prompt-patterns" for _, call in faults.log]


@pytest.mark.slow
async def test_the_table_is_what_the_recorded_exchanges_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "a-key-of-nobody-0123456789")
    with replayed() as base:
        verdicts, others = await compared(exchanges(), base)
    assert sum(counts.total() for counts in verdicts.values()) > 900
    assert rows_of(TABLE.read_text("utf-8")) == rows_of(written(verdicts)), others


async def test_a_sample_of_the_recorded_exchanges_is_as_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, "a-key-of-nobody-0123456789")
    with replayed() as base:
        verdicts, others = await compared(exchanges()[::7], base)
    table = {(row["wire"], row["way"]): row for row in rows_of(TABLE.read_text("utf-8"))}
    for lane, counts in verdicts.items():
        assert counts["other"] <= table[lane]["other"], others
        assert counts["equal"] >= 0.6 * counts.total()
    assert len(verdicts) > 6


def pattern(faults: FaultServer, **options: Any) -> Pattern[..., dict[str, bool]]:
    made = {"model": "openai/ok", "api_base": faults.api_base, "mode": "prompted", **options}
    return Pattern("json_extraction/extract", output=dict[str, bool], **made)


def test_what_is_proven_goes_by_the_fast_lane_unless_told_otherwise(faults: FaultServer) -> None:
    call = pattern(faults)
    call("x")
    call.with_options(lane="litellm")("x")
    with override(lane="litellm"):
        call("x")
        call.with_options(lane="auto")("x")
    assert by_litellm(faults) == [False, True, True, False]


async def test_a_lane_is_chosen_for_streams_too(faults: FaultServer) -> None:
    for lane in ("litellm", "auto"):
        call = pattern(faults, lane=lane)
        assert [value async for value in call.astream("x")][-1] == {"ok": True}
        await call.acall("x")
    assert by_litellm(faults) == [True, True, False, False]


def test_what_the_fast_lane_cannot_serve_goes_by_litellm(faults: FaultServer) -> None:
    BOTH.send(request(faults, "ok", "anthropic", extra={"user": "me"}))
    BOTH.send(request(faults, "ok", extra={"user": "me"}))
    assert by_litellm(faults) == [True, True]


def test_a_lane_that_is_forced_says_what_it_cannot_do(faults: FaultServer) -> None:
    with pytest.raises(BadRequest, match="does not speak the wire") as caught:
        FAST.send(request(faults, "ok", "cohere"))
    assert 'lane="auto"' in caught.value.hint
    assert faults.calls == 0


OBSTACLES = [
    ({"extra": {"drop_params": True}}, "drop_params"),
    ({"reasoning_effort": "low"}, "words for thinking"),
    ({"thinking": {"type": "enabled"}}, "words for thinking"),
]


@pytest.mark.parametrize(("options", "why"), OBSTACLES)
def test_an_obstacle_is_told_in_words(faults: FaultServer, options: dict[str, object], why: str) -> None:
    assert obstacle(request(faults, "ok")) is None
    assert why in str(obstacle(request(faults, "ok", **options)))


@pytest.mark.parametrize("name", ["callbacks", "api_base", "num_retries", "client_session"])
def test_what_the_user_set_in_litellm_keeps_its_lane(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    import litellm

    monkeypatch.setattr(litellm, name, [lambda *_: None])
    assert obstacle(request(faults, "ok")) == f"litellm.{name} is set"


def test_the_callback_that_litellm_sets_itself_is_no_obstacle(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import litellm

    for name in ("input_callback", "success_callback", "_async_success_callback"):
        monkeypatch.setattr(litellm, name, ["cache"])
    assert obstacle(request(faults, "ok")) is None


def test_a_proxy_is_litellm_s_business_but_not_on_a_host_that_goes_without(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert obstacle(request(faults, "ok")) == "http_proxy is set"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert obstacle(request(faults, "ok")) is None


def test_a_redirect_is_followed_by_litellm_and_told_once(faults: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    away = Reply(307, b"", "text/plain", {"location": f"{faults.api_base}/elsewhere/chat/completions"})
    faults.script([away, away, "well", away, away, "well"])
    with caplog.at_level(logging.WARNING, "patterns"):
        for _ in range(2):
            assert BOTH.send(request(faults, "any")).choices[0].text == "well"
    assert by_litellm(faults) == [False, True, True] * 2
    assert len([r for r in caplog.records if "another address" in r.getMessage()]) == 1


def test_a_missing_key_is_told_before_anything_is_sent(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(AuthenticationError, match="OPENAI_API_KEY"):
        FAST.send(request(faults, "ok", api_base=ELSEWHERE))


def test_both_lanes_send_the_same(faults: FaultServer) -> None:
    wanted = [
        request(faults, "ok", target=PERSON, mode=mode, tools=tools, temperature=0.0)
        for mode in ("json_schema", "json_object", "tools", "prompted")
        for tools in ((), (SEARCH,))
    ]
    for each in wanted:
        LitellmGateway().send(each)
        FAST.send(each)
    assert faults.bodies[::2] == faults.bodies[1::2]


async def test_both_lanes_stream_the_same(faults: FaultServer) -> None:
    for gateway in (LitellmGateway(), FAST):
        await streamed(gateway, request(faults, "ok", target=PERSON, mode="json_schema"))
    assert faults.bodies[0] == faults.bodies[1]


PRICED = [
    ("openai/gpt-4o", Usage(1000, 100)),
    ("openai/gpt-4o", Usage(1000, 100, cached_tokens=400)),
    ("gpt-4.1-mini", Usage(1000, 100, cached_tokens=1000)),
    ("openai/o3", Usage(1000, 500, reasoning_tokens=300)),
    ("anthropic/claude-sonnet-4-5", Usage(9_000, 500, cached_tokens=4_000, cache_write_tokens=3_000)),
    ("gemini/gemini-2.5-flash", Usage(9_000, 500, cached_tokens=4_000, reasoning_tokens=300)),
    ("gemini/gemini-2.5-pro", Usage(300_000, 500, cached_tokens=4_000, reasoning_tokens=300)),
    ("openai/gpt-5.4", Usage(300_000, 500, cached_tokens=7, reasoning_tokens=30)),
]


@pytest.mark.parametrize(("model", "usage"), PRICED)
def test_a_cost_is_what_litellm_reckons(model: str, usage: Usage) -> None:
    import litellm

    read, written = usage.cached_tokens, usage.cache_write_tokens
    details = {"cached_tokens": read, "cache_creation_tokens": written}, {"reasoning_tokens": usage.reasoning_tokens}
    counted = litellm.Usage(
        prompt_tokens=usage.input_tokens,
        completion_tokens=usage.output_tokens,
        total_tokens=usage.total_tokens,
        prompt_tokens_details=details[0],
        completion_tokens_details=details[1],
    )
    theirs = sum(litellm.cost_per_token(model=model, usage_object=counted))
    assert cost_of(model, model.partition("/")[2] or model, usage) == pytest.approx(theirs, rel=1e-9)


def test_a_cost_that_nobody_knows_is_none() -> None:
    assert cost_of("openai/of-nobody", "of-nobody", Usage(10, 10)) is None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_events_are_put_together_however_they_are_cut(size: int) -> None:
    text = b': hello\r\nevent: x\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata:[2]\n\n\n\ndata: "last"'

    async def cut():  # type: ignore[no-untyped-def]
        for start in range(0, len(text), size):
            yield text[start : start + size]

    assert [data async for data in frames(cut())] == [b'{"a":\n1}', b"[2]", b'"last"']


def test_hostile_replies_are_not_of_the_form() -> None:
    for data in (b"[" * 100_000, b"null", b"{}", b'{"choices": 3}', b"\xff\xfe"):
        with pytest.raises(TypeError):
            Chat().reply(data, {})


def test_a_first_answer_needs_neither_litellm_nor_aiohttp(faults: FaultServer) -> None:
    program = (
        "import sys\nfrom patterns import Pattern\n"
        f"own = dict(model='openai/scripted', api_base={faults.api_base!r})\n"
        "ask = Pattern('json_extraction/extract', output=dict, **own)\n"
        "assert ask('Jo is 35.')\n"
        "heavy = 'litellm', 'aiohttp', 'jsonschema', 'patterns.output.scan'\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    faults.script(['{"name": "Jo"}'])
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PATTERNS_LANE": "auto"},
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
