"""What was spent of a budget, and what is set aside for calls on their way."""

from __future__ import annotations

import threading

from patterns.errors import BudgetExceeded


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
