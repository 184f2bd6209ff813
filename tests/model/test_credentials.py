"""Keys that the user gives: drawn for each request, renewed once on a 401, and never sent anywhere else."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest

from patterns.errors import AuthenticationError
from patterns.exchange import Options
from patterns.settings import override
from tests.faultserver import FaultServer
from tests.model.asking import LANES, request, streamed

GATEWAY = LANES
pytestmark = pytest.mark.usefixtures("lane")
FIRST, SECOND = "sk-CANARYfirst0123456789", "sk-CANARYsecond0123456789"


@pytest.fixture(autouse=True)
def _no_keys(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("ANTHROPIC_API_KEY")


def host(faults: FaultServer) -> str:
    return faults.root.removeprefix("http://")


def sent(faults: FaultServer) -> list[str]:
    """The keys that the server saw, one a call."""
    heads = [call.headers for _, call in faults.log]
    return [head.get("x-api-key") or head.get("authorization", "").removeprefix("Bearer ") for head in heads]


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_a_key_is_drawn_for_each_request(faults: FaultServer, wire: str) -> None:
    keys = iter([FIRST, SECOND])
    with override(api_key={host(faults): lambda: next(keys)}):
        for _ in range(2):
            GATEWAY.send(request(faults, "ok", wire))
    assert sent(faults) == [FIRST, SECOND]


async def test_async_calls_and_streams_draw_too(faults: FaultServer) -> None:
    keys = iter([FIRST, SECOND])
    with override(api_key={host(faults): lambda: next(keys)}):
        await GATEWAY.asend(request(faults, "ok"))
        await streamed(GATEWAY, request(faults, "ok"))
    assert sent(faults) == [FIRST, SECOND]


def test_a_401_asks_for_the_key_once_more(faults: FaultServer) -> None:
    keys = iter([FIRST, SECOND])
    faults.script([401, "well"])
    with override(api_key={host(faults): lambda: next(keys)}):
        assert GATEWAY.send(request(faults, "scripted")).choices[0].text == "well"
    assert sent(faults) == [FIRST, SECOND]


async def test_a_401_at_the_start_of_a_stream_asks_once_more(faults: FaultServer) -> None:
    keys = iter([FIRST, SECOND])
    faults.script([401, "well"])
    with override(api_key={host(faults): lambda: next(keys)}):
        deltas = await streamed(GATEWAY, request(faults, "scripted"))
    assert "".join(delta.text for delta in deltas) == "well"
    assert sent(faults) == [FIRST, SECOND]


def test_a_second_401_is_the_end(faults: FaultServer) -> None:
    keys = iter([FIRST, SECOND, "sk-third-0123456789"])
    with override(api_key={host(faults): lambda: next(keys)}), pytest.raises(AuthenticationError):
        GATEWAY.send(request(faults, "401"))
    assert faults.calls == 2


def test_the_same_key_again_is_not_sent_again(faults: FaultServer) -> None:
    with override(api_key={host(faults): lambda: FIRST}), pytest.raises(AuthenticationError):
        GATEWAY.send(request(faults, "401"))
    assert faults.calls == 1


def test_a_providers_key_does_not_go_to_another_host(faults: FaultServer) -> None:
    elsewhere = replace(request(faults, "ok"), options=Options(api_base="https://gateway.invalid/v1"))
    with override(api_key={"openai": FIRST}):
        with pytest.raises(AuthenticationError, match="no key"):
            GATEWAY.send(elsewhere)
        GATEWAY.send(request(faults, "ok"))  # a server on this machine may ask for none
    assert FIRST not in sent(faults)
    assert faults.calls == 1


def test_a_models_own_key_goes_before_that_of_the_host(faults: FaultServer) -> None:
    with override(api_key={host(faults): FIRST, "openai/ok": SECOND}):
        GATEWAY.send(request(faults, "ok"))
    assert sent(faults) == [SECOND]


def test_a_function_that_fails_is_named_without_its_words(faults: FaultServer) -> None:
    def draw() -> str:
        raise RuntimeError(f"vault says {FIRST}")

    with (
        override(api_key={host(faults): draw}),
        pytest.raises(AuthenticationError, match="raised RuntimeError") as caught,
    ):
        GATEWAY.send(request(faults, "ok"))
    assert caught.value.__cause__ is None
    assert FIRST not in str(caught.value)


def test_no_key_is_in_the_locals_of_a_traceback(faults: FaultServer) -> None:
    with override(api_key={host(faults): lambda: FIRST}):
        try:
            GATEWAY.send(request(faults, "401"))
        except AuthenticationError as error:
            told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert FIRST not in told
    assert "[redacted]" in told
