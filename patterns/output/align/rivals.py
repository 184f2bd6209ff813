"""Two readings of one text that differ: which is the answer, and when nobody can tell."""

from __future__ import annotations

import re
from typing import Final

from patterns.output.align.declines import declines
from patterns.output.reasoning import mask_reasoning
from patterns.output.tree import Node

_CORRECTS = re.compile(
    r"\b(?:actually|correct(?:ed|ion)|instead|final(?:ly)?|updated|revised|fixed|improved|wait|sorry|better|"
    r"should (?:be|have been))\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\b(?:or|alternatively|otherwise|either|option (?:b|2|two))\b", re.IGNORECASE)
_RESULT = re.compile(
    r"\b(?:result|output|answer|response|outcome)\b[^.!?\n]{0,30}[:=]?[\s*_]*(?:```\w*\s*)?$|(?:->|→|=>|⇒)\s*$",
    re.IGNORECASE,
)
_DRAFTS = re.compile(
    r"\b(?:example|draft|for instance|e\.g\.|sample|template|format|schema|such as|first (?:attempt|try)|"
    r"looks? like|placeholder|hypothetical(?:ly)?)\b",
    re.IGNORECASE,
)
_REACH: Final = 400
_SAID: Final = 6_000
"""Characters before a value in which an answer may be declined."""


def corrects(text: str, first: Node, later: Node) -> bool:
    """Tell whether the words between two readings take the first back."""
    return _CORRECTS.search(_between(text, first, later)) is not None


def offers(text: str, first: Node, later: Node) -> bool:
    """Tell whether the words between two readings offer them for a choice."""
    return _OFFERS.search(_between(text, first, later)) is not None


def _between(text: str, first: Node, later: Node) -> str:
    return text[max(first.end, later.start - _REACH) : later.start]


def announced(text: str, node: Node) -> bool:
    """Tell a value that stands right behind words for a result."""
    return _RESULT.search(text[max(0, node.start - 60) : node.start]) is not None


def is_draft(text: str, node: Node, after: int = 0) -> bool:
    """Tell a value that the words before it, from `after` on, call an example, a schema or a first attempt."""
    return _drafts(text, node.start, after)


def is_instead(text: str, start: int) -> bool:
    """Tell a value that is shown for an example where the words before it decline to answer."""
    if not _drafts(text, start):
        return False
    said = mask_reasoning(text[max(0, start - _SAID) : start])
    return _drafts(said, len(said)) and declines(said)


def _drafts(text: str, start: int, after: int = 0) -> bool:
    return _DRAFTS.search(text[max(after, start - 80) : start]) is not None


def overlap(one: Node, other: Node) -> bool:
    """Tell whether two readings stand on the same characters."""
    return one.start < other.end and other.start < one.end
