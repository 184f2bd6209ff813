"""What is certain of an answer that was cut off: the text up to the last place from which it can go on."""

from __future__ import annotations

import re
from typing import Final, cast

from patterns.messages import Format
from patterns.output.scan import best, scan
from patterns.output.scan.incremental import Incremental
from patterns.output.tree import Node

_LONG: Final = 200
"""Characters of an open string that are kept: shorter ones are asked for again with their key."""
_WORD: Final = 40
"""Characters at the end in which a word may have been cut."""
_ALONE = re.compile(r"\s*(?:```\w*\s*)?([{\[].*[}\]])\s*`*\s*", re.DOTALL)
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3}|u[dD][89abAB][0-9a-fA-F]{2})?\Z")


def kept(text: str, format: Format) -> str:
    """Give the beginning of a cut answer that is certain, "" when there is none.

    Of JSON all that has closed, without the comma behind it, and of a long string the whole words; of code the whole
    lines; of other text the whole words.
    """
    if format == "json":
        return _json(text)
    if format == "code":
        return text[: text.rfind("\n") + 1]
    return text[: _word_end(text, 0)]


def is_over(text: str, format: Format) -> bool:
    """Tell a cut answer that had come to its end: one sound object or list of JSON, and nothing else but a fence."""
    found = _ALONE.fullmatch(text) if format == "json" else None
    if found is None:
        return False
    reader = Incremental(0, strict=True)
    reader.feed(found[1])
    return reader.sound and reader.done and not reader.rest.strip()


def is_open(text: str) -> bool:
    """Tell whether a kept beginning of JSON ends inside a string."""
    last = _last(_tree(text))
    return last is not None and last.kind == "string" and not last.complete


def _json(text: str) -> str:
    root = _tree(text)
    if root is None or root.complete:
        return ""
    last = _last(root)
    if last is not None and last.kind == "string" and not last.complete and len(text) - last.start > _LONG:
        return text[: _word_end(text, last.start + 1)]
    return text[: _closed_until(root, len(text))]


def _tree(text: str) -> Node | None:
    found = best(scan(text, partial=True))
    return found.root if found else None


def _last(root: Node | None) -> Node | None:
    """Give the value that stands last in a tree, at its innermost."""
    node = root
    while node is not None and not node.complete and (inside := _inside(node)):
        node = inside[-1]
    return node


def _closed_until(root: Node, size: int) -> int:
    """Give the place behind the last value that is over; the number or word at the very end may still go on."""
    until, node = 0, root
    while inside := _inside(node):
        if len(inside) > 1:
            until = max(until, inside[-2].end)
        node = inside[-1]
        if node.complete and (node.end < size or node.kind in ("object", "array", "string")):
            return max(until, node.end)
    return until


def _inside(node: Node) -> list[Node]:
    if node.kind == "array":
        return cast("list[Node]", node.value)
    if node.kind == "object":
        return [value for _, value in cast("list[tuple[Node, Node]]", node.value)]
    return []


def _word_end(text: str, start: int) -> int:
    """Give the place behind the last gap between words; where there is none near the end, words have no gaps."""
    end = len(text)
    gap = max(text.rfind(" ", start), text.rfind("\n", start)) + 1
    if gap > start and end - gap <= _WORD:
        return gap
    half = _HALF_ESCAPE.search(text, start)
    return half.start() if half else end
