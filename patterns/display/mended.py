"""The raw text of an answer, in pieces: as it stood, or bent by a mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from patterns.exchange import Repair

WINDOW = 4_000
GUESS = 10.0
"""A mend that costs so much, or more, is a guess."""
_AROUND = 300


class Piece(NamedTuple):
    """Characters of the text; `mends` are those that concern them, none where they were read as they stand."""

    text: str
    mends: tuple[Repair, ...] = ()

    @property
    def guess(self) -> bool:
        return any(mend.cost >= GUESS for mend in self.mends)


def pieces(text: str, mends: Sequence[Repair]) -> Iterator[Piece]:
    """Cut a text at the ends of its mends. What bent nothing is not marked: a fence, or where the value was found.

    Mends that overlap share a piece. A long text is shown around its first mend.
    """
    marked = [(*mend.span, mend) for mend in mends if mend.span and mend.cost > 0 and mend.kind != "found"]
    spans = [(max(0, start), min(len(text), max(end, start + 1)), mend) for start, end, mend in marked]
    first, last = _window(len(text), [start for start, _, _ in spans])
    spans = [(max(start, first), min(end, last), mend) for start, end, mend in spans if start < last and end > first]
    edges = sorted({first, last, *(at for start, end, _ in spans for at in (start, end))})
    if first:
        yield Piece(f"… {first:,} characters before …\n")
    for start, end in pairwise(edges):
        inside = tuple(mend for left, right, mend in spans if left <= start and end <= right)
        yield Piece(text[start:end], inside)
    if last < len(text):
        yield Piece(f"\n… {len(text) - last:,} characters after …")


def _window(length: int, starts: Sequence[int]) -> tuple[int, int]:
    if length <= WINDOW or not starts:
        return 0, min(length, WINDOW)
    first = max(0, min(starts) - _AROUND)
    return first, min(length, first + WINDOW)


def in_words(mend: Repair) -> str:
    """A mend on one line."""
    change = f": {mend.before} → {mend.after}" if mend.before or mend.after else ""
    return f"{mend.kind} at {mend.path}{change}"
