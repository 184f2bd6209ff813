"""Which of some labels a sentence names: whole words, longest first, the most often named one, and a tie is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from patterns.output.align.spelling import plain

T = TypeVar("T")

_LONGEST: Final = 20_000
_DENIED = re.compile(
    r"(?:\b(?:not|never|neither|nor|rather than|instead of)|n['’]t)(?:\s+(?:a|an|the|be|as|really))*[\s\"'*_`]*$",
    re.IGNORECASE,
)
_GAP = r"[\W_]{0,3}"


def _as_written(text: str) -> str:
    return text


def _caseless(text: str) -> str:
    return plain(text).casefold()


_VIEWS: Final[tuple[Callable[[str], str], ...]] = (_as_written, plain, _caseless)
"""How alike a mention must be: first as it is, then without accents, then without case and punctuation."""


def named_in(text: str, labels: Mapping[str, T]) -> T | None:
    """Find what the sentence names, by the strictest view under which it names anything.

    None when nothing is named, two are named equally often, or the one that is named is denied ("not urgent").
    """
    if len(text) > _LONGEST:
        return None
    for view in _VIEWS:
        counts = _count(view(text), tuple(labels), view)
        if counts is None:
            return None
        found: Counter[object] = Counter()
        meant: dict[object, T] = {}
        for label, times in counts.items():
            key = repr(labels[label])
            meant[key] = labels[label]
            found[key] += times
        if found:
            (first, most), *others = found.most_common(2)
            return None if others and others[0][1] == most else meant[first]
    return None


def _count(text: str, labels: tuple[str, ...], view: Callable[[str], str]) -> Counter[str] | None:
    """Count the mentions of each label; None as soon as one is denied."""
    pattern, shown = _pattern(labels, view)
    counts: Counter[str] = Counter()
    for mention in pattern.finditer(text):
        if _DENIED.search(text, max(0, mention.start() - 30), mention.start()):
            return None
        counts[shown[mention.lastindex or 1]] += 1
    return counts


@lru_cache(maxsize=256)
def _pattern(labels: tuple[str, ...], view: Callable[[str], str]) -> tuple[re.Pattern[str], dict[int, str]]:
    """Make one pattern of all labels, the longest first, and tell which group stands for which label."""
    ordered = sorted((label for label in labels if label.strip()), key=len, reverse=True)
    parts = [f"({_bounded(view(label).strip(), loose=view is _caseless)})" for label in ordered]
    return re.compile("|".join(parts) or r"(?!)"), dict(enumerate(ordered, 1))


def _bounded(label: str, *, loose: bool) -> str:
    """Bound a label by ends of words; scripts without spaces between words have none."""
    words = re.findall(r"[^\W_]+", label) if loose else []
    body = _GAP.join(map(re.escape, words)) if words else re.escape(label)
    spaced = label.isascii() or any("a" <= letter <= "ʯ" or "Ѐ" <= letter <= "ӿ" for letter in label.casefold())
    if not spaced:
        return body
    left = r"(?<!\w)" if label[0].isalnum() else ""
    right = r"(?!\w)" if label[-1].isalnum() else ""
    return f"{left}{body}{right}"
