"""The options of a question: which one a stretch of text names, by its key or by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_KEYED = re.compile(r"\s*[(\[]?\s*([A-Za-z]|\d{1,2}|[ivxIVX]{1,4})\s*[)\].:]\s+(?=\S)")
_KEY_ONLY = re.compile(r"\s*[(\[]?\s*([A-Z]|\d{1,2})\s*[)\].:]?\s*$")
_WRAPS = re.compile(r"\\(?:text(?:bf|tt|it|rm)?|math(?:rm|bf|it)|boxed|left|right|displaystyle|,|;|!|\(|\)|\[|\])|[${}*_`\"“”'‘’\\]|&nbsp;")
_SPACE = re.compile(r"\s+")
_SIGNS = str.maketrans({"×": "x", "·": "x", "−": "-", "–": "-", "—": "-", "≈": "~"})
_HEDGE = re.compile(r"(?:approximately|about|roughly|around|nearly|close to|equal to|the|an?|=|~)\s+|[=~]\s*", re.IGNORECASE)
_WORDLIKE = re.compile(r"[\w%]")
_LONGEST = 400

_AS_WORD = frozenset({"A", "I"})
"""Keys that are English words too: alone they count only where no sentence goes on."""
_AFTER_WORD = re.compile(r"\s*(?:[.,;:)\]*!$}\n]|$|\\\)|(?:and|or|because|since|as|for|which|with|is|in|,)\b)")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `answer` is what a reading gives back for it, `words` its text made comparable."""

    answer: str
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a question, and how to find one of them at a place in a text."""

    all: tuple[Option, ...]
    key: re.Pattern[str] | None

    def at(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        """Find the option named right at `start`, and where its name ends: the key if there is one, else its words."""
        return self._by_key(text, start, end) or self._by_words(text, start, end)

    def _by_key(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        found = self.key.match(text, start, end) if self.key else None
        if found is None:
            return None
        bracketed = bool(found["open"]) and bool(found["close"])
        key = found["key"]
        if key.islower() and key.isalpha() and not bracketed and len(key) == 1 and not found["close"]:
            return None
        if key in _AS_WORD and not (found["open"] or found["close"]) and not _AFTER_WORD.match(text, found.end()):
            return None
        option = next((option for option in self.all if option.key.casefold() == key.casefold()), None)
        return (option, found.end()) if option else None

    def _by_words(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        """Find the option whose words begin what is said: the longest such, followed by no further word."""
        said = comparable(text[start : min(end, start + _LONGEST)])
        said = _unhedged(said)
        fitting = [option for option in self.all if option.words and _begins(said, option.words)]
        if not fitting:
            return None
        best = max(fitting, key=lambda option: len(option.words))
        if sum(option.words == best.words for option in fitting) > 1:
            return None
        return best, min(start + len(best.words), end)


def options_of(given: Sequence[str]) -> Options:
    """Take options as they are given: `"B"`, `"B. Paris"`, `"(b) Paris"`, or `"Paris"`, which is then also B by its place."""
    return _options_of(tuple(given))


@lru_cache(maxsize=256)
def _options_of(given: tuple[str, ...]) -> Options:
    options = tuple(_option(text, place) for place, text in enumerate(given))
    keys = "|".join(sorted((re.escape(option.key) for option in options if option.key), key=len, reverse=True))
    pattern = rf"(?P<open>[(\[])?\s*(?P<key>(?i:{keys}))(?P<close>\s*[)\].:](?!\d))?(?![\w'’°^-]|\.\d|[ ]?=)" if keys else ""
    return Options(options, re.compile(pattern) if pattern else None)


def _option(text: str, place: int) -> Option:
    if only := _KEY_ONLY.match(text):
        return Option(only[1], only[1], "")
    if keyed := _KEYED.match(text):
        return Option(keyed[1], keyed[1], comparable(text[keyed.end() :]))
    key = chr(ord("A") + place) if place < 26 else ""
    return Option(text, key, comparable(text))


def comparable(text: str) -> str:
    """Reduce a text to what two ways to write it share: no markup, one case, single blanks, plain signs."""
    plain = _SPACE.sub(" ", _WRAPS.sub("", text.translate(_SIGNS))).strip().casefold()
    return plain.rstrip(" .;,:!")


def _unhedged(said: str) -> str:
    for _ in range(3):
        hedge = _HEDGE.match(said)
        if not hedge:
            break
        said = said[hedge.end() :]
    return said


def _begins(said: str, words: str) -> bool:
    """Tell whether `said` begins with these words and then ends, or goes on with a new clause."""
    words = _unhedged(words)
    if not words or not said.startswith(words):
        return False
    rest = said[len(words) :]
    return not rest or (rest[0] in ".,;:)!(" and not re.match(r"[.,:]\d", rest)) or (len(words) > 3 and not _WORDLIKE.match(rest[0]) and rest[0] not in "/^+-*%")
