"""The breaker over real HTTP: many callers, one model in trouble; the server's own count says what they did."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import pytest

from patterns import Pattern, PatternsError
from patterns.errors import (
    AuthenticationError,
    BadRequest,
    BudgetExceeded,
    CircuitOpen,
    DeadlineExceeded,
    EmptyResponse,
    Refused,
    TransientError,
    Truncated,
)
from patterns.events import CircuitChanged, Event, FellBack, Retrying, listen
from patterns.exchange import Request, Response
from patterns.model import circuits as module
from patterns.model.circuits import TOO_MANY, circuits, gate_of
from patterns.model.client import litellm
from patterns.model.policies.breaker import PATIENCE, guarded
from patterns.model.steps import Steps, ask
from patterns.model.trip import Deadline, Trail, Trip
from patterns.testing import FakeModel
from tests.faultserver import Answer, FaultServer, Reply
from tests.model.policies.driving import ANSWER, REQUEST, Clock, play


def through(
    clock: Clock, *, waits: bool = True, seconds: float | None = None, trail: Trail | None = None
) -> Steps[Response]:
    on = Trip([] if trail is None else trail, Deadline.starting(seconds, clock))
    return guarded(ask, waits=lambda request: waits)(REQUEST, on)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """One clock for the circuits and the policies."""
    clock = Clock()
    monkeypatch.setattr(module.GATES, "_make", lambda lane: module.Gate(lane, clock=clock, draw=lambda: 1.0))
    return clock


def broken(clock: Clock) -> None:
    for _ in range(TOO_MANY):
        play(through(clock), [TransientError("down")], clock)


EVIDENCE: list[tuple[PatternsError, str]] = [
    (TransientError("down"), "open"),
    (EmptyResponse("nothing"), "open"),
    (BadRequest("odd", status=400), "closed"),
    (AuthenticationError("no", status=401), "closed"),
    (DeadlineExceeded("over"), "closed"),
    (Refused("no"), "closed"),
    (Truncated("cut"), "closed"),
    (BudgetExceeded("over", spent=1, limit=1), "closed"),
]


@pytest.mark.parametrize(("error", "state"), EVIDENCE, ids=[type(error).__name__ for error, _ in EVIDENCE])
def test_only_failures_of_the_model_open_its_circuit(clock: Clock, error: PatternsError, state: str) -> None:
    for _ in range(TOO_MANY):
        assert play(through(clock), [error], clock).outcome is error
    assert gate_of(REQUEST).show().state == state


def test_with_another_model_left_an_open_circuit_is_not_waited_for(clock: Clock) -> None:
    broken(clock)
    played = play(through(clock, waits=False), [], clock)
    assert isinstance(played.outcome, CircuitOpen)
    assert played.outcome.retry_after == pytest.approx(30.0, abs=1.0)
    assert "down" in played.outcome.message
    assert (played.sent, played.pauses) == ([], [])


def test_the_last_model_is_waited_for_if_the_deadline_allows(clock: Clock) -> None:
    broken(clock)
    assert isinstance(play(through(clock, seconds=20.0), [], clock).outcome, CircuitOpen)
    started = clock.now
    assert play(through(clock, seconds=60.0), [ANSWER], clock).outcome is ANSWER
    assert 29 <= clock.now - started <= 36


def test_without_a_deadline_a_model_that_is_down_is_waited_for_as_long_as_a_request_may_take(clock: Clock) -> None:
    broken(clock)
    assert play(through(clock), [ANSWER], clock).outcome is ANSWER
    broken(clock)
    for _ in range(2):  # two probes fail: the next rest is longer than the request's 100 s
        clock.now += gate_of(REQUEST).show().seconds
        play(through(clock), [TransientError("down")], clock)
    assert isinstance(play(through(clock), [], clock).outcome, CircuitOpen)


def test_a_rate_limit_is_waited_out_and_kept_in_the_story(clock: Clock) -> None:
    trail: Trail = []
    heard: list[Event] = []
    busy = TransientError("busy", status=429, retry_after=3.0)
    with listen(heard.append):
        played = play(through(clock, trail=trail), [busy, busy, ANSWER], clock)
    assert played.outcome is ANSWER
    assert [attempt.problem for attempt in trail] == ["busy", "busy"]
    assert [event.number for event in heard if isinstance(event, Retrying)] == [1, 2]
    assert all(after - before >= 4.0 for before, after in pairwise(played.times))


def test_a_rate_limit_without_end_is_not_waited_for_without_end(clock: Clock) -> None:
    busy = [TransientError("busy", status=429, retry_after=30.0) for _ in range(99)]
    played = play(through(clock), busy, clock)
    assert isinstance(played.outcome, TransientError)
    assert PATIENCE - 60 < clock.now < PATIENCE


def test_a_call_that_is_given_up_in_the_line_or_as_a_probe_leaves_no_trace(clock: Clock) -> None:
    broken(clock)
    waiting = through(clock)
    next(waiting)
    waiting.close()
    clock.now += 31.0
    probe = through(clock)
    assert isinstance(next(probe), Request)
    probe.close()
    shown = gate_of(REQUEST).show()
    assert (shown.state, shown.flying, shown.waiting) == ("half-open", 0, 0)
    assert play(through(clock), [ANSWER], clock).outcome is ANSWER


# Over HTTP


@contextmanager
def quickly(monkeypatch: pytest.MonkeyPatch, rest: float) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(module, "REST", rest)
        yield


def caller(faults: FaultServer, model: str, **options: object) -> Pattern[..., dict[str, bool]]:
    litellm()
    return Pattern(
        "json_extraction/extract",
        output=dict[str, bool],
        model=f"openai/{model}",
        mode="prompted",
        api_base=faults.api_base,
        **options,  # type: ignore[arg-type]
    )


async def together(call: Pattern[..., dict[str, bool]], count: int) -> Sequence[dict[str, bool] | BaseException]:
    return await asyncio.gather(*(call.acall(f"row {i}") for i in range(count)), return_exceptions=True)


async def test_row_1_fifty_rows_under_a_rate_limit_make_one_probe_in_each_window(faults: FaultServer) -> None:
    """The first volley is refused, and the first two probes; every other row waits, and all are answered."""
    faults.script([_busy(1)] * 52 + [Answer('{"ok": true}')] * 50)
    assert await together(caller(faults, "any", deadline=30.0, retries=0), 50) == [{"ok": True}] * 50
    assert (faults.calls, faults.paid) == (50 + 2 + 50, 50)
    volley, first, second, third = faults.times[49:53]
    assert first - volley >= 1.0
    assert second - first >= 1.0
    assert third - second >= 1.0


def _busy(seconds: float) -> Reply:
    body = {"error": {"message": "Rate limit reached.", "type": "x", "code": "rate_limit_exceeded"}}
    return Reply(429, json.dumps(body).encode(), headers={"retry-after": f"{seconds:g}"})


async def test_row_1_the_rest_is_let_go_step_by_step(faults: FaultServer) -> None:
    faults.script([_busy(1)] * 50 + [Answer('{"ok": true}')] * 50)
    flying: list[int] = []
    watch = asyncio.create_task(_watch(flying))
    assert await together(caller(faults, "any", deadline=30.0), 50) == [{"ok": True}] * 50
    watch.cancel()
    assert max(flying[len(flying) // 2 :]) <= 30, "never all at once again"


async def _watch(flying: list[int]) -> None:
    while True:
        flying += [circuit.flying for circuit in circuits() if circuit.room is not None]
        await asyncio.sleep(0.002)


async def test_row_4_while_a_model_is_down_only_probes_reach_it(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Event] = []
    with quickly(monkeypatch, 0.5), listen(heard.append):
        call = caller(faults, "529", deadline=3.2, retries=0)
        first = [await together(call, 1) for _ in range(TOO_MANY)]
        assert all(isinstance(error, TransientError) for [error] in first)
        assert faults.calls == TOO_MANY
        ended = await together(call, 50)
    probes = faults.times[TOO_MANY:]
    assert 2 <= len(probes) <= 3, "at 0.5, 1.5 and 3.5 s"
    assert all(after - before > 0.4 for before, after in pairwise([faults.times[TOO_MANY - 1], *probes]))
    assert {type(error) for error in ended} == {TransientError, CircuitOpen}
    assert [type(error) for error in ended].count(TransientError) == len(probes), "who probed, and met the failure"
    assert {event.state for event in heard if isinstance(event, CircuitChanged)} == {"open", "half-open"}


async def test_row_4_with_a_fallback_the_rows_go_there_at_once(faults: FaultServer) -> None:
    heard: list[Event] = []
    call = caller(faults, "529", fallbacks=["openai/ok"], retries=0)
    with listen(heard.append):
        for _ in range(20):
            assert await call.acall("x") == {"ok": True}
    models = [body["model"] for body in faults.bodies]
    assert models.count("529") == TOO_MANY
    assert models.count("ok") == 20
    reasons = [type(event.error) for event in heard if isinstance(event, FellBack)]
    assert reasons == [TransientError] * TOO_MANY + [CircuitOpen] * (20 - TOO_MANY)
    result = await call.arun("x")
    assert result.fallback_model == "openai/ok"
    assert "failed too often" in str(result.attempts[0].problem)


def test_row_4_threads_and_tasks_share_the_circuit(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with quickly(monkeypatch, 0.5):
        call = caller(faults, "529x5", deadline=10.0, retries=0)
        for _ in range(TOO_MANY):
            with pytest.raises(TransientError):
                call("x")
        ended: list[object] = []
        threads = [threading.Thread(target=lambda: ended.append(call("x"))) for _ in range(10)]
        for thread in threads:
            thread.start()
        ended += asyncio.run(together(call, 10))
        for thread in threads:
            thread.join()
    assert ended == [{"ok": True}] * 20
    assert faults.times[TOO_MANY] - faults.times[TOO_MANY - 1] >= 0.5
    assert faults.calls == TOO_MANY + 20


async def test_a_cancelled_probe_frees_its_place(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with quickly(monkeypatch, 0.3):
        down = caller(faults, "529", retries=0)
        await together(down, TOO_MANY)
        faults.script([])
        await asyncio.sleep(0.35)
        probe = asyncio.create_task(down.acall("x"))
        while circuits()[0].state != "half-open":
            await asyncio.sleep(0)
        probe.cancel()
        with pytest.raises(asyncio.CancelledError):
            await probe
        assert circuits()[0].flying == 0
        with pytest.raises(TransientError):
            await down.acall("x")


async def test_without_a_breaker_every_call_goes_out(faults: FaultServer) -> None:
    await together(caller(faults, "529", retries=0, breaker=False), 20)
    assert faults.calls == 20
    assert circuits() == ()


async def test_a_stand_in_for_the_models_has_no_circuit() -> None:
    with FakeModel([TransientError("down")] * 20):
        call = Pattern("json_extraction/extract", output=dict[str, bool], model="openai/fake", retries=0)
        ended = await together(call, 20)
    assert {type(error) for error in ended} == {TransientError}


def test_a_pass_through_the_gate_costs_little() -> None:
    policy = guarded(ask, waits=lambda request: True)
    started = time.process_time()
    for _ in range(2_000):
        steps = policy(REQUEST, Trip.starting(None))
        next(steps)
        with pytest.raises(StopIteration):
            steps.send(ANSWER)
    assert (time.process_time() - started) / 2_000 < 150e-6
