"""Words for the reader who mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known names as a question; empty when nothing is near."""
    close = get_close_matches(name.lower(), sorted(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""
