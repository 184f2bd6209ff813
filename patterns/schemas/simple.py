"""Schemas that say a type and little else: seen to be sound at a glance, without loading jsonschema."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.messages import Json

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_TEXTS = ("description", "title")
_SHORT = 2_000


def is_simple(schema: Mapping[str, Json]) -> bool:
    """Tell whether a schema holds nothing but one type name, short texts for people and a short default."""
    return (
        schema.keys() <= {"type", "default", *_TEXTS}
        and schema.get("type", "string") in list(_TYPES)
        and all(isinstance(schema.get(name, ""), str) for name in _TEXTS)
        and isinstance(schema.get("default"), str | bool | None)
        and all(len(value) < _SHORT for value in schema.values() if isinstance(value, str))
    )


def fits_simply(value: Json, schema: Mapping[str, Json]) -> bool:
    """Tell whether a sound value surely is of a simple schema; False leaves the judgement to the library."""
    if "type" not in schema:
        return True
    return type(value) in (str, bool) and type(value) in _TYPES[str(schema["type"])]
