"""The options of a question: which one a stretch of text names, by its key or by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_KEYED = re.compile(r"\s*[(\[]?\s*([A-Za-z]|\d{1,2}|[ivxIVX]{1,4})\s*[)\].:]\s+(?=\S)")
_LETTER = re.compile(r"\s*[(\[]?\s*([A-Z])\s*[)\].:]?\s*$")
_FIRST_KEYS = frozenset({"A", "a", "1", "0", "i", "I"})
_MARKUP = re.compile(
    r"\\(?:text(?:bf|tt|it|rm)?|math(?:rm|bf|it)|boxed|left|right|displaystyle|[,;!()\[\]])|[${}*_`\"“”'‘’\\]"
)
_SPACE = re.compile(r"\s+")
_SIGNS = str.maketrans("×·−–—≈", "x.---~")
_HEDGE = re.compile(
    r"(?:approximately|about|roughly|around|nearly|close to|equal to|the|an?|=|~)\s+|[=~]\s*", re.IGNORECASE
)
_LONGEST = 400

_AS_WORD = frozenset({"A", "I"})
"""Keys that are English words too: alone they count only where no sentence goes on."""
_AFTER_WORD = re.compile(
    r"\s*(?:[.,;:)\]*!$}\n]|$|\\\)|(?:and|or|because|since|as|for|which|with|is|in)\b)(?![ \t,]*(?:and |or )?I[IV])"
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `answer` is what a reading gives back for it, `words` its text made comparable."""

    answer: str
    place: int
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a question, and how to find one of them at a place in a text."""

    all: tuple[Option, ...]
    key: re.Pattern[str] | None

    def at(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        """Find the option named right at `start`, by its key or else by its words, and where its name ends."""
        return self.by_key(text, start, end) or self.by_words(text, start, end)

    def by_key(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        """Find the option whose key stands at `start`. A small letter counts in brackets only."""
        found = self.key.match(text, start, end) if self.key else None
        if found is None or not self._is_key(found, text):
            return None
        folded = found["key"].casefold()
        option = next((option for option in self.all if option.key.casefold() == folded), None)
        return (option, found.end()) if option else None

    def _is_key(self, found: re.Match[str], text: str) -> bool:
        key, marked = found["key"], found["open"] or found["close"]
        if key.islower():
            return bool(found["close"])
        return bool(marked) or key not in _AS_WORD or bool(_AFTER_WORD.match(text, found.end()))

    def by_words(self, text: str, start: int, end: int) -> tuple[Option, int] | None:
        """Find the option whose words begin what is said at `start`: the longest such, and only if it is one."""
        said = _unhedged(comparable(text[start : min(end, start + _LONGEST)]))
        fitting = [option for option in self.all if option.words and _begins(said, option.words)]
        longest = max((len(option.words) for option in fitting), default=0)
        best = [option for option in fitting if len(option.words) == longest]
        return (best[0], min(start + longest, end)) if len(best) == 1 else None


def options_of(given: Sequence[str]) -> Options:
    """Take options as they are given: `"B"`, `"B. Paris"`, `"(b) Paris"`, or `"Paris"`, B too if it is the second."""
    return _options_of(tuple(given))


@lru_cache(maxsize=256)
def _options_of(given: tuple[str, ...]) -> Options:
    options = _keyed(given)
    keys = "|".join(sorted((re.escape(option.key) for option in options if option.key), key=len, reverse=True))
    if not keys:
        return Options(options, None)
    pattern = (
        rf"(?P<open>[(\[])?\s{{0,3}}(?P<key>(?i:{keys}))(?P<close>\s{{0,3}}[)\].:](?!\d))?(?![\w'’°^-]|\.\d|[ ]?=)"
    )
    return Options(options, re.compile(pattern))


def _keyed(given: tuple[str, ...]) -> tuple[Option, ...]:
    """Tell keys from texts by all options together: one that begins like a key proves nothing."""
    for pattern in (_LETTER, _KEYED):
        found = [pattern.match(text) for text in given]
        keys = [one[1] for one in found if one]
        if len(keys) == len(given) == len(set(keys)) and (pattern is _LETTER or keys[0] in _FIRST_KEYS):
            texts = [text[one.end() :] for text, one in zip(given, found, strict=True) if one]
            return tuple(
                Option(key, at, key, comparable(text)) for at, (key, text) in enumerate(zip(keys, texts, strict=True))
            )
    return tuple(Option(text, at, chr(65 + at) if at < 26 else "", comparable(text)) for at, text in enumerate(given))


def comparable(text: str) -> str:
    """Reduce a text to what two ways to write it share: no markup, one case, single blanks, plain signs."""
    return _SPACE.sub(" ", _MARKUP.sub("", text.translate(_SIGNS))).strip().casefold().rstrip(" .;,:!")


def _unhedged(said: str) -> str:
    for _ in range(3):
        if not (hedge := _HEDGE.match(said)):
            break
        said = said[hedge.end() :]
    return said


def _begins(said: str, words: str) -> bool:
    """Tell whether `said` begins with these words and then ends, or goes on with a new clause."""
    words = _unhedged(words)
    if not words or not said.startswith(words):
        return False
    rest = said[len(words) :]
    if not rest or (rest[0] in ".,;:)!(" and not re.match(r"[.,:]\d", rest)):
        return True
    return len(words) > 3 and not re.match(r"[\w%/^+*-]", rest)
