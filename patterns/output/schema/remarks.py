"""The small print of a type: limits, formats, defaults and examples in a few words each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from patterns.messages import Json

_FORMATS = {
    "date": "YYYY-MM-DD",
    "date-time": "YYYY-MM-DDTHH:MM:SS",
    "time": "HH:MM:SS",
    "duration": "ISO 8601 duration",
    "email": "e-mail",
    "uuid": "UUID",
    "uri": "URL",
}
_SILENT = frozenset(
    (
        *("$comment", "$defs", "$id", "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "default"),
        *("definitions", "deprecated", "description", "discriminator", "enum", "examples", "exclusiveMaximum"),
        *("exclusiveMinimum", "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems"),
        *("minLength", "minProperties", "minimum", "multipleOf", "oneOf", "pattern", "patternProperties"),
        *("prefixItems", "properties", "propertyNames", "readOnly", "required", "title", "type", "uniqueItems"),
        "writeOnly",
    )
)
"""Keywords that the notation or a remark of their own tells; any other one is quoted as it is."""


def compact(value: Json) -> str:
    """Write JSON as short as it goes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def limits(schema: Mapping[str, Json]) -> Iterator[str]:
    """What a value has to keep to beyond its type."""
    if (format_ := schema.get("format")) is not None:
        yield _FORMATS.get(str(format_), str(format_))
    if (pattern := schema.get("pattern")) is not None:
        yield f"matches {pattern}"
    yield from _numbers(schema)
    yield from _range(schema, "Length", "character")
    if not (schema.get("prefixItems") and len(_list(schema["prefixItems"])) == schema.get("maxItems")):
        yield from _range(schema, "Items", "item")
    if schema.get("uniqueItems"):
        yield "no item twice"
    yield from _range(schema, "Properties", "member")
    if further := {key: schema[key] for key in schema if key not in _SILENT and not key.startswith("x-")}:
        yield f"also {compact(further)}"


def _numbers(schema: Mapping[str, Json]) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        yield f"{low} to {high}"
    elif low is not None:
        yield f">= {low}"
    elif high is not None:
        yield f"<= {high}"
    if (above := schema.get("exclusiveMinimum")) is not None:
        yield f"> {above}"
    if (below := schema.get("exclusiveMaximum")) is not None:
        yield f"< {below}"
    if (step := schema.get("multipleOf")) is not None:
        yield f"multiple of {step}"


def _range(schema: Mapping[str, Json], what: str, unit: str) -> Iterator[str]:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    if least is not None and least == most:
        yield _counted(f"{least}", unit)
    elif least is not None and most is not None:
        yield f"{least} to {most} {unit}s"
    elif least is not None:
        yield _counted(f"at least {least}", unit)
    elif most is not None:
        yield _counted(f"at most {most}", unit)


def _counted(amount: str, unit: str) -> str:
    return f"{amount} {unit}" if amount.split()[-1] == "1" else f"{amount} {unit}s"


def comments(schema: Mapping[str, Json], name: str = "") -> Iterator[str]:
    """What people said about a value: its description, examples, and a default that is not empty."""
    if told := one_line(schema.get("description")) or _title(schema, name):
        yield told
    if examples := _list(schema.get("examples")):
        yield f"e.g. {', '.join(map(compact, examples))}"
    if default := schema.get("default"):
        yield f"default {compact(default)}"


def _title(schema: Mapping[str, Json], name: str) -> str:
    """A title worth telling: one that was written for a field, not the name of its type."""
    title = one_line(schema.get("title"))
    types = "properties" in schema or "enum" in schema or "$ref" in schema
    return "" if not name or types or same_words(title, name) else title


def one_line(text: Json) -> str:
    """Fold a text into one line, so that it cannot leave its comment."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def same_words(one: str, other: str) -> bool:
    """Whether two names differ in case and punctuation only."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
