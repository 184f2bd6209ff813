"""What reading a text gives: the value, and the account of how it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias, TypeVar

from patterns.exchange import Repair
from patterns.output.scan import scan
from patterns.output.tree import Candidate

T_co = TypeVar("T_co", covariant=True)

Leniency: TypeAlias = Literal["none", "syntax", "align"]
"""What may be mended: nothing, the syntax of the text, or also how it fits the type."""


class CutOff(UserWarning):
    """The text ended before the value did: what was there is given, and more may be missing."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value read from a text, and the account of it.

    `complete` is False when the text ended before the value did: a string may be shorter than it was meant to be,
    and a list may lack items.
    """

    output: T_co
    repairs: tuple[Repair, ...] = ()
    complete: bool = True
    text: str = field(default="", repr=False)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The readings of syntax that the text allows, best first. They are found when asked for."""
        return tuple(scan(self.text, partial=not self.complete))
