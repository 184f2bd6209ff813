"""The deadline of a whole call: driven by hand, and held over real HTTP whatever the server does."""

from __future__ import annotations

import asyncio
import time

import pytest

from patterns import Pattern
from patterns.errors import DeadlineExceeded, PatternsError, TransientError
from patterns.exchange import Request, Response
from patterns.model.client import litellm
from patterns.model.fast.lines import close
from patterns.model.policies.deadline import within
from patterns.model.steps import Ask, Pause, Steps, Wait, ask
from patterns.model.trip import Trip
from tests.faultserver import FaultServer
from tests.model.policies.driving import ANSWER, REQUEST, Clock, play, trip


def late(clock: Clock, seconds: float = 10.0, inner: Ask = ask) -> Steps[Response]:
    return within(inner)(REQUEST, trip(clock, seconds))


def twice(request: Request, on: Trip) -> Steps[Response]:
    yield from ask(request, on)
    yield Pause(2.0)
    return (yield from ask(request, on))


def test_a_request_gets_what_is_left_if_that_is_less_than_its_own() -> None:
    clock = Clock()
    assert play(late(clock, 250.0, twice), [ANSWER, ANSWER], clock, cost=99.0).outcome is ANSWER
    clock = Clock()
    played = play(late(clock, 110.0, twice), [ANSWER, ANSWER], clock, cost=99.0)
    assert [r.options.timeout for r in played.sent] == [100.0, 110.0 - 99 - 2]


def test_nothing_is_sent_when_nothing_is_left() -> None:
    clock = Clock()

    def again(request: Request, on: Trip) -> Steps[Response]:
        yield from ask(request, on)
        return (yield from ask(request, on))

    played = play(late(clock, 5.0, again), [ANSWER], clock, cost=5.0)
    assert isinstance(played.outcome, DeadlineExceeded)
    assert played.outcome.paid is False
    assert len(played.sent) == 1


def test_a_pause_past_the_end_fails_at_once() -> None:
    clock = Clock()
    played = play(late(clock, 2.5, twice), [ANSWER], clock)
    assert isinstance(played.outcome, DeadlineExceeded)
    assert "raise deadline=" in played.outcome.hint
    assert played.pauses == []


def test_a_wait_is_cut_and_the_waiter_sees_for_itself() -> None:
    from concurrent.futures import Future

    def waiting(request: Request, on: Trip) -> Steps[Response]:
        yield Wait(Future(), 60.0)
        return ANSWER

    clock = Clock()
    assert play(late(clock, inner=waiting), [], clock).pauses == [10.0]


def test_a_timeout_that_the_deadline_caused_is_called_so_and_keeps_what_was_paid() -> None:
    clock = Clock()
    played = play(late(clock), [TransientError("no whole answer", paid=True, raw_text="half")], clock, cost=50.0)
    error = played.outcome
    assert isinstance(error, DeadlineExceeded)
    assert (error.paid, error.raw_text) == (True, "half")
    assert "10 s" in error.message


def test_a_timeout_of_the_request_s_own_stays_what_it_is() -> None:
    clock = Clock()
    error = TransientError("no whole answer")
    assert play(late(clock, 500.0), [error], clock, cost=100.0).outcome is error


def test_it_lets_go_of_the_inner_steps_when_it_is_closed() -> None:
    closed: list[bool] = []

    def inner(request: Request, on: Trip) -> Steps[Response]:
        try:
            return (yield from ask(request, on))
        finally:
            closed.append(True)

    steps = late(Clock(), inner=inner)
    next(steps)
    steps.close()
    assert closed == [True]


def pattern(faults: FaultServer, model: str, **options: object) -> Pattern[..., str]:
    return Pattern(
        "json_extraction/extract",
        output=dict[str, bool],  # type: ignore[arg-type]
        model=f"openai/{model}",
        mode="prompted",
        api_base=faults.api_base,
        **options,  # type: ignore[arg-type]
    )


HELD = [
    ("hang", {}),
    ("hang", {"timeout": 0.3, "retries": 9}),
    ("slowdrip", {}),
    ("slowdrip", {"timeout": 0.3, "retries": 9}),
    ("500", {"retries": 99}),
    ("429ra50ms", {"retries": 0}),
    ("hang", {"timeout": 0.4, "retries": 1, "fallbacks": ["openai/slowdrip", "openai/hang"]}),
]


@pytest.mark.parametrize(("fault", "options"), HELD, ids=[f"{fault} {' '.join(o)}" for fault, o in HELD])
@pytest.mark.parametrize("driven", ["blocking", "on a loop"])
def test_rows_7_and_8_a_hang_or_a_drip_ends_with_the_deadline(
    faults: FaultServer, fault: str, options: dict[str, object], driven: str
) -> None:
    litellm()  # its import, once in a process, is no part of a call
    call = pattern(faults, fault, deadline=1.5, **options)
    started = time.monotonic()
    with pytest.raises(PatternsError) as caught:
        call("x") if driven == "blocking" else asyncio.run(call.acall("x"))
    assert time.monotonic() - started < 1.5 + 0.25
    told = len(caught.value.attempts)  # type: ignore[attr-defined]
    assert told - 1 <= faults.calls <= told, "the last one may not have left"


def test_row_1_a_retry_after_past_the_deadline_fails_at_once(faults: FaultServer) -> None:
    started = time.monotonic()
    with pytest.raises(TransientError) as caught:
        pattern(faults, "429ra300", deadline=5.0, retries=3)("x")
    assert time.monotonic() - started < 3
    assert caught.value.retry_after == 300.0
    assert caught.value.status == 429
    assert "deadline" in caught.value.hint
    assert faults.calls == 1
    assert len(caught.value.attempts) == 1


def test_a_fallback_gets_what_is_left(faults: FaultServer) -> None:
    result = pattern(faults, "429ra300", deadline=5.0, fallbacks=["openai/ok"]).run("x")
    assert result.fallback_model == "openai/ok"
    assert [body["model"] for body in faults.bodies] == ["429ra300", "ok"]


@pytest.mark.parametrize("lane", ["litellm", "fast"])
@pytest.mark.parametrize("driven", ["blocking", "on a loop"])
def test_calls_with_a_deadline_share_a_connection(faults: FaultServer, driven: str, lane: str) -> None:
    """Each gives its requests another timeout, for which litellm would make another client."""
    close()  # what other tests have kept
    call = pattern(faults, "ok", deadline=50.0, lane=lane)

    async def several() -> None:
        for _ in range(10):
            await call.acall("x")

    if driven == "blocking":
        for _ in range(10):
            call("x")
    else:
        asyncio.run(several())
    assert faults.calls == 10
    assert faults.connections == 1


async def test_re_asks_count_too(faults: FaultServer) -> None:
    faults.script(["no json"])
    started = time.monotonic()
    with pytest.raises(PatternsError):
        await pattern(faults, "any", deadline=0.5, reasks=50).acall("x")
    assert time.monotonic() - started < 0.75
