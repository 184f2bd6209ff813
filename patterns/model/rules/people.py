"""Names of people, companies, jobs and places: only where the text says plainly what they are."""

from __future__ import annotations

from patterns.model.rules.found import Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.pairs import Pair
from patterns.model.rules.passage import Passage


def named(meaning: Meaning, passage: Passage, pair: Pair, start: int, end: int) -> Found | None:
    """The words behind a label, as they stand."""
    if pair.column and len(passage.text[start:end].split("  ")) > 1:
        return None
    return Found(passage.text[start:end], start, end, 1.0)
