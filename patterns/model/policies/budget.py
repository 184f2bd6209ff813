"""Keeps spending under a limit: the worst case is reserved before a request, the true cost settled after it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from patterns.errors import BudgetExceeded, ModelError, OutputError, total_cost
from patterns.exchange import Request, Response
from patterns.model.steps import Ask, Steps

Worst = Callable[[Request], float | None]
"""The most that a request may cost in US dollars, None when its model's price is unknown."""


class Ledger:
    """What was spent of a limit, in US dollars; shared by all calls under one budget, in any thread."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._spent = 0.0
        self._reserved = 0.0
        self._lock = threading.Lock()

    @property
    def spent(self) -> float:
        return self._spent

    def reserve(self, amount: float) -> None:
        """Set `amount` aside, or raise BudgetExceeded when less than that is left."""
        with self._lock:
            left = self.limit - self._spent - self._reserved
            if amount > left:
                raise BudgetExceeded(
                    f"the next request may cost ${amount:.4f}, and ${max(left, 0.0):.4f} of ${self.limit:.2f} is left",
                    spent=self._spent,
                    limit=self.limit,
                    hint="raise the budget, set max_tokens lower, or take a cheaper model",
                )
            self._reserved += amount

    def settle(self, reserved: float, cost: float) -> None:
        """Give a reservation back and book what the request really cost."""
        with self._lock:
            self._reserved = max(0.0, self._reserved - reserved)
            self._spent += cost


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
