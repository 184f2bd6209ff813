"""The shape of an answer as providers enforce it: a strict JSON Schema with an object at its root."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.exchange import Target
from patterns.messages import Json


def target(name: str, schema: Mapping[str, Json]) -> Target:
    """Make a schema provider-ready."""
    if schema.get("type") == "object":
        return Target(name, schema)
    inner = {key: value for key, value in schema.items() if key != "$defs"}
    wrapped: dict[str, Json] = {"type": "object", "properties": {"value": inner}, "required": ["value"]}
    if "$defs" in schema:
        wrapped["$defs"] = schema["$defs"]
    return Target(name, wrapped, wrapped=True)
