"""What a checker says of code that is not well-formed."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 200_000
"""Characters of a source that are still checked."""
LONGEST_SLOW = 50_000
"""The same for formats whose parsers take more than linear time: YAML and TOML."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first problem in a source, and its line from 1 where it is known."""

    problem: str
    line: int | None = None
