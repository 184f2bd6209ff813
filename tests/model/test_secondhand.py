"""Replies that the fast lane cannot read: litellm reads the same bytes, and nobody is asked, or paid, twice."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from patterns.errors import TransientError
from patterns.exchange import Choice, Usage
from patterns.model.fast.gateway import FastGateway
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.faultserver.answers import Answer, Call, Reply
from tests.faultserver.wires import encode
from tests.model.asking import request, streamed

BOTH, FAST = FastGateway(LitellmGateway()), FastGateway()
WIRES = ("openai", "anthropic", "gemini")
SAID = {"role": "assistant", "content": "Jo is a person."}
STRANGE = {
    "id": "of-another-wire",
    "choices": [{"index": 0, "message": SAID, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60},
}
"""An answer in OpenAI's form, from a server that should speak another."""


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")


def reply(body: Any) -> Reply:
    return Reply(200, json.dumps(body).encode())


@pytest.mark.parametrize("wire", ["anthropic", "gemini"])
async def test_litellm_reads_what_the_fast_lane_cannot_and_nothing_is_asked_again(
    faults: FaultServer, caplog: pytest.LogCaptureFixture, wire: str
) -> None:
    wanted = request(faults, f"strange-{wire}", wire, timeout=60.0)
    faults.script([reply(STRANGE)] * 3)
    with caplog.at_level(logging.WARNING, "patterns"):
        found = [BOTH.send(wanted), await BOTH.asend(wanted), BOTH.send(wanted)]
    for each in found:
        assert each.choices == (Choice("Jo is a person."),)
        assert each.usage == Usage(50, 10)
    assert (faults.calls, faults.paid) == (3, 3)
    assert [r.getMessage() for r in caplog.records] == [
        f"{wire}/strange-{wire}: a reply of a form that the fast lane does not know is read by litellm"
    ]


@pytest.mark.parametrize("wire", WIRES)
def test_what_neither_reads_is_an_error_and_was_asked_once(faults: FaultServer, wire: str) -> None:
    with pytest.raises(TransientError, match="not of the form") as caught:
        BOTH.send(request(faults, "garbage", wire, timeout=60.0))
    assert caught.value.paid is None
    assert faults.calls == 1


def test_a_lane_that_is_forced_reads_for_itself_alone(faults: FaultServer) -> None:
    faults.script([reply(STRANGE)])
    with pytest.raises(TransientError, match="not of the form"):
        FAST.send(request(faults, "strange", "anthropic"))


def test_no_key_hangs_on_what_could_not_be_read(faults: FaultServer) -> None:
    with pytest.raises(TransientError) as caught:
        BOTH.send(request(faults, "garbage", "anthropic", timeout=60.0))
    seen: BaseException | None = caught.value
    while seen is not None:
        assert "sk-ant-test-key" not in repr(seen)
        seen = seen.__cause__ or seen.__context__


PATHS = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "gemini": "/v1beta/models/m:generateContent",
}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("gateway", [BOTH, FAST], ids=["auto", "fast"])
async def test_a_server_that_does_not_stream_is_read_all_the_same(
    faults: FaultServer, gateway: FastGateway, wire: str
) -> None:
    """It was asked to stream, and sends its whole answer at once, as some in front of models do."""
    whole = encode(Call(PATHS[wire], {}, {"model": "m", "messages": []}), Answer("Jo is a person."))
    faults.script([whole, whole])
    wanted = request(faults, "at-once", wire, timeout=60.0)
    deltas = await streamed(gateway, wanted)
    assert [delta.text for delta in deltas] == ["Jo is a person.", ""]
    assert deltas[-1].response == await gateway.asend(wanted)
    assert (faults.calls, faults.paid) == (2, 2)


@pytest.mark.parametrize("wire", ["anthropic", "gemini"])
async def test_litellm_reads_a_strange_reply_where_a_stream_was_wanted(faults: FaultServer, wire: str) -> None:
    faults.script([reply(STRANGE)])
    deltas = await streamed(BOTH, request(faults, "strange-at-once", wire, timeout=60.0))
    assert [delta.text for delta in deltas] == ["Jo is a person.", ""]
    assert deltas[-1].response is not None
    assert deltas[-1].response.usage == Usage(50, 10)
    assert (faults.calls, faults.paid) == (1, 1)


@pytest.mark.parametrize("wire", WIRES)
async def test_what_neither_reads_is_an_error_where_a_stream_was_wanted(faults: FaultServer, wire: str) -> None:
    with pytest.raises(TransientError, match="not of the form"):
        await streamed(BOTH, request(faults, "garbage", wire, timeout=60.0))
    assert faults.calls == 1
