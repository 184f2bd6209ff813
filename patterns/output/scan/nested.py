"""JSON inside strings: open a string that holds a value written as JSON."""

from __future__ import annotations

from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.tree import Node


def open_string(node: Node) -> Node | None:
    """Give the object or list that a string holds as JSON text, None if it holds none.

    The nodes inside carry the position of the string: its text is escaped, and has no offsets of its own.
    """
    text = node.value
    if node.kind != "string" or not isinstance(text, str):
        return None
    body = text.strip()
    if body[:1] not in ("{", "[") or (node.complete and body[-1:] not in ("}", "]")):
        return None
    source = Source(body)
    try:
        root, past = read_container(source, 0)
    except TooMuch:
        return None
    if source.skip(past) < source.end or source.cost > 2 + len(body) / 20:
        return None
    _place(root, node.start, node.end)
    return root


def _place(root: Node, start: int, end: int) -> None:
    """Give every node of a tree the same position."""
    todo = [root]
    while todo:
        node = todo.pop()
        node.start, node.end = start, end
        if node.kind == "array" and isinstance(node.value, list):
            todo.extend(node.value)
        elif node.kind == "object" and isinstance(node.value, list):
            for pair in node.value:
                todo.extend(pair)
