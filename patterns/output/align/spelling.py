"""How two spellings of one word are told to be the same: by case, accents and punctuation, or by a few letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"}
)
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W_a-zA-Z\d]+")
_SHORTEST = 4
"""Letters of a word that may be misspelled."""
_LONGEST = 200
"""Characters of a word; what is longer is text, is compared as it is, and is not kept."""


def plain(text: str) -> str:
    """Take the accents off a text."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold(word: str) -> str:
    """Reduce a word to its letters and digits, without case and accents: `Full-Name` and `fullName` become one."""
    return _folded(word) if len(word) <= _LONGEST else word.strip()


def reduced(word: str) -> str:
    """Do as `fold`, and keep nothing: for a word that is not likely to come again."""
    folded = plain(word).casefold()
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded)) or word.strip()


_folded = lru_cache(maxsize=8192)(reduced)


def misspelled(word: str, other: str) -> int:
    """Count the wrong letters in a misspelling of `other`; 0 when it is another word.

    Each part of a name (`user_name`) may have one letter wrong, but not its first one, and no digit: what then
    differs more is another word (`active` and `inactive`, `min_age` and `max_age`, `item1` and `item2`).
    """
    mine, theirs = parts(word), parts(other)
    if len(mine) != len(theirs):
        mine, theirs = ("".join(mine),), ("".join(theirs),)
    wrong = 0
    for one, two in zip(mine, theirs, strict=True):
        if one == two:
            continue
        long_enough = max(len(one), len(two)) >= _SHORTEST or _doubled(one, two)
        if not long_enough or one[:1] != two[:1] or _digits(one) != _digits(two) or not near(one, two):
            return 0
        wrong += 1
    return wrong


def near(one: str, two: str) -> bool:
    """Tell whether one letter added, dropped, changed, or swapped with the next makes one word of the other."""
    if len(one) < len(two):
        one, two = two, one
    if len(one) - len(two) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(two))
    if len(one) > len(two):
        return one[at + 1 :] == two[at:]
    swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
    return swapped or one[at + 1 :] == two[at + 1 :]


def _doubled(one: str, two: str) -> bool:
    """Tell whether one letter stands twice in one word that stands once in the other: too plain a slip to be a word."""
    one, two = max(one, two, key=len), min(one, two, key=len)
    return any(one[at] == one[at + 1] and one[:at] + one[at + 1 :] == two for at in range(len(one) - 1))


def parts(word: str) -> tuple[str, ...]:
    """Split a name into its words: at case, digits and punctuation."""
    return _parts(word) if len(word) <= _LONGEST else (word,)


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in _PARTS.findall(plain(word)))


def _digits(word: str) -> str:
    return "".join(letter for letter in word if letter.isdigit())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the one known spelling that a word is a misspelling of; one that could be two is none."""
    found = [(wrong, other) for other in known if (wrong := misspelled(word, other))]
    least = min(found, default=(0, ""))[0]
    best = [other for wrong, other in found if wrong == least]
    return best[0] if len(best) == 1 else None
