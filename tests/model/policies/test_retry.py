"""The retry policy: driven by hand, and over real HTTP."""

from __future__ import annotations

import pytest

from patterns.errors import AuthenticationError, EmptyResponse, ModelError, PatternsError, QuotaExceeded, TransientError
from patterns.exchange import Attempt, Choice, Options, Request, Response
from patterns.model.policies.retry import FIRST, LONGEST, backoff, retrying
from patterns.model.policies.trail import Trail
from patterns.model.steps import Pause, ask, drive
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.model.asking import request as asked

REQUEST = Request("m", (), Options(timeout=100.0))
ANSWER = Response((Choice("yes"),), "m")


class Clock:
    """Time that passes only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def run(
    answers: list[Response | PatternsError], *, retries: int = 2, cost: float = 1.0
) -> tuple[object, list[float], Trail, list[Request]]:
    """Drive the policy by hand; a try takes `cost` seconds. Give the outcome, the pauses, the trail, what was sent."""
    clock, trail, pauses, sent = Clock(), [], [], []
    steps = retrying(ask, trail, retries=retries, clock=clock, pause=lambda number: 10.0 * number)(REQUEST)
    try:
        step = next(steps)
        while True:
            if isinstance(step, Pause):
                pauses.append(step.seconds)
                clock.now += step.seconds
                step = steps.send(None)
                continue
            sent.append(step)
            clock.now += cost
            answer = answers.pop(0)
            step = steps.throw(answer) if isinstance(answer, PatternsError) else steps.send(answer)
    except StopIteration as stop:
        return stop.value, pauses, trail, sent
    except PatternsError as error:
        return error, pauses, trail, sent


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
    assert trail == [paid]


def test_retry_after_is_waited_for() -> None:
    assert run([TransientError("busy", retry_after=3.5), ANSWER])[1] == [3.5]


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


@pytest.mark.parametrize("error", [AuthenticationError("no"), QuotaExceeded("empty")])
def test_what_cannot_pass_is_not_tried_again(error: ModelError) -> None:
    assert run([error])[0] is error


def test_no_retries_means_one_call() -> None:
    assert len(run([TransientError("busy")], retries=0)[3]) == 1


def test_pauses_are_drawn_and_grow_to_a_bound() -> None:
    for number, most in ((1, FIRST), (2, 2 * FIRST), (3, 4 * FIRST), (20, LONGEST)):
        drawn = [backoff(number) for _ in range(50)]
        assert all(0 <= seconds <= most for seconds in drawn)
        assert len(set(drawn)) > 10


@pytest.mark.parametrize(("fault", "calls"), [("500x2", 3), ("429x1ra250ms", 2), ("401", 1), ("quota", 1), ("500", 3)])
def test_the_server_counts_the_calls_it_should(faults: FaultServer, fault: str, calls: int) -> None:
    trail: Trail = []
    steps = retrying(ask, trail, retries=2, pause=lambda _: 0.01)(asked(faults, fault))
    try:
        assert drive(steps, LitellmGateway()).choices
    except ModelError as error:
        trail.extend(error.attempts)
        assert len(trail) == calls
    assert faults.calls == calls
