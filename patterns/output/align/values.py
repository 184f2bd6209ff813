"""A tree as the plain JSON value it writes."""

from __future__ import annotations

import json

from patterns.output.tree import Node


def value_of(node: Node) -> object:
    """Give the JSON value of a tree; the last of several members with one key wins. Walks without recursion."""
    if node.kind not in ("object", "array"):
        return node.value
    root: dict[str, object] | list[object] = {} if node.kind == "object" else []
    stack: list[tuple[Node, dict[str, object] | list[object]]] = [(node, root)]
    while stack:
        parent, into = stack.pop()
        for key, child in _members(parent):
            value: object = child.value
            if child.kind in ("object", "array"):
                inner: dict[str, object] | list[object] = {} if child.kind == "object" else []
                stack.append((child, inner))
                value = inner
            if isinstance(into, dict):
                into[key] = value
            else:
                into.append(value)
    return root


def _members(node: Node) -> list[tuple[str, Node]]:
    """The children of an object or array, with the keys of an object and none for an array."""
    if node.kind == "object":
        return [(str(key.value), child) for key, child in node.value]  # type: ignore[attr-defined]
    return [("", child) for child in node.value]  # type: ignore[attr-defined]


def compact(value: object) -> str:
    """Write a JSON value on one line."""
    return json.dumps(value, ensure_ascii=False)
