"""JSON Schemas without references, for wires that take none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SHELVES = ("$defs", "definitions")

Schema = Any
"""A JSON Schema, or a part of one."""


def inlined(schema: Mapping[str, Schema]) -> dict[str, Schema]:
    """Put what is referred to in the place of each reference; words beside a reference go before those it brings.

    The schema must not refer to itself (see `endless`). References to the unknown stay.
    """
    shelf = _shelf(schema)
    found: dict[str, Schema] = _put({k: v for k, v in schema.items() if k not in _SHELVES}, shelf)
    return found


def endless(schema: Mapping[str, Schema]) -> bool:
    """Tell whether a schema refers to itself, over however many corners."""
    shelf = _shelf(schema)
    ways = {name: set(_names(part)) & shelf.keys() for name, part in shelf.items()}
    while free := [name for name, way in ways.items() if not way]:
        for name in free:
            del ways[name]
        for way in ways.values():
            way.difference_update(free)
    return bool(ways) or any(ref == "#" for ref in _refs(schema))


def _shelf(schema: Mapping[str, Schema]) -> dict[str, Schema]:
    return {name: part for shelf in _SHELVES for name, part in (schema.get(shelf) or {}).items()}


def _put(node: Schema, shelf: Mapping[str, Schema]) -> Schema:
    if isinstance(node, list):
        return [_put(each, shelf) for each in node]
    if not isinstance(node, Mapping):
        return node
    own = {key: _put(value, shelf) for key, value in node.items() if key != "$ref"}
    ref = node.get("$ref")
    if not isinstance(ref, str):
        return own if ref is None else {**own, "$ref": _put(ref, shelf)}
    name = _name(ref)
    return {**_put(shelf[name], shelf), **own} if name in shelf else {**own, "$ref": ref}


def _refs(node: Schema) -> Iterator[str]:
    parts = node if isinstance(node, list) else node.values() if isinstance(node, Mapping) else ()
    if isinstance(node, Mapping) and isinstance(ref := node.get("$ref"), str):
        yield ref
    for part in parts:
        yield from _refs(part)


def _names(node: Schema) -> Iterator[str]:
    return map(_name, _refs(node))


def _name(ref: str) -> str:
    return ref.rpartition("/")[2]
