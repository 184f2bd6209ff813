"""The budget policy: what is reserved, settled and refused."""

from __future__ import annotations

import contextlib
import os
import pickle
import threading
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from patterns.errors import BudgetExceeded, EmptyResponse, TransientError
from patterns.events import BudgetRefused, Event, listen
from patterns.exchange import Attempt, Choice, Request, Response
from patterns.ledger import Ledger
from patterns.model.policies.budget import budgeted
from patterns.model.steps import ask
from tests.model.policies.driving import trip

REQUEST = Request("m", ())


def answer(cost: float | None) -> Response:
    return Response((Choice("yes"),), "m", cost=cost)


def spend(ledger: Ledger, outcome: Response | Exception, worst: float = 0.5) -> None:
    steps = budgeted(ask, [ledger], lambda request, room: worst)(REQUEST, trip())
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
        next(budgeted(ask, [ledger], lambda request, room: 0.5)(REQUEST, trip()))
    assert (caught.value.spent, caught.value.limit) == (0.75, 1.0)


def test_an_unknown_price_is_refused_with_a_hint() -> None:
    with pytest.raises(BudgetExceeded, match="not known") as caught:
        next(budgeted(ask, [Ledger(1.0)], lambda request, room: None)(REQUEST, trip()))
    assert "configure(prices=" in caught.value.hint


def test_an_abandoned_call_counts_as_the_worst_case_and_frees_its_reservation() -> None:
    ledger = Ledger(1.0)
    steps = budgeted(ask, [ledger], lambda request, room: 0.5)(REQUEST, trip())
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


def test_what_fits_into_one_budget_and_not_into_another_is_reserved_in_neither() -> None:
    wide, narrow = Ledger(1.0), Ledger(0.25, "max_cost")
    with pytest.raises(BudgetExceeded, match=r"max_cost of \$0\.25"):
        next(budgeted(ask, [wide, narrow], lambda request, room: 0.5)(REQUEST, trip()))
    assert (wide.room, narrow.room) == (1.0, 0.25)


def test_a_bound_that_does_not_fit_is_counted_closer() -> None:
    """Others may have taken the room that a rough bound was made for."""
    ledger, asked = Ledger(1.0), []

    def worst(request: Request, room: float) -> float:
        asked.append(room)
        return 2.0 if room else 0.5

    next(budgeted(ask, [ledger], worst)(REQUEST, trip()))
    assert asked == [1.0, 0.0]
    assert ledger.room == 0.5


def test_a_refusal_is_told_of() -> None:
    heard: list[Event] = []
    with listen(heard.append), pytest.raises(BudgetExceeded) as caught:
        next(budgeted(ask, [Ledger(0.1)], lambda request, room: 0.5)(REQUEST, trip()))
    assert heard == [BudgetRefused("", "m", caught.value)]
    assert str(caught.value) == "the next request may cost $0.50, and $0.10 of the budget of $0.10 is left"


def test_a_refusal_says_what_others_hold() -> None:
    ledger = Ledger(1.0)
    ledger.reserve(0.75)
    with pytest.raises(BudgetExceeded, match=r"for \$0\.75 is set aside for requests on their way"):
        ledger.reserve(0.5)


def test_an_answer_without_a_count_costs_what_its_estimate_says() -> None:
    ledger = Ledger(1.0)
    steps = budgeted(ask, [ledger], lambda request, room: 0.5, charge=lambda request, response: 0.125)(REQUEST, trip())
    next(steps)
    with contextlib.suppress(StopIteration):
        steps.send(answer(None))
    assert ledger.spent == 0.125


class Interleaved(RuleBasedStateMachine):
    """Requests that begin and end in any order, in any way, under two budgets."""

    def __init__(self) -> None:
        super().__init__()
        self.ledgers = [Ledger(1.0), Ledger(0.6, "max_cost")]
        self.running: list[tuple[Any, float]] = []
        self.charged = 0.0

    @rule(worst=st.floats(0, 0.4))
    def begin(self, worst: float) -> None:
        steps = budgeted(ask, self.ledgers, lambda request, room: worst)(REQUEST, trip())
        with contextlib.suppress(BudgetExceeded):
            next(steps)
            self.running.append((steps, worst))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), share=st.floats(0, 1), way=st.sampled_from(["well", "free", "unsure", "cancelled"]))
    def end(self, data: st.DataObject, share: float, way: str) -> None:
        steps, worst = self.running.pop(data.draw(st.integers(0, len(self.running) - 1)))
        self.charged += {"well": worst * share, "free": 0.0, "unsure": worst, "cancelled": worst}[way]
        with contextlib.suppress(StopIteration, TransientError):
            if way == "well":
                steps.send(answer(worst * share))
            elif way == "cancelled":
                steps.close()
            else:
                steps.throw(TransientError("no", paid=None if way == "unsure" else False))

    @invariant()
    def the_books_are_right(self) -> None:
        held = sum(worst for _, worst in self.running)
        for ledger in self.ledgers:
            assert ledger.spent == pytest.approx(self.charged)
            assert ledger.room == pytest.approx(ledger.limit - self.charged - held, abs=1e-6)
            assert self.charged + held <= ledger.limit + 1e-6


TestInterleaved = Interleaved.TestCase


def test_a_forked_child_goes_on_from_what_was_spent_and_frees_what_its_parent_holds() -> None:
    ledger = Ledger(1.0)
    spend(ledger, answer(0.25))
    ledger.reserve(0.5)
    with ledger._lock, warnings.catch_warnings():  # as if another thread were in the middle of it
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
        if not child:
            os._exit(0 if ledger.room == 0.75 and ledger.reserve(0.75) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_budget_does_not_travel_to_another_process_by_itself() -> None:
    with pytest.raises(TypeError, match="budget_file"):
        pickle.dumps(Ledger(1.0))
