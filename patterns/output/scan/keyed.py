"""Objects whose keys have no values (`{"a", "b"}`): the lists that they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.output.scan.account import Mend
from patterns.output.scan.closing import QUOTES
from patterns.output.scan.source import Source
from patterns.output.scan.words import read_word
from patterns.output.tree import Node


def as_list(node: Node, source: Source) -> None:
    """Make a list of an object in which no key has a value."""
    members = node.value
    assert isinstance(members, list)
    if members and all(value.kind == "bare" and value.end == key.end for key, value in members):
        node.kind = "array"
        items = [_as_item(key, source.text) for key, _ in members]
        node.value = items
        bare = {item.start: item.kind == "bare" for item in items}
        source.revise(node.start, lambda mend: _revised(mend, bare))
        source.mend("set", node.start, node.start + (source.text[node.start] in "{｛"), "[")
        closed = source.text[node.end - 1] in "}｝"
        source.mend("set", node.end - closed, node.end, "]")


def _as_item(key: Node, text: str) -> Node:
    """Read a key without a value as the item it is."""
    return key if text[key.start] in QUOTES else read_word(text, key.start, key.end) or key


def _revised(mend: Mend, bare: Mapping[int, bool]) -> Mend | None:
    """Take back what was recorded of keys and of values that are missing."""
    kind, start, end, after = mend
    if kind == "unquoted key":
        return ("unquoted text", start, end, after) if bare.get(start) else None
    return None if kind == "missing value" else mend
