"""Keeps spending under limits: the worst case is reserved before a request, the true cost settled after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from patterns.errors import BudgetExceeded, ModelError, OutputError
from patterns.events import BudgetRefused, emit
from patterns.exchange import Attempt, Request, Response, changed
from patterns.ledger import Ledger, Reservation, dollars
from patterns.model.policies.trail import pattern_of
from patterns.model.steps import Ask, Steps
from patterns.model.trip import Trip

Worst = Callable[[Request, float], float | None]
"""The most that a request may cost in US dollars, None when its model's price is unknown.

It may be a rough bound where that is far below the second argument, what is left.
"""
Charge = Callable[[Request, Response], float | None]
"""What an answer cost in US dollars, None when nobody can tell."""


def budgeted(
    inner: Ask,
    ledgers: Sequence[Ledger],
    worst: Worst,
    *,
    charge: Charge = lambda request, response: response.cost,
    limited: Callable[[Request], Request] = lambda request: request,
) -> Ask:
    """Refuse a request whose worst case does not fit into what is left of every budget.

    What was reserved is given back when the request ends, whatever its end. `limited` gives the request a longest
    answer, so that there is a worst case.
    """

    return partial(_budgeted, inner, ledgers, worst, charge, limited)


def _budgeted(
    inner: Ask,
    ledgers: Sequence[Ledger],
    worst: Worst,
    charge: Charge,
    limited: Callable[[Request], Request],
    first: Request,
    trip: Trip,
) -> Steps[Response]:
    request = limited(first)
    most, held = _reserved(request, ledgers, worst)
    cost = most  # of a request that ends in any other way nobody knows whether it is charged
    try:
        response = yield from inner(request, trip)
        told = charge(request, response)
        cost = most if told is None else told
        return response if request is first else changed(response, request=request)
    except (ModelError, OutputError) as error:
        cost = _failed(error, most, charge)
        raise
    finally:
        for ledger, reservation in held:
            ledger.settle(reservation, cost)


Held = list[tuple[Ledger, Reservation]]


def _reserved(request: Request, ledgers: Sequence[Ledger], worst: Worst) -> tuple[float, Held]:
    """Reserve the worst case in every ledger, or in none."""
    try:
        most = worst(request, min(ledger.room for ledger in ledgers))
        if most is None:
            raise _priceless(request, ledgers[0])
        try:
            return most, _hold(most, ledgers)
        except BudgetExceeded:
            closer = worst(request, 0.0)
            if closer is None or closer >= most:
                raise
        return closer, _hold(closer, ledgers)
    except BudgetExceeded as error:
        emit(BudgetRefused(pattern_of(request), request.model, error))
        raise


def _hold(amount: float, ledgers: Sequence[Ledger]) -> Held:
    held: Held = []
    try:
        for ledger in ledgers:
            held.append((ledger, ledger.reserve(amount)))
    except BaseException:
        for ledger, reservation in held:
            ledger.settle(reservation, 0.0)
        raise
    return held


def _failed(error: ModelError | OutputError, most: float, charge: Charge) -> float:
    """What a failed request cost: what its attempts say, nothing when it surely was not charged, else the worst."""
    answered = [each for each in error.attempts if each.response is not None]
    if answered:
        costs = [_of(each, charge) for each in answered]
        return most if None in costs else sum(cost or 0.0 for cost in costs)
    return 0.0 if isinstance(error, ModelError) and error.paid is False else most


def _of(attempt: Attempt, charge: Charge) -> float | None:
    return None if attempt.response is None else charge(attempt.request, attempt.response)


def _priceless(request: Request, ledger: Ledger) -> BudgetExceeded:
    return BudgetExceeded(
        f"the price of {request.model} is not known, so the {ledger.name} of {dollars(ledger.limit)} cannot be kept",
        spent=ledger.spent,
        limit=ledger.limit,
        name=ledger.name,
        hint=f"tell it: configure(prices={{{request.model!r}: (0.5, 1.5)}}), in US dollars per million tokens of"
        " input and output",
    )
