"""The throttle: by hand, by a long simulation, and over real HTTP by the server's own clock."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns import Pattern
from patterns.errors import CircuitOpen, TransientError
from patterns.exchange import Options, Request, Response, Usage
from patterns.model import meters
from patterns.model.client import litellm
from patterns.model.lanes import Lane, host_of
from patterns.model.meters import BURST, MINUTE, Meter, Turn
from patterns.model.policies.throttle import throttled
from patterns.model.steps import Pause, Steps, ask
from tests.faultserver import FaultServer
from tests.model.policies.driving import ANSWER, REQUEST, Clock, play, trip


def in_any_window(events: list[tuple[float, float]], window: float) -> float:
    """The most that came within `window` seconds."""
    most, total, inside = 0.0, 0.0, deque[tuple[float, float]]()
    for at, amount in sorted(events):
        inside.append((at, amount))
        total += amount
        while inside[0][0] <= at - window:
            total -= inside.popleft()[1]
        most = max(most, total)
    return most


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32), st.integers(1, 600), st.integers(100, 100_000))
def test_row_60_in_no_window_more_than_the_rate_and_a_burst(seed: int, rpm: int, tpm: int) -> None:
    rng, clock = random.Random(seed), Clock()
    meter = Meter(Lane("m", ""), clock=clock)
    requests: list[tuple[float, float]] = []
    tokens: list[tuple[float, float]] = []
    largest = tpm * BURST
    for _ in range(300):
        clock.now += rng.choice((0.0, 0.0, 0.01, 5.0)) * 60 / rpm
        amount = rng.choice((1, 10, tpm // 50, tpm // 5))
        seconds, taken = meter.reserve(rpm, tpm, amount, patience=1e9)
        assert taken
        largest = max(largest, amount)
        requests.append((clock.now + seconds, 1))
        tokens.append((clock.now + seconds, amount))
    for window in (1.0, 10.0, 60.0, 600.0):
        assert in_any_window(requests, window) <= rpm * window / MINUTE + max(1, rpm * BURST) + 1e-6
        assert in_any_window(tokens, window) <= tpm * window / MINUTE + largest + 1e-6


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32), st.integers(1, 600), st.integers(100, 100_000))
def test_row_60_nor_where_those_who_wait_give_up(seed: int, rpm: int, tpm: int) -> None:
    rng, clock = random.Random(seed), Clock()
    meter = Meter(Lane("m", ""), clock=clock)
    waiting: list[tuple[float, int, Turn]] = []
    sent: list[tuple[float, int]] = []
    largest = tpm * BURST
    for _ in range(300):
        clock.now += rng.choice((0.0, 0.0, 0.01, 1.0)) * 60 / rpm
        while waiting and waiting[0][0] <= clock.now:
            at, amount, due = waiting.pop(0)
            meter.begin(due)
            sent.append((at, amount))
        if waiting and rng.random() < 0.4:
            meter.give_up(waiting.pop(rng.choice((-1, rng.randrange(len(waiting)))))[2])
        amount = rng.choice((1, 10, tpm // 50, tpm // 5))
        largest = max(largest, amount)
        seconds, turn = meter.reserve(rpm, tpm, amount, patience=1e9)
        assert turn is not None
        if seconds:
            waiting = sorted([*waiting, (clock.now + seconds, amount, turn)], key=lambda each: each[0])
        else:
            sent.append((clock.now, amount))
    sent += [(at, amount) for at, amount, _ in waiting]
    for window in (1.0, 10.0, 60.0, 600.0):
        assert in_any_window([(at, 1) for at, _ in sent], window) <= rpm * window / MINUTE + max(1, rpm * BURST) + 1e-6
        assert (
            in_any_window([(at, float(amount)) for at, amount in sent], window)
            <= tpm * window / MINUTE + largest + 1e-6
        )


def test_row_60_a_rate_is_used_to_the_full() -> None:
    clock = Clock()
    meter = Meter(Lane("m", ""), clock=clock)
    for _ in range(600):
        clock.now += meter.reserve(60, None, 0, patience=1e9)[0]
    assert clock.now == pytest.approx(600 - 6, abs=1)


def test_row_60_a_refusal_halves_the_rate_and_it_recovers() -> None:
    clock = Clock(100.0)
    meter = Meter(Lane("m", ""), clock=clock)
    clock.now += 100

    def gap() -> float:
        clock.now += meter.reserve(60, None, 0, 1e9)[0]
        before = clock.now
        clock.now += meter.reserve(60, None, 0, 1e9)[0]
        return clock.now - before

    for _ in range(10):
        gap()
    assert gap() == pytest.approx(1.0)
    for _ in range(5):
        meter.slow(clock.now)  # a volley: all but the first were sent before the cut
    assert gap() == pytest.approx(2.0, rel=0.1)
    for _ in range(40):
        gap()
    assert gap() == pytest.approx(1.0)


def test_refusals_that_follow_each_other_cut_it_further_but_not_to_nothing() -> None:
    clock = Clock(100.0)
    meter = Meter(Lane("m", ""), clock=clock)
    for _ in range(20):
        clock.now += 0.001
        meter.slow(clock.now)
    assert meter._now() == pytest.approx(1 / 16, rel=0.01)


def paced(
    clock: Clock, *, rpm: int | None = None, tpm: int | None = None, seconds: float | None = None
) -> Steps[Response]:
    policy = throttled(ask, rpm=rpm, tpm=tpm, count=lambda request: 40)
    return policy(REQUEST, trip(clock, seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(meters.METERS, "_make", lambda lane: Meter(lane, clock=clock))
    return clock


def test_a_request_waits_for_its_turn(clock: Clock) -> None:
    assert [play(paced(clock, rpm=6), [ANSWER], clock, cost=0.0).pauses for _ in range(3)] == [[], [10.0], [10.0]]


def test_a_turn_past_the_deadline_is_refused_at_once_and_taken_by_nobody(clock: Clock) -> None:
    play(paced(clock, rpm=6), [ANSWER], clock, cost=0.0)
    refused = play(paced(clock, rpm=6, seconds=5.0), [], clock)
    assert isinstance(refused.outcome, CircuitOpen)
    assert refused.outcome.retry_after == pytest.approx(10.0)
    assert "rpm=6" in refused.outcome.message
    assert play(paced(clock, rpm=6, seconds=15.0), [ANSWER], clock).pauses == [10.0]


def test_tokens_are_booked_as_they_were(clock: Clock) -> None:
    """540 are reserved for each, as nothing is known of answers yet; 60 are used, and ten fit into a burst of 600."""
    short = Response(ANSWER.choices, "m", usage=Usage(50, 10))
    waits = [sum(play(paced(clock, tpm=6000), [short], clock, cost=0.0).pauses) for _ in range(12)]
    assert sum(waits) < 5
    assert sum(waits) >= 12 * 0.6 - 6 - 1
    assert meters.METERS.of(Lane("m", ""))._usual < 500


def test_what_surely_was_not_answered_is_given_back(clock: Clock) -> None:
    for _ in range(20):
        play(paced(clock, tpm=600), [TransientError("down", paid=False)], clock, cost=0.0)
    assert play(paced(clock, tpm=600), [ANSWER], clock, cost=0.0).pauses == []


def test_a_request_larger_than_a_burst_goes_when_nothing_is_owed(clock: Clock) -> None:
    policy = throttled(ask, rpm=None, tpm=100, count=lambda request: 1000)
    big = Request("m", (), Options(max_tokens=1))
    assert play(policy(big, trip(clock)), [ANSWER], clock, cost=0.0).pauses == []
    assert play(policy(big, trip(clock)), [ANSWER], clock, cost=0.0).pauses == [pytest.approx(600.6)]


@pytest.mark.parametrize("limits", [{"rpm": 6}, {"tpm": 6000}, {"rpm": 6, "tpm": 6000}])
def test_turns_of_those_who_gave_up_are_free_again(clock: Clock, limits: dict[str, int]) -> None:
    def waits() -> tuple[Steps[Response], object]:
        steps = paced(clock, **limits)
        return steps, next(steps)

    while not isinstance(waits()[1], Pause):
        pass
    first, storm = waits(), [waits() for _ in range(500)]
    for steps, _ in storm:
        steps.close()
    after = waits()
    assert after[1] == storm[0][1], "the next waits as long as the first of those had to"
    first[0].close()
    assert waits()[1] == storm[1][1], "nobody goes at the time of one who waits still"


# Over HTTP


def test_row_60_over_http_the_server_sees_no_more_than_the_rate(faults: FaultServer) -> None:
    """1,200 a minute are 20 a second, after a burst of 120, which this test uses up first."""
    litellm()
    call = Pattern(
        "json_extraction/extract",
        output=dict[str, bool],
        model="openai/ok",
        mode="prompted",
        api_base=faults.api_base,
        rpm=1200,
    )
    call.with_options(rpm=None)("one that sets up the client")
    faults.reset()
    meter = meters.METERS.of(Lane("openai/ok", host_of(faults.api_base)))
    for _ in range(120):
        meter.reserve(1200, None, 0, 0)
    threads = [threading.Thread(target=lambda: [call(f"row {i}") for i in range(5)]) for _ in range(8)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults.calls == 40
    assert time.monotonic() - started > 1.8
    assert in_any_window([(at, 1) for at in faults.times], 1.0) <= 20 + 5, "what is late may meet what is in time"
    assert max(after - before for before, after in pairwise(faults.times)) < 1.0
