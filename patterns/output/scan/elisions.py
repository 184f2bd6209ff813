"""Words by which a text says that it leaves something out: `...`, `// 10 more items`, `etc.`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from patterns.output.tree import Node

_DOTS = r"(?:\.{3,}+|…)"
_NAMES = r"fields?|keys?|members?|properties|attributes|columns|parameters"
_THINGS = rf"items?|entr(?:y|ies)|rows?|records?|elements?|objects?|values?|lines?|results?|data|{_NAMES}"
_ALWAYS = (
    rf"\A[\s/#*(\[<-]*+{_DOTS}|\s{_DOTS}[\s*/)\]>-]*+\Z"
    r"|\b(?:omitted|truncated|abbreviated|elided|left\s+out|for\s+brevity)\b"
    rf"|(?<!no\s)\b(?:more|remaining|rest\s+of(?:\s+the)?)\s+(?:[\w-]+\s+)?(?:{_NAMES})\b"
    rf"|\bother\s+(?:{_NAMES})\s+(?:as|here|follow|go|unchanged)\b"
    r"|省略|以下同様|以下省略"
)
_AMONG_ITEMS = (
    r"\b\d[\d,.]*+\s+(?:more|others?|additional|further|remaining|weitere)\b(?!\s+than)"
    r"|\b(?:and|plus)\s+(?:so\s+(?:on|forth)|(?:many\s+)?(?:more|others))\b|\b(?:etc|usw)\b|и\s?т\.?\s?д|等等"
    rf"|(?<!no\s)\b(?:more|remaining|rest\s+of(?:\s+the)?)\s+(?:[\w-]+\s+)?(?:{_THINGS})\b"
    r"|(?<!no\s)\bmore\s+[\w-]+\s+(?:as\s+needed|here|below|follow)\b"
    rf"|\b(?:other|additional|further|similar)\s+(?:{_THINGS})\s+(?:as|here|follow|go|would)\b"
    r"|\b(?:continu(?:es?|ed|ing)|repeat(?:s|ed)?)\b|\bund\s+so\s+weiter\b|\by\s+así\b|\bainsi\s+de\s+suite\b"
)
LONGEST_NOTE = 300
"""Characters of a comment that are looked at: longer ones explain something."""
_anywhere = re.compile(_ALWAYS, re.I).search
_among_items = re.compile(f"{_ALWAYS}|{_AMONG_ITEMS}", re.I).search

_WORDS = (
    r"(?:(?:and|plus)\s+)?(?:so\s+on|so\s+forth|etc|usw|и\s?т\.?\s?д|等等"
    rf"|\d[\d,.]*+\s+(?:more|others|additional|further|remaining)(?:\s+[\w-]+){{0,3}}"
    rf"|(?:more|(?:the\s+)?remaining)\s+(?:{_THINGS}))"
)
ellipsis = re.compile(rf"{_DOTS}[^,;\]}}\[{{\"'`\n/#]{{0,80}}+").match
"""An ellipsis, with the words that explain it."""
last_item = re.compile(rf"\(?(?:{_WORDS}|\.\.)[.…]{{0,3}}\)?(?=\s*+\])", re.I).match
"""Words without quotes in place of the last item that say that there are more."""
_LINE = re.compile(rf"[(\[*_]*+(?:{_DOTS}[^\n]{{0,80}}+|{_WORDS}[.…]{{0,3}}[)\]*_]*+)", re.I).fullmatch
_BEHIND = re.compile(rf"[ \t]*+,?[ \t]*+((?://|\#|/\*|\()[^\n]{{1,120}}|{_DOTS}[ \t]*+[^\n]{{1,80}})").match
_COUNTS = re.compile(
    r"\b(?:\d[\d,.]*+|and|the)\s+(?:more|others|remaining|rest)\b|\b(?:omitted|truncated)\b", re.I
).search


def elides(comment: str) -> bool:
    """Tell a comment that may say that something is left out where it stands."""
    return len(comment) <= LONGEST_NOTE and _among_items(comment) is not None


def is_elision(line: str) -> bool:
    """Tell a line, or an item of its own, that stands for further ones."""
    return len(line) <= LONGEST_NOTE and _LINE(line) is not None


def elided_behind(text: str, past: int) -> tuple[int, int] | None:
    """Give the span of a note behind a list, on its line, that says that more belongs to it; None for no such note."""
    found = _BEHIND(text, past)
    return found.span(1) if found and _COUNTS(found[1]) else None


def mark_elided(root: Node, spans: Sequence[tuple[int, int]], text: str) -> set[int]:
    """Mark the containers that the text says were shortened, and all around them, as incomplete.

    Gives the starts of the spans that say nothing of the kind: words in an object that speak of its values.
    """
    idle: set[int] = set()
    for start, end in spans:
        path = _around(root, start)
        if path[-1].kind == "object" and not _anywhere(text[start:end]):
            idle.add(start)
            continue
        for node in path:
            node.complete = False
        if not path[-1].value and len(path) > 1 and path[-2].kind == "array":  # an item that only stands for others
            cast("list[Node]", path[-2].value).remove(path[-1])
    return idle


def _around(root: Node, at: int) -> list[Node]:
    """Give the containers around a place, from the root down."""
    path = [root]
    while True:
        value = path[-1].value
        items = value if isinstance(value, list) else []
        children = items if path[-1].kind == "array" else [child for _, child in items]
        inner = _holding(children, at)
        if inner is None or inner.kind not in ("object", "array"):
            return path
        path.append(inner)


def _holding(nodes: Sequence[Node], at: int) -> Node | None:
    """Find the node that a place is inside of; they stand in order."""
    low, high = 0, len(nodes)
    while low < high:
        middle = (low + high) // 2
        if nodes[middle].end <= at:
            low = middle + 1
        else:
            high = middle
    return nodes[low] if low < len(nodes) and nodes[low].start <= at else None
