"""Which of some labels a sentence names: whole words, longest first, the most often named one, and a tie is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from patterns.output.align.spelling import fold, plain

T = TypeVar("T")

_LONGEST: Final = 20_000
_DENIED = re.compile(
    r"(?:(?:\b(?:not|never|neither|nor|hardly|barely|without|nowhere near|(?:no|any) longer)|n['’]t)(?:\s+[\w-]+){0,2}"
    r"|\b(?:no|non|rather than|instead of|other than|less than|lower than|far from|(?:any|every|no)thing but|except))"
    r"(?:\s+(?:a|an|the))?(?:[\s\"'*_`]+|(?<=non)-?|(?<=not)-)$",
    re.IGNORECASE,
)
_CONTRASTED = re.compile(
    r"[\s\"'*_`).,;:(—–-]{1,8}(?:(?:and|but)\s+)?(?:not|rather than|instead of|as opposed to)"
    r"(?:\s+(?:a|an|the))?[\s\"'*_`(]+",
    re.IGNORECASE,
)
"""What stands between the label that a sentence names and the one that it tells it from: `spam, not ham`."""
_REACH: Final = 48
"""Characters before a word in which it may be denied."""
_MARKED = r"|\s(?:[+#](?!\w)|(?:plus|minus|sharp|flat)\b)"
"""What makes another label of a letter before it."""
_GAP = r"[\W_]{0,3}"


def _as_written(text: str) -> str:
    return text


def _caseless(text: str) -> str:
    return plain(text).casefold()


def _wordwise(text: str) -> str:
    return plain(text).casefold()


_VIEWS: Final[tuple[Callable[[str], str], ...]] = (_as_written, plain, _caseless, _wordwise)
"""How alike a mention must be: first as it is, then without accents, then without case, then without punctuation."""


def denied(before: str) -> bool:
    """Tell whether these words deny what comes after them."""
    return _DENIED.search(before[-_REACH:]) is not None


def named_in(text: str, labels: Mapping[str, T]) -> T | None:
    """Find what the sentence names, by the strictest view under which it names anything.

    None when nothing is named, two are named equally often, or one is denied ("not urgent") but for being told from
    the one right before it ("low, not urgent").
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
    """Count the mentions of each label; None as soon as one is denied that is not told from the one before it."""
    pattern, shown = _pattern(labels, view)
    counts: Counter[str] = Counter()
    named = -1
    for mention in pattern.finditer(text):
        at, label = mention.start(), shown[mention.lastindex or 1]
        if denied(text[max(0, at - _REACH) : at]):
            if named < 0 or counts[label] or not _CONTRASTED.fullmatch(text, named, at):
                return None
            continue
        counts[label] += 1
        named = mention.end()
    return counts


@lru_cache(maxsize=256)
def _pattern(labels: tuple[str, ...], view: Callable[[str], str]) -> tuple[re.Pattern[str], dict[int, str]]:
    """Make one pattern of all labels, the longest first, and tell which group stands for which label."""
    ordered = sorted((label for label in labels if label.strip()), key=len, reverse=True)
    if view is _wordwise:
        alike = Counter(map(fold, ordered))
        ordered = [label for label in ordered if alike[fold(label)] == 1]
    parts = [f"({_bounded(view(label).strip(), loose=view is _wordwise)})" for label in ordered]
    return re.compile("|".join(parts) or r"(?!)"), dict(enumerate(ordered, 1))


def _bounded(label: str, *, loose: bool) -> str:
    """Bound a label by ends of words; scripts without spaces between words have none."""
    words = re.findall(r"[^\W_]+", label) if loose else []
    body = _GAP.join(map(re.escape, words)) if words else re.escape(label)
    spaced = label.isascii() or any("a" <= letter <= "ʯ" or "Ѐ" <= letter <= "ӿ" for letter in label.casefold())
    if not spaced:
        return body
    if label.strip("+-").replace(".", "").isdigit():
        return rf"(?<![\w.,:/+−-]){body}(?!\w|[.,:/%+-]\d|\s?%)"
    left = r"(?<!\w)" if words or label[0].isalnum() else ""
    right = rf"(?![\w+#]|-(?!\w){_MARKED if len(label) == 1 else ''})" if words or label[-1].isalnum() else ""
    return f"{left}{body}{right}"
