"""How two spellings of one word are told to be the same: by case, accents and punctuation, or by a few letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
)
_LONGEST = 200


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """Take the accents off a word."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Reduce a word to its letters and digits, without case and accents: `Full-Name` and `fullName` become one."""
    folded = "".join(letter for letter in plain(word).casefold() if letter.isalnum())
    return folded or word.strip()


def tolerance(length: int) -> int:
    """Give how many letters of a word of this length may be wrong before it counts as another word."""
    if length < 4:
        return 0
    if length < 8:
        return 1
    return 2 if length < 14 else 3


def distance(left: str, right: str, limit: int) -> int:
    """Count the letters to add, drop, change or swap (optimal string alignment); `limit + 1` when there are more."""
    if abs(len(left) - len(right)) > limit or max(len(left), len(right)) > _LONGEST:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def nearest(word: str, known: Iterable[str]) -> tuple[str, int] | None:
    """Find the one known spelling (folded) that a folded word is a misspelling of, and how many letters are wrong.

    A word as near to two of them is a misspelling of neither.
    """
    best: str | None = None
    least = _LONGEST
    for other in known:
        limit = tolerance(max(len(word), len(other)))
        wrong = distance(word, other, limit)
        if wrong > limit or wrong > least:
            continue
        best, least = (None if wrong == least else other), wrong
    return None if best is None else (best, least)
