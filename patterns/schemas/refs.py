"""Local references of a JSON Schema (`#/…`), followed without a network."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from patterns.messages import Json


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
