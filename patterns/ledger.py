"""What was spent of a budget, and what is set aside for requests on their way."""

from __future__ import annotations

import math
import os
import threading
from dataclasses import dataclass
from weakref import WeakSet

from patterns.errors import BudgetExceeded

ROUNDING = 1e-9
"""US dollars that sums of many small costs may be off by."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount in US dollars that is set aside; `number` tells it from others of the same amount."""

    amount: float
    number: int = 0


class Ledger:
    """What was spent of a limit, in US dollars; shared by all calls under one budget, in any thread of this process.

    `name` is the option that sets the limit. A forked child goes on from what its parent had spent.
    """

    def __init__(self, limit: float, name: str = "budget") -> None:
        self.limit = limit
        self.name = name
        self._spent = 0.0
        self._reserved = 0.0
        self._lock = threading.Lock()
        _all.add(self)

    @property
    def spent(self) -> float:
        return self._spent

    @property
    def room(self) -> float:
        """What is left, as far as this process knows; `reserve` decides."""
        return self.limit - self._spent - self._reserved

    def reserve(self, amount: float) -> Reservation:
        """Set `amount` aside, or raise BudgetExceeded when less than that is left."""
        reservation = Reservation(amount)
        with self._lock:
            if amount > self.room + ROUNDING:
                raise self._refusal(amount, self._spent, self._reserved)
            self._reserved += amount  # nothing is called between this and the end, where an interrupt could come
        return reservation

    def settle(self, reserved: Reservation, cost: float) -> None:
        """Give a reservation back and book what the request really cost."""
        with self._lock:
            left = self._reserved - reserved.amount
            self._reserved = left if left > 0.0 else 0.0
            self._spent += cost

    def _refusal(self, amount: float, spent: float, reserved: float) -> BudgetExceeded:
        left = dollars(max(self.limit - spent - reserved, 0.0))
        waiting = f", for {dollars(reserved)} is set aside for requests on their way" if reserved > ROUNDING else ""
        return BudgetExceeded(
            f"the next request may cost {dollars(amount)}, and {left} of the {self.name} of {dollars(self.limit)}"
            f" is left{waiting}",
            spent=spent,
            limit=self.limit,
            name=self.name,
            reserved=reserved if reserved > ROUNDING else 0.0,
            hint=f"raise {self.name}, set max_tokens lower, or take a cheaper model",
        )

    def _forget(self) -> None:
        """Start anew in a forked child, whose parent sees to the requests that were on their way."""
        self._lock, self._reserved = threading.Lock(), 0.0

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(f"a {self.name} is kept within one process: name a budget_file= that several can share")


def dollars(amount: float) -> str:
    """US dollars for people: cents, and of less than that two digits."""
    digits = 2 if amount >= 0.1 or amount < 1e-12 else 1 - math.floor(math.log10(amount))
    return f"${amount:.{digits}f}"


_all: WeakSet[Ledger] = WeakSet()


def _forget_all() -> None:
    for ledger in list(_all):
        ledger._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
