"""What the policies of one call share. They are handed it with each request, and so can be made once for many calls."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from patterns.exchange import Attempt, Mode, Request

Trail: TypeAlias = list[Attempt]
"""Tries that failed on their way to a model, so that nothing paid is lost from sight."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a call must be over. `seconds` is what it was given in all, None for a call without a deadline."""

    seconds: float | None
    until: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def starting(cls, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> Deadline:
        return cls(seconds, math.inf if seconds is None else clock() + seconds, clock)

    @property
    def left(self) -> float:
        return self.until - self.clock()


class Wording(Protocol):
    """How a request of a call may be put otherwise."""

    @property
    def chosen(self) -> bool:
        """Whether the caller has set the mode, which is not changed then."""
        ...

    def modes(self, request: Request) -> Sequence[Mode]:
        """The modes in which a request may be asked at all, the strongest first."""
        ...

    def reword(self, request: Request, mode: Mode) -> Request:
        """Put a request into the words of another mode."""
        ...

    def adapt(self, request: Request, other: str) -> Request:
        """Put a request into the words of another model, whose mode may be another one."""
        ...


@dataclass(frozen=True, slots=True)
class Trip:
    """One call under way. Policies that swallow a failed try append it to `trail`.

    Without a `wording`, a request is asked in its own words, whatever model it goes to.
    """

    trail: Trail
    deadline: Deadline
    wording: Wording | None = None

    @classmethod
    def starting(
        cls, seconds: float | None, wording: Wording | None = None, clock: Callable[[], float] = time.monotonic
    ) -> Trip:
        """Set out now; the call must be over after so many seconds, None for a call without a deadline."""
        return cls([], Deadline.starting(seconds, clock), wording)
