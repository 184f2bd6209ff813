"""Requests in flight in this process by their key, so that equal ones are sent once."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import Future
from dataclasses import dataclass, field

from patterns.exchange import Response
from patterns.model.steps import running_loop


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """One request on its way. `landed` comes to its response, or to None when it failed or was given up.

    `loop` is the event loop that it needs, None where a thread blocks for it.
    """

    landed: Future[Response | None] = field(default_factory=Future)
    loop: asyncio.AbstractEventLoop | None = field(default_factory=running_loop)


class Flights:
    """All flights. Whoever joins first leads, and must land; the others wait for `Flight.landed`.

    Each brings a flight of its own, so that it can be landed whenever an interrupt comes: a flight that nobody lands
    would have all others wait in vain.
    """

    def __init__(self) -> None:
        self._flying: dict[object, Flight] = {}
        self.landings = 0
        """How many have landed: who looks into the store and leads before the next has, need not look again."""

    def join(self, key: object, own: Flight) -> Flight:
        """Give the flight under this key: the caller's own is the caller's to lead."""
        return self._flying.setdefault(key, own)

    def land(self, key: object, own: Flight, response: Response | None) -> None:
        """End a flight that one leads, and tell all who wait; any other goes on."""
        if self._flying.get(key) is own:
            self.landings += 1
            self._flying.pop(key, None)
            own.landed.set_result(response)

    def forget(self) -> None:
        """Start anew in a forked child: who leads is another process."""
        self._flying.clear()


FLIGHTS = Flights()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=FLIGHTS.forget)
