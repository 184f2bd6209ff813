"""Local references of a JSON Schema (`#/…`), followed without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from patterns.messages import Json
from patterns.schemas.walk import every

DEFINITIONS = ("$defs", "definitions")
"""The keywords that hold schemas for others to refer to."""


def lookup(ref: str, root: Mapping[str, Json]) -> Json:
    """Find what `ref` points to inside `root`. Raises `LookupError` when it points nowhere."""
    found: Json = root
    for step in unquote(ref.removeprefix("#")).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found[key]
        elif isinstance(found, list) and key.isdecimal():
            found = found[int(key)]
        else:
            raise LookupError(ref)
    return found


def resolve(schema: Mapping[str, Json], root: Mapping[str, Json]) -> Mapping[str, Json]:
    """Follow a subschema's `$ref` into `root`; keywords beside a ref win over those behind it."""
    seen: set[str] = set()
    while isinstance(ref := schema.get("$ref"), str) and ref not in seen:
        seen.add(ref)
        behind = lookup(ref, root)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**behind, **beside} if isinstance(behind, Mapping) else beside
    return schema


def references(schema: Mapping[str, Json]) -> Iterator[str]:
    """The references that a schema makes, not those of the definitions it carries."""
    own = {key: value for key, value in schema.items() if key not in DEFINITIONS}
    return (ref for each in every(own) if isinstance(ref := each.get("$ref"), str))


def recursive(ref: str, root: Mapping[str, Json]) -> bool:
    """Whether following a reference can lead back to it."""
    reached: set[str] = set()
    stack = [ref]
    while stack:
        behind = lookup(stack.pop(), root)
        for inner in references(behind) if isinstance(behind, Mapping) else ():
            if inner == ref:
                return True
            if inner not in reached:
                reached.add(inner)
                stack.append(inner)
    return False
