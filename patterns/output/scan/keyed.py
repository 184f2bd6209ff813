"""Objects whose keys have no values (`{"a", "b"}`): the lists that they stand for."""

from __future__ import annotations

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
        node.value = [_as_item(key, source) for key, _ in members]
        source.mend("implied object", node.start, node.start + 1, "[")


def _as_item(key: Node, source: Source) -> Node:
    """Read a key without a value as the item it is."""
    if source.text[key.start] in QUOTES:
        return key
    return read_word(source.text, key.start, key.end) or key
