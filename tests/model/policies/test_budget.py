"""The budget policy: what is reserved, settled and refused."""

from __future__ import annotations

import contextlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import BudgetExceeded, EmptyResponse, TransientError
from patterns.exchange import Attempt, Choice, Request, Response
from patterns.ledger import Ledger
from patterns.model.policies.budget import budgeted
from patterns.model.steps import ask

REQUEST = Request("m", ())


def answer(cost: float | None) -> Response:
    return Response((Choice("yes"),), "m", cost=cost)


def spend(ledger: Ledger, outcome: Response | Exception, worst: float = 0.5) -> None:
    steps = budgeted(ask, ledger, lambda _: worst)(REQUEST)
    next(steps)
    with contextlib.suppress(StopIteration):
        steps.throw(outcome) if isinstance(outcome, Exception) else steps.send(outcome)


def test_the_true_cost_replaces_the_reserved_worst_case() -> None:
    ledger = Ledger(1.0)
    spend(ledger, answer(0.125))
    assert ledger.spent == 0.125
    ledger.reserve(0.875)


def test_a_cost_nobody_knows_counts_as_the_worst_case() -> None:
    ledger = Ledger(1.0)
    spend(ledger, answer(None))
    assert ledger.spent == 0.5


@pytest.mark.parametrize(
    ("error", "spent"),
    [
        (TransientError("busy", paid=False), 0.0),
        (TransientError("broke", paid=None), 0.5),
        (EmptyResponse("empty", attempts=[Attempt(REQUEST, answer(0.25))]), 0.25),
        (EmptyResponse("empty", attempts=[Attempt(REQUEST, answer(None))]), 0.5),
    ],
    ids=["surely free", "nobody knows", "paid", "paid, price unknown"],
)
def test_a_failure_costs_what_it_cost(error: Exception, spent: float) -> None:
    ledger = Ledger(1.0)
    with pytest.raises(type(error)):
        spend(ledger, error)
    assert ledger.spent == spent


def test_a_request_that_may_not_fit_is_not_sent() -> None:
    ledger = Ledger(1.0)
    spend(ledger, answer(0.75))
    with pytest.raises(BudgetExceeded) as caught:
        next(budgeted(ask, ledger, lambda _: 0.5)(REQUEST))
    assert (caught.value.spent, caught.value.limit) == (0.75, 1.0)


def test_an_unknown_price_is_refused_with_a_hint() -> None:
    with pytest.raises(BudgetExceeded, match="not known") as caught:
        next(budgeted(ask, Ledger(1.0), lambda _: None)(REQUEST))
    assert "register_model" in caught.value.hint


def test_an_abandoned_call_counts_as_the_worst_case_and_frees_its_reservation() -> None:
    ledger = Ledger(1.0)
    steps = budgeted(ask, ledger, lambda _: 0.5)(REQUEST)
    next(steps)
    steps.close()
    assert ledger.spent == 0.5
    ledger.reserve(0.5)


def test_threads_never_reserve_more_than_there_is() -> None:
    ledger, granted = Ledger(1.0), []

    def take() -> None:
        for _ in range(50):
            try:
                ledger.reserve(0.01)
            except BudgetExceeded:
                return
            granted.append(1)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 99 <= len(granted) <= 100


@given(st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 1)), max_size=40))
def test_what_is_spent_never_passes_the_limit(calls: list[tuple[float, float]]) -> None:
    ledger = Ledger(1.0)
    for worst, share in calls:
        if ledger.spent + worst <= 1.0:
            spend(ledger, answer(worst * share), worst)
        else:
            with pytest.raises(BudgetExceeded):
                spend(ledger, answer(worst * share), worst)
    assert ledger.spent <= 1.0 + 1e-9
