"""JSON Schemas as Anthropic's constrained decoding takes them; what it does not enforce is told in the description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from patterns.model.fast.inlining import inlined

_ADVICE = (
    *("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
    *("minProperties", "maxProperties", "patternProperties", "propertyNames"),
    *("dependentRequired", "dependentSchemas", "unevaluatedProperties", "if", "then", "else", "not"),
)
"""Keywords that the API refuses."""
_NAMED = ("properties",)
_LISTED = ("anyOf", "allOf", "oneOf")


def output_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema for `output_format`: without references, objects closed, and nothing in it that the API refuses.

    The answer is validated against the whole schema on our side.
    """
    found: dict[str, Any] = _tamed(inlined(schema))
    return found


def _tamed(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    if advice := [f"{key} {_said(schema[key])}" for key in _ADVICE if schema.get(key, False) is not False]:
        found["description"] = " ".join(filter(None, (schema.get("description"), f"Limits: {', '.join(advice)}.")))
    for key, value in schema.items():
        if key in _ADVICE or key in found or (key == "type" and _at_odds(schema)):
            continue
        if key in _NAMED and isinstance(value, Mapping):
            found[key] = {name: _tamed(part) for name, part in value.items()}
        elif key == "items":
            found[key] = _tamed(value)
        elif key in _LISTED and isinstance(value, list):
            kept = "anyOf" if key == "oneOf" else key
            found[kept] = [*found.get(kept, []), *map(_tamed, value)]
        else:
            found[key] = value
    if found.get("type") == "object":
        found["additionalProperties"] = False
    return found


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _at_odds(schema: Mapping[str, Any]) -> bool:
    """An enum of several types: the API takes it only without a type beside it."""
    return "enum" in schema and isinstance(schema["type"], list)
