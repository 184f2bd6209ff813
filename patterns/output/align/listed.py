"""Items that a text lists in words: as bullets, numbered lines, or between commas."""

from __future__ import annotations

import re
from typing import Final

_BULLET = re.compile(r"[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t]+(?P<item>\S.*)")
_COMMAS = re.compile(r"\s*(?:[,;]|\n|,?\s\b(?:and|&)\b)\s+")
_MOST: Final = 1_000
_LONGEST: Final = 20_000
_LONGEST_NAME: Final = 40
_MOST_WORDS: Final = 3


def bullets(text: str, least: int = 2) -> list[str]:
    """Give the items of a text that is a bulleted or numbered list, perhaps behind a line that ends in a colon."""
    lines = [line for line in text.strip()[:_LONGEST].splitlines() if line.strip()]
    if lines and lines[0].rstrip(" *").endswith(":"):
        del lines[0]
    found = [_BULLET.fullmatch(line) for line in lines[:_MOST]]
    items = [match["item"].strip() for match in found if match is not None]
    return items if len(items) == len(lines) >= least else []


def between_commas(text: str) -> list[str]:
    """Give the parts of a short text between its commas, without brackets around all of it."""
    text = text.strip()
    if len(text) > _LONGEST:
        return []
    if text[:1] in "([{" and text[-1:] in ")]}":
        text = text[1:-1]
    parts = [part for part in _COMMAS.split(text.rstrip(".")) if part]
    return parts if 1 < len(parts) <= _MOST else []


def few_words(text: str) -> list[str]:
    """Give the parts of a text between its commas, when each is a name of a few words: `sql, go`.

    Two words with capitals may be one name, as in `Smith, John` and `Faro, Portugal`: they are not parted.
    """
    parts = between_commas(text)
    if any(len(part) > _LONGEST_NAME or len(part.split()) > _MOST_WORDS for part in parts):
        return []
    return [] if len(parts) == 2 and all(part[:1].isupper() for part in parts) else parts
