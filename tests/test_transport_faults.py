"""Whole calls of a pattern against every fault on the way: what the caller sees, and what the server counts."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from patterns import Pattern, PatternsError, listen
from patterns.errors import (
    AuthenticationError,
    EmptyResponse,
    ModelError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
)
from patterns.events import Event, Retrying
from patterns.model.policies import retry
from tests.faultserver import ELSEWHERE, Answer, Call, FaultServer, Raw
from tests.faultserver.faults import _begin, fault
from tests.faultserver.wires import STREAM

CANARY = "sk-CANARY-of-the-caller-0123456789"
GOOD = Answer('{"ok": true}')


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST", 0.02)


def caller(faults: FaultServer, model: str, **options: object) -> Pattern[..., dict[str, bool]]:
    made: dict[str, object] = {"retries": 2, "mode": "prompted", "api_base": faults.api_base, **options}
    return Pattern("json_extraction/extract", output=dict[str, bool], model=f"openai/{model}", **made)  # type: ignore[arg-type]


# fault, calls, words of the error, paid
LASTING: list[tuple[str, int, str, bool | None]] = [
    ("500", 3, "Failed on purpose", False),
    ("503", 3, "Failed on purpose", False),
    ("529", 3, "Overloaded", False),
    ("drop", 3, "no connection", None),
    ("trunc", 3, "no connection", None),
    ("html", 2, "web page", None),
    ("text", 2, "not of the form", None),
    ("html502", 3, "web page", None),
]


@pytest.mark.parametrize(("fault", "calls", "words", "paid"), LASTING, ids=[case[0] for case in LASTING])
def test_rows_4_6_9_and_14_a_fault_that_lasts_is_tried_as_often_as_is_worth_while(
    faults: FaultServer, fault: str, calls: int, words: str, paid: bool | None
) -> None:
    with pytest.raises(TransientError, match=words) as caught:
        caller(faults, fault)("x")
    assert faults.calls == calls
    assert [attempt.paid for attempt in caught.value.attempts] == [paid] * calls
    assert caught.value.paid is paid
    assert all(attempt.seconds > 0 for attempt in caught.value.attempts)


# what the server says before it answers well
PASSING: list[tuple[str, list[object]]] = [
    ("a 500 burst", [500, 500]),
    ("a dropped connection", ["drop"]),
    ("a body cut off", ["trunc"]),
    ("a page of a proxy", ["html"]),
    ("no choices", [Answer(extra={"choices": []})]),
    ("an empty text", [Answer("")]),
    ("a null text", [Answer(None)]),
]


@pytest.mark.parametrize(("told", "said"), PASSING, ids=[case[0] for case in PASSING])
@pytest.mark.parametrize("driven", ["blocking", "on a loop"])
def test_rows_3_to_16_a_fault_that_passes_is_not_seen_but_told(
    faults: FaultServer, told: str, said: list[object], driven: str
) -> None:
    faults.script([*(_reply(each) for each in said), GOOD])  # type: ignore[arg-type]
    heard: list[Event] = []
    call = caller(faults, "any")
    with listen(heard.append):
        result = call.run("x") if driven == "blocking" else asyncio.run(call.arun("x"))
    assert result.output == {"ok": True}
    assert faults.calls == len(said) + 1 == len(result.attempts)
    assert sum(isinstance(event, Retrying) for event in heard) == len(said)
    assert all(attempt.problem for attempt in result.attempts[:-1])


def _reply(said: object) -> object:
    if not isinstance(said, str):
        return said
    return fault(Call("/v1/chat/completions", {}, {"model": said}))


@pytest.mark.parametrize("fault", ["nochoices", "empty", "null"])
def test_rows_15_and_16_every_empty_answer_is_on_the_bill(faults: FaultServer, fault: str) -> None:
    with pytest.raises(EmptyResponse) as caught:
        caller(faults, fault)("x")
    assert faults.paid == faults.calls == 3
    assert caught.value.usage.total_tokens == 3 * 60
    assert [attempt.paid for attempt in caught.value.attempts] == [True] * 3


# fault, error
FINAL: list[tuple[str, type[PatternsError]]] = [
    ("quota", QuotaExceeded),
    ("401", AuthenticationError),
    ("403", AuthenticationError),
    ("404", UnknownModel),
    ("refusal", Refused),
    ("filter", Refused),
    ("policy", Refused),
]


@pytest.mark.parametrize(("fault", "error"), FINAL, ids=[case[0] for case in FINAL])
def test_rows_2_16_18_23_and_25_what_cannot_pass_is_asked_once(
    faults: FaultServer, fault: str, error: type[PatternsError]
) -> None:
    with pytest.raises(error) as caught:
        caller(faults, fault, retries=5, reasks=5)("x")
    assert type(caught.value) is error
    assert faults.calls == 1
    assert caught.value.hint


def test_row_25_a_provider_that_nobody_knows_is_not_asked(faults: FaultServer) -> None:
    with pytest.raises(UnknownModel, match="no provider of that name") as caught:
        Pattern("json_extraction/extract", output=dict[str, bool], model="opnai/gpt-4.1", api_base=faults.api_base)("x")
    assert faults.calls == 0
    assert "gpt-4.1" in caught.value.hint


def test_row_25_a_model_that_is_not_there_comes_with_names_that_are(faults: FaultServer) -> None:
    faults.script([404])
    with pytest.raises(UnknownModel) as caught:
        caller(faults, "gpt-4.1-minni")("x")
    assert "gpt-4.1-mini" in caught.value.hint


def test_row_24_without_a_key_nothing_is_sent(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(AuthenticationError) as caught:
        caller(faults, "ok", retries=5).with_options(api_base=ELSEWHERE)("x")
    assert "OPENAI_API_KEY" in caught.value.hint
    assert "rules" in caught.value.hint


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("driven", ["blocking", "on a loop"])
def test_row_5_a_refused_connection_is_retried_and_names_the_host_not_the_key(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, driven: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    host = f"127.0.0.1:{free_port()}"
    call = caller(faults, "ok", api_base=f"http://{host}/v1")
    with pytest.raises(TransientError) as caught:
        call("x") if driven == "blocking" else asyncio.run(call.acall("x"))
    assert host in caught.value.message
    assert len(caught.value.attempts) == 3
    assert CANARY not in repr(vars(caught.value)) + str(caught.value) + caught.value.hint


def test_row_5_without_any_network_a_name_cannot_be_found(tmp_path: Path) -> None:
    """In a network of its own, with nothing in it: the resolver itself fails."""
    program = textwrap.dedent(
        f"""
        from patterns import Pattern, TransientError
        call = Pattern("json_extraction/extract", output=dict[str, bool], model="openai/gpt-4.1-mini",
                       mode="prompted", api_base="http://models.example/v1", retries=1)
        try:
            call("x")
        except TransientError as error:
            print(type(error).__name__, len(error.attempts), "models.example" in error.message)
            assert {CANARY!r} not in str(error)
        """
    )
    environment = {"OPENAI_API_KEY": CANARY, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    apart = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-c", program]
    try:
        done = subprocess.run(apart, env=environment, cwd=Path.cwd(), capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("unshare is not here")
    if "unshare" in done.stderr:
        pytest.skip("no network namespace may be made here")
    assert done.stdout.split() == ["TransientError", "2", "True"], done.stderr


# how the stream breaks
TORN = ["s-cut", "s-err", "s-hang"]


@pytest.mark.parametrize("fault", TORN)
async def test_rows_10_12_and_13_a_torn_stream_is_asked_again_and_never_given_as_a_result(
    faults: FaultServer, fault: str
) -> None:
    call = caller(faults, fault, timeout=5.0, deadline=1.5, retries=1)
    started = time.monotonic()
    with pytest.raises(ModelError) as caught:
        [value async for value in call.astream("x")]
    assert time.monotonic() - started < 2.0
    assert faults.calls == (1 if fault == "s-hang" else 2)
    assert caught.value.raw_text == '{"name": "Jo"}'
    assert [attempt.response is not None for attempt in caught.value.attempts] == [True] * faults.calls


def test_row_1_the_three_ways_to_say_how_long_are_waited_for(faults: FaultServer) -> None:
    for name, seconds in (("429x1ra1", 1.0), ("429x1ra400ms", 0.4)):
        faults.reset()
        assert caller(faults, name, retries=0)("x") == {"ok": True}
        assert faults.calls == 2
        assert seconds <= faults.times[1] - faults.times[0] < seconds + 0.6
    with pytest.raises(TransientError) as caught:
        caller(faults, "429radate", deadline=5.0)("x")
    assert caught.value.retry_after == pytest.approx(19.5, abs=1)


def test_row_3_the_third_try_succeeds_after_two_failures(faults: FaultServer) -> None:
    result = caller(faults, "500x2").run("x")
    assert (result.output, faults.calls) == ({"ok": True}, 3)
    assert [attempt.paid for attempt in result.attempts] == [False, False, True]


async def test_items_that_are_out_are_followed_by_no_other_answer(faults: FaultServer) -> None:
    """Neither a retry nor a fallback: its items would be mixed with those of the first."""
    call = Call("/v1/chat/completions", {}, {"model": "any", "stream": True})
    begun = [*_begin(call, '[{"ok": true}, {"ok": false}, {"o')]
    empty = {"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}
    faults.script([Raw([*begun, f"data: {json.dumps(empty)}\n\n".encode()], STREAM)])
    listing = Pattern(
        "json_extraction/extract",
        output=list[dict[str, bool]],
        model="openai/any",
        mode="prompted",
        api_base=faults.api_base,
        fallbacks=["openai/ok"],
    )
    got: list[dict[str, bool]] = []
    with pytest.raises(ModelError, match="quota"):
        await _taken(listing.astream_items("x"), got)
    assert got == [{"ok": True}, {"ok": False}]
    assert faults.calls == 1


async def _taken(items: AsyncIterator[dict[str, bool]], got: list[dict[str, bool]]) -> None:
    async for item in items:
        got.append(item)


@pytest.mark.parametrize("driven", ["blocking", "on a loop"])
def test_row_7_the_import_of_litellm_counts_in_the_first_call_of_a_process(faults: FaultServer, driven: str) -> None:
    program = textwrap.dedent(
        f"""
        import asyncio, time
        from patterns import Pattern, DeadlineExceeded
        from patterns.model import client
        imported = []
        def timed(inner=client.litellm):
            begun = time.monotonic()
            module = inner()
            imported.append(time.monotonic() - begun)
            return module
        client.litellm = timed
        call = Pattern("json_extraction/extract", output=dict[str, bool], model="openai/hang", mode="prompted",
                       api_base={faults.api_base!r}, deadline=6.0, lane="litellm")
        begun = time.monotonic()
        try:
            {"call('x')" if driven == "blocking" else "asyncio.run(call.acall('x'))"}
        except DeadlineExceeded:
            took = time.monotonic() - begun
            print(took < max(6.0, imported[0] + 1.0) + 0.75, took, imported)
        """
    )
    environment = {**os.environ, "OPENAI_API_KEY": CANARY}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("True"), done.stdout + done.stderr
