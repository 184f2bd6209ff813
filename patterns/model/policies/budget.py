"""Keeps spending under a limit: the worst case is reserved before a request, the true cost settled after it."""

from __future__ import annotations

from collections.abc import Callable

from patterns.errors import BudgetExceeded, ModelError, OutputError, total_cost
from patterns.exchange import Request, Response
from patterns.ledger import Ledger
from patterns.model.steps import Ask, Steps

Worst = Callable[[Request], float | None]
"""The most that a request may cost in US dollars, None when its model's price is unknown."""


def budgeted(inner: Ask, ledger: Ledger, worst: Worst) -> Ask:
    """Refuse a request whose worst case does not fit into what is left of the budget."""

    def policy(request: Request) -> Steps[Response]:
        most = worst(request)
        if most is None:
            raise _priceless(request, ledger)
        ledger.reserve(most)
        cost = most  # of a request that ends in any other way nobody knows whether it is charged
        try:
            response = yield from inner(request)
            cost = most if response.cost is None else response.cost
            return response
        except (ModelError, OutputError) as error:
            cost = _cost(error, most)
            raise
        finally:
            ledger.settle(most, cost)

    return policy


def _cost(error: ModelError | OutputError, most: float) -> float:
    """What a failed request cost: what its attempts say, nothing when it surely was not charged, else the worst."""
    if error.attempts:
        known = total_cost(error.attempts)
        return most if known is None else known
    return 0.0 if isinstance(error, ModelError) and error.paid is False else most


def _priceless(request: Request, ledger: Ledger) -> BudgetExceeded:
    return BudgetExceeded(
        f"the price of {request.model} is not known, so the budget of ${ledger.limit:.2f} cannot be kept",
        spent=ledger.spent,
        limit=ledger.limit,
        hint="tell litellm the price with litellm.register_model, or call it without a budget",
    )
