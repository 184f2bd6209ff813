"""Dumped values under the names of the schema: pydantic writes a field by one alias and may read it by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patterns.messages import Json
from patterns.output.schema.annotate import ALIASES
from patterns.schemas import every, resolve


def has_aliases(schema: Mapping[str, Json]) -> bool:
    """Whether any name in the schema has another one."""
    return any(ALIASES in each for each in every(schema))


def renamed(value: Json, schema: Json, root: Mapping[str, Json]) -> Json:
    """Give each member of `value` the name that the schema calls it by; references are looked up in `root`."""
    if not isinstance(schema, Mapping):
        return value
    schema = resolve(schema, root)
    if isinstance(forms := schema.get("anyOf", schema.get("oneOf")), list):
        return renamed(value, next((form for form in forms if _fits(value, form, root)), None), root)
    if isinstance(value, list):
        return [renamed(item, place, root) for item, place in zip(value, _places(schema, len(value)), strict=True)]
    if isinstance(value, Mapping):
        return _members(value, schema, root)
    return value


def _members(value: Mapping[str, Json], schema: Mapping[str, Json], root: Mapping[str, Json]) -> dict[str, Json]:
    properties = _properties(schema)
    keys = {name: key for key, field in properties.items() for name in _names(key, field)}
    rest = schema.get("additionalProperties")
    return {
        keys.get(name, name): renamed(item, properties.get(keys.get(name, name), rest), root)
        for name, item in value.items()
    }


def _fits(value: Json, form: Json, root: Mapping[str, Json]) -> bool:
    """Whether a dumped value can be of this form, by its kind, its names, and its constants."""
    if not isinstance(form, Mapping):
        return False
    form = resolve(form, root)
    if isinstance(forms := form.get("anyOf", form.get("oneOf")), list):
        return any(_fits(value, each, root) for each in forms)
    if isinstance(value, list):
        return form.get("type") == "array"
    if not isinstance(value, Mapping) or form.get("type") != "object":
        return not isinstance(value, Mapping) and form.get("type") not in ("array", "object")
    properties = _properties(form)
    if not properties:
        return True
    known = {name: field for key, field in properties.items() for name in _names(key, field)}
    return value.keys() <= known.keys() and all(_allows(known[name], item) for name, item in value.items())


def _allows(field: Json, value: Json) -> bool:
    return not isinstance(field, Mapping) or "const" not in field or field["const"] == value


def _properties(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _names(key: str, field: Json) -> Iterable[str]:
    """The names of a field, its own last: where two fields claim a name, it is whose own it is."""
    others = field.get(ALIASES) if isinstance(field, Mapping) else None
    return [*map(str, others if isinstance(others, list) else ()), key]


def _places(schema: Mapping[str, Json], count: int) -> list[Json]:
    places = schema.get("prefixItems")
    first = places[:count] if isinstance(places, list) else []
    return [*first, *[schema.get("items")] * (count - len(first))]
