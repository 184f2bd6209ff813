"""A value that was found: where it stands, and how sure the engine is."""

from __future__ import annotations

from dataclasses import dataclass

from patterns.messages import Json

SURE = 0.97
"""A label says exactly this, and the value reads as the asked kind."""
CUED = 0.85
"""Words right beside the value say what it is."""
ALONE = 0.65
"""The only value of its kind in the text, and nothing speaks against it."""
FLOOR = 0.6
"""Below this the engine abstains."""
MARGIN = 0.04
"""Two different values closer than this are a tie: the engine abstains."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field, from characters `start` to `end` (exclusive) of the passage's text."""

    value: Json
    start: int
    end: int
    confidence: float

    def overlaps(self, other: Found) -> bool:
        return self.start < other.end and other.start < self.end
