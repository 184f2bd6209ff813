"""Streams over real HTTP: what grows, and what is never taken for whole."""

from __future__ import annotations

import asyncio
import time

import pytest

from patterns.errors import EmptyResponse, ModelError, OutputError, PatternsError, TransientError, Truncated
from patterns.exchange import Options, Request, Usage
from patterns.messages import Message
from patterns.model import calls
from patterns.model.portal import portal
from tests.faultserver import Answer, Call, FaultServer, Raw, wires
from tests.model.asking import JO, LANES, PERSON, SEARCH, WIRES, request, streamed

GATEWAY = LANES
pytestmark = pytest.mark.usefixtures("lane")


@pytest.mark.parametrize("wire", WIRES)
async def test_the_pieces_make_the_whole(faults: FaultServer, wire: str) -> None:
    deltas = await streamed(GATEWAY, request(faults, "think", wire))
    *pieces, last = deltas
    assert len(pieces) > 2
    assert last.response is not None
    choice = last.response.choices[0]
    assert "".join(d.text for d in pieces) == choice.text == '{"ok": true}'
    assert "".join(d.reasoning for d in pieces) == choice.reasoning == "Let me see."
    assert choice.finish_reason == "stop"
    assert last.response.usage is not None
    assert last.response.usage.input_tokens == 50
    assert faults.calls == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_in_mode_tools_the_arguments_are_the_text(faults: FaultServer, wire: str) -> None:
    faults.script([JO])
    *pieces, last = await streamed(GATEWAY, request(faults, "m", wire, target=PERSON, mode="tools"))
    assert len(pieces) > 1
    assert last.response is not None
    assert "".join(d.text for d in pieces) == last.response.choices[0].text == JO
    assert last.response.choices[0].tool_calls == ()


@pytest.mark.parametrize("wire", WIRES)
async def test_the_callers_tool_calls_are_put_together(faults: FaultServer, wire: str) -> None:
    *_, last = await streamed(GATEWAY, request(faults, "calls", wire, tools=(SEARCH,)))
    assert last.response is not None
    assert [call.arguments for call in last.response.choices[0].tool_calls] == [{"query": "cats"}, {"query": "dogs"}]


# fault, finish reason, refusal
ODD = [
    ("refusal", "stop", "I cannot help with that."),
    ("length", "length", None),
    ("weirdfr", "eaten_by_dog", None),
    ("filter", "content_filter", None),
]


@pytest.mark.parametrize(("fault", "finish", "refusal"), ODD, ids=[case[0] for case in ODD])
async def test_an_odd_stream_is_told_as_it_is(
    faults: FaultServer, fault: str, finish: str, refusal: str | None
) -> None:
    *_, last = await streamed(GATEWAY, request(faults, fault))
    assert last.response is not None
    assert (last.response.choices[0].finish_reason, last.response.choices[0].refusal) == (finish, refusal)


@pytest.mark.by_litellm
async def test_anthropic_s_own_finish_reason_is_told_too(faults: FaultServer) -> None:
    *_, last = await streamed(GATEWAY, request(faults, "weirdfr", "anthropic"))
    assert last.response is not None
    assert last.response.choices[0].finish_reason == "eaten_by_dog"


async def test_tokens_that_litellm_made_up_are_not_told(faults: FaultServer) -> None:
    *_, last = await streamed(GATEWAY, request(faults, "nousage"))
    assert last.response is not None
    assert last.response.usage is not None
    assert last.response.usage.estimated, "litellm makes up a count, ours says what it is"
    assert last.response.cost is None


GEMINI = 'data: {"candidates": [{"content": {"role": "model", "parts": [{"text": "half"}]}, "index": 0%s}]}\n\n'


@pytest.mark.by_litellm
@pytest.mark.parametrize("finish", ["STOP", None])
async def test_a_stream_that_litellm_opens_late_is_watched_too(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, finish: str | None
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    chunk = GEMINI % (f', "finishReason": "{finish}"' if finish else "")
    faults.script([Raw([chunk.encode()], "text/event-stream")])
    options = Options(timeout=10, api_base=f"{faults.root}/v1beta/models/x")
    wanted = Request("gemini/gemini-2.5-flash", (Message("user", "hi"),), options)
    if finish is None:
        with pytest.raises(Truncated, match="without a finish reason"):
            await streamed(GATEWAY, wanted)
        return
    *_, last = await streamed(GATEWAY, wanted)
    assert last.response is not None
    assert (last.response.choices[0].text, last.response.choices[0].finish_reason) == ("half", "stop")


# fault, error
BROKEN: list[tuple[str, type[PatternsError]]] = [
    ("s-nodone", Truncated),
    ("s-done", Truncated),
    ("s-err", TransientError),
    ("s-cut", TransientError),
    ("s-hang", TransientError),
    ("s-ping", TransientError),
]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "error"), BROKEN, ids=[case[0] for case in BROKEN])
async def test_a_broken_stream_is_never_whole_and_its_text_is_kept(
    faults: FaultServer, wire: str, fault: str, error: type[PatternsError]
) -> None:
    started = time.monotonic()
    with pytest.raises(error) as caught:
        await streamed(GATEWAY, request(faults, fault, wire, timeout=1))
    assert isinstance(caught.value, ModelError | OutputError)
    assert caught.value.raw_text == '{"name": "Jo"}'
    assert caught.value.attempts[0].response is not None
    assert caught.value.cost is None
    assert caught.value.__context__ is None
    assert faults.calls == 1
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("fault", "error"), [("500", TransientError), ("hang", TransientError), ("empty", EmptyResponse)]
)
async def test_a_stream_that_never_starts_raises_like_a_call(
    faults: FaultServer, fault: str, error: type[PatternsError]
) -> None:
    with pytest.raises(error):
        await streamed(GATEWAY, request(faults, fault, timeout=1))


@pytest.mark.parametrize("wire", WIRES)
async def test_row_13_a_stream_that_falls_silent_is_given_up_before_its_deadline(
    faults: FaultServer, wire: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "SILENCE", 0.3)
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"silent for 0\.3 s") as caught:
        await streamed(GATEWAY, request(faults, "s-hang", wire, timeout=60))
    assert time.monotonic() - started < 5
    assert (caught.value.raw_text, caught.value.paid) == ('{"name": "Jo"}', True)
    assert caught.value.attempts[0].response is not None


async def test_a_model_may_think_for_longer_than_it_may_fall_silent(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "SILENCE", 0.1)
    body = wires.encode(Call("/v1/chat/completions", {}, {"model": "m", "stream": True}), Answer("yes"))
    assert isinstance(body, Raw)
    faults.script([Raw([0.4, *body.steps], body.type)])
    *_, last = await streamed(GATEWAY, request(faults, "any", timeout=60))
    assert last.response is not None
    assert last.response.choices[0].text == "yes"


async def test_leaving_a_stream_early_closes_it(faults: FaultServer) -> None:
    source = GATEWAY.astream(request(faults, "s-hang", timeout=60))
    assert (await anext(source)).text
    await asyncio.wait_for(source.aclose(), 5)  # type: ignore[attr-defined]


def test_a_blocking_caller_sees_the_pieces_too(faults: FaultServer) -> None:
    deltas = list(portal().iterate(GATEWAY.astream(request(faults, "ok"))))
    assert "".join(d.text for d in deltas) == '{"ok": true}'
    assert deltas[-1].response is not None
    assert deltas[-1].response.usage == Usage(50, 10)
