"""The retry policy: driven by hand, and over real HTTP."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    EmptyResponse,
    ModelError,
    PatternsError,
    QuotaExceeded,
    TransientError,
    UnknownModel,
)
from patterns.events import Event, Retrying, listen
from patterns.exchange import Attempt, Request, Response
from patterns.model.lanes import Lane
from patterns.model.policies.retry import FIRST, LONGEST, backoff, retrying
from patterns.model.spare import BASE, SHARE, Spare
from patterns.model.steps import ask, drive
from patterns.model.transport import LitellmGateway
from patterns.model.trip import Trail, Trip
from tests.faultserver import FaultServer
from tests.model.asking import request as asked
from tests.model.policies.driving import ANSWER, REQUEST, Clock, play, trip


def run(
    answers: list[Response | PatternsError],
    *,
    retries: int = 2,
    cost: float = 1.0,
    deadline: float | None = None,
    **options: Any,
) -> tuple[object, list[float], Trail, list[Request]]:
    """Drive the policy by hand; a try takes `cost` seconds. Give the outcome, the pauses, the trail, what was sent."""
    clock = Clock()
    on = trip(clock, deadline)
    policy = retrying(ask, retries=retries, pause=lambda number: 10.0 * number, **options)
    played = play(policy(REQUEST, on), answers, clock, cost=cost)
    return played.outcome, played.pauses, on.trail, played.sent


def test_an_answer_passes_at_once() -> None:
    assert run([ANSWER]) == (ANSWER, [], [], [REQUEST])


def test_a_transient_error_is_tried_again_and_its_try_is_in_the_trail() -> None:
    outcome, pauses, trail, _ = run([TransientError("busy"), TransientError("busy"), ANSWER])
    assert outcome is ANSWER
    assert pauses == [10.0, 20.0]
    assert [(a.response, a.problem, a.seconds) for a in trail] == [(None, "busy", 1.0)] * 2


def test_a_paid_empty_answer_is_in_the_trail_with_its_response() -> None:
    paid = Attempt(REQUEST, ANSWER, "empty")
    outcome, _, trail, _ = run([EmptyResponse("empty", attempts=[paid]), ANSWER])
    assert outcome is ANSWER
    assert trail == [replace(paid, seconds=1.0)]


def test_retry_after_is_waited_for_and_a_little_longer() -> None:
    assert run([TransientError("busy", retry_after=3.5), ANSWER])[1] == [3.5 + 10.0 / 10]


def test_a_wait_past_the_deadline_fails_at_once() -> None:
    outcome, pauses, trail, sent = run([TransientError("busy", retry_after=300.0)])
    assert isinstance(outcome, TransientError)
    assert outcome.retry_after == 300.0
    assert "100 s" in outcome.hint
    assert (pauses, trail, len(sent)) == ([], [], 1)


def test_the_tries_share_one_deadline() -> None:
    _, _, _, sent = run([TransientError("busy"), TransientError("busy"), ANSWER], cost=5.0)
    assert [r.options.timeout for r in sent] == [100.0, 100.0 - 5 - 10, 100.0 - 5 - 10 - 5 - 20]


def test_the_last_error_carries_its_own_try_and_the_trail_the_ones_before() -> None:
    outcome, _, trail, sent = run([TransientError(str(i)) for i in range(3)])
    assert isinstance(outcome, ModelError)
    assert [a.problem for a in outcome.attempts] == ["2"]
    assert [a.problem for a in trail] == ["0", "1"]
    assert len(sent) == 3


@pytest.mark.parametrize(
    "error", [AuthenticationError("no"), QuotaExceeded("empty"), BadRequest("odd"), UnknownModel("who")], ids=repr
)
def test_what_cannot_pass_is_not_tried_again(error: ModelError) -> None:
    assert run([error])[0] is error


def test_no_retries_means_one_call() -> None:
    assert len(run([TransientError("busy")], retries=0)[3]) == 1


def test_with_a_deadline_each_try_has_its_own_timeout_and_the_deadline_ends_them() -> None:
    broken = [TransientError("hangs") for _ in range(9)]
    outcome, pauses, _, sent = run(broken, retries=9, cost=100.0, deadline=330.0)
    assert [r.options.timeout for r in sent] == [100.0] * 3
    assert pauses == [10.0, 20.0]
    assert isinstance(outcome, TransientError)
    assert "deadline of 330 s" in outcome.hint


def test_a_rate_limit_is_no_try() -> None:
    busy = [TransientError("slow down", status=429, retry_after=2.0) for _ in range(5)]
    outcome, _, trail, sent = run([*busy, ANSWER], retries=0)
    assert outcome is ANSWER
    assert (len(trail), len(sent)) == (5, 6)


def test_a_rate_limit_without_end_ends_with_the_deadline() -> None:
    busy = [TransientError("slow down", status=429, retry_after=2.0) for _ in range(99)]
    outcome, _, _, _ = run(busy, deadline=60.0)
    assert isinstance(outcome, TransientError)
    assert outcome.retry_after == 2.0


def test_a_rate_limit_is_not_waited_for_where_another_model_is_left() -> None:
    outcome, pauses, _, sent = run([TransientError("slow down", status=429)], waits=lambda request: False)
    assert isinstance(outcome, TransientError)
    assert (pauses, len(sent)) == ([], 1)


def test_an_error_says_how_often_a_retry_is_worth_while() -> None:
    error = TransientError("a web page")
    error.most_retries = 1
    assert len(run([error, error, ANSWER], retries=5)[3]) == 2


def test_each_retry_is_told() -> None:
    heard: list[Event] = []
    with listen(heard.append):
        run([TransientError("busy"), TransientError("busy"), ANSWER])
    told = [event for event in heard if isinstance(event, Retrying)]
    assert [(event.model, event.number, event.seconds) for event in told] == [("m", 1, 10.0), ("m", 2, 20.0)]


def test_what_nobody_knows_to_be_paid_is_marked_so() -> None:
    _, _, trail, _ = run([TransientError("broke", paid=None), TransientError("busy"), ANSWER])
    assert [attempt.paid for attempt in trail] == [None, False]


def test_a_storm_of_retries_is_held_down() -> None:
    """Every third request fails once: a model that is asked a lot gets a fifth more, and ten a minute, not a third."""
    sent = 0
    for number in range(300):
        answers = [TransientError("busy"), ANSWER] if number % 3 == 0 else [ANSWER]
        sent += len(run(list(answers))[3])
    assert sent <= 300 * (1 + SHARE) + BASE + 1
    assert sent >= 300 * (1 + SHARE) - 1


def test_the_bucket_of_retries_fills_in_a_minute() -> None:
    clock = Clock()
    spare = Spare(Lane("m", ""), clock=clock)
    assert [spare.take() for _ in range(11)] == [True] * 10 + [False]
    clock.now = 30.0
    assert [spare.take() for _ in range(6)] == [True] * 5 + [False]


def test_two_hundred_pauses_are_spread_evenly() -> None:
    """Kolmogorov and Smirnov: how far the drawn pauses are from even ones, at most, against the 0.1 % bound."""
    random.seed(7)
    drawn = sorted(backoff(1) / FIRST for _ in range(200))
    away = max(max(abs((i + 1) / 200 - x), abs(x - i / 200)) for i, x in enumerate(drawn))
    assert away < 1.95 / 200**0.5


def test_pauses_are_drawn_and_grow_to_a_bound() -> None:
    for number, most in ((1, FIRST), (2, 2 * FIRST), (3, 4 * FIRST), (20, LONGEST)):
        drawn = [backoff(number) for _ in range(50)]
        assert all(0 <= seconds <= most for seconds in drawn)
        assert len(set(drawn)) > 10


@pytest.mark.parametrize(
    ("fault", "calls"),
    [("500x2", 3), ("429x1ra250ms", 2), ("429x4ra50ms", 5), ("401", 1), ("quota", 1), ("500", 3)],
)
def test_the_server_counts_the_calls_it_should(faults: FaultServer, fault: str, calls: int) -> None:
    on = Trip.starting(None)
    steps = retrying(ask, retries=2, pause=lambda _: 0.01)(asked(faults, fault), on)
    tries = on.trail
    try:
        assert drive(steps, LitellmGateway()).choices
    except ModelError as error:
        tries.extend(error.attempts)
        assert len(tries) == calls
    assert faults.calls == calls
