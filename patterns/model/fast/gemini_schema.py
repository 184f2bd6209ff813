"""JSON Schemas of tools in Gemini's words: the part of OpenAPI that its API knows, as litellm writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patterns.model.fast.inlining import inlined

_KEPT = frozenset(
    {"type", "title", "description", "nullable", "default", "required", "pattern", "example", "propertyOrdering"}
    | {"minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength", "minimum", "maximum"}
)
_FORMATS = ("enum", "date-time")
_BESIDE = ("title", "description")
"""What may stand beside `anyOf`, where the API takes nothing: it moves into the branches."""


def declared(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a function: no references, no null among types, enums of texts alone."""
    return _declared(inlined(schema))


def _declared(schema: Any) -> dict[str, Any]:
    if not isinstance(schema, Mapping):
        return {"type": "object"}
    if isinstance(branches := schema.get("anyOf") or schema.get("oneOf") or _branches(schema), list):
        return _either(schema, branches)
    found = {key: value for key, value in schema.items() if key in _KEPT}
    kind = found.setdefault("type", _kind(schema))
    if isinstance(kind, list):
        kind = found["type"] = kind[0] if kind else "object"
    if (values := _values(schema)) and kind == "string":
        found["enum"] = values
    if schema.get("format") in _FORMATS:
        found["format"] = schema["format"]
    if kind == "array":
        found["items"] = _declared(schema.get("items") or {})
    if properties := schema.get("properties"):
        found |= {"type": "object", "properties": {name: _declared(part) for name, part in properties.items()}}
    elif "properties" in schema:
        found.pop("required", None)
    return found


def _either(schema: Mapping[str, Any], branches: list[Any]) -> dict[str, Any]:
    """Branches, of which null is none: it makes the others nullable."""
    words = {name: schema[name] for name in _BESIDE if schema.get(name)}
    real = [branch for branch in branches if not (isinstance(branch, Mapping) and branch.get("type") == "null")]
    nullable = {"nullable": True} if len(real) < len(branches) else {}
    return {"anyOf": [{**_declared(branch), **nullable, **words} for branch in real or [{}]]}


def _branches(schema: Mapping[str, Any]) -> list[Any] | None:
    """One branch for each of several types."""
    kinds = schema.get("type")
    if not isinstance(kinds, list) or len(kinds) < 2:
        return None
    rest = {key: value for key, value in schema.items() if key not in ("type", *_BESIDE)}
    return [{**rest, "type": kind} for kind in kinds]


def _kind(schema: Mapping[str, Any]) -> str:
    values = _values(schema)
    return "string" if values and all(isinstance(value, str) for value in values) else "object"


def _values(schema: Mapping[str, Any]) -> list[Any]:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return [None if value == "" else value for value in values] if isinstance(values, list) else []
