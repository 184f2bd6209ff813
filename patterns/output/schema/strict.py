"""Strict structured output: every object closed, every name required, what may be missing nullable instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from patterns.messages import Json
from patterns.output.schema.annotate import ENUM_NAMES
from patterns.output.schema.remarks import comments, compact, limits, same_words
from patterns.schemas import DEFINITIONS, lookup, recursive, resolve

_DEEPEST = 10
"""Objects and lists inside each other, as the providers' documentation allows."""
_KEPT = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"))
"""Limits that providers enforce, or that litellm turns into words for those that do not; others become words here."""
_FORMATS = frozenset(("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"))
_OPEN = ("prefixItems", "patternProperties", "propertyNames", "additionalItems")
_NULL: dict[str, Json] = {"type": "null"}


class Unrepresentable(Exception):
    """The schema allows values that strict structured output has no words for."""


def strict(schema: Mapping[str, Json], root: Mapping[str, Json]) -> dict[str, Json]:
    """Write a schema in the strict form; references are looked up in `root`. Raises `Unrepresentable`."""
    writer = _Strict(root)
    written = writer.write(schema)
    return {**written, "$defs": dict(writer.definitions)} if writer.definitions else written


class _Strict:
    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root
        self.definitions: dict[str, Json] = {}
        self._names: dict[str, str] = {}

    def write(self, schema: Json, depth: int = 0) -> dict[str, Json]:
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            raise Unrepresentable
        if isinstance(ref := schema.get("$ref"), str):
            return self._reference(ref, schema, depth)
        if isinstance(together := schema.get("allOf"), list):
            return self._together(together, schema, depth)
        body = self._body(schema, depth)
        said = "; ".join(_said(schema))
        return {**body, "description": said} if said else body

    def _reference(self, ref: str, schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
        """Keep a bare reference; write in place what something is said about, for nothing may stand beside a ref."""
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        if _said(beside) and not recursive(ref, self._root):
            return self.write(resolve(schema, self._root), depth)
        if ref not in self._names:
            name = self._names[ref] = self._fresh(ref)
            self.definitions[name] = self.write(_without_definitions(lookup(ref, self._root)), depth)
        return {"$ref": f"#/$defs/{self._names[ref]}"}

    def _fresh(self, ref: str) -> str:
        name = re.sub(r"[^a-zA-Z0-9_-]+", "_", ref.rpartition("/")[2].removeprefix("#")) or "Answer"
        while name in self._names.values():
            name += "_"
        return name

    def _together(self, together: list[Json], schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
        """All of one schema is that schema; all of several has no strict form."""
        if len(together) != 1 or not isinstance(only := together[0], Mapping):
            raise Unrepresentable
        beside = {key: value for key, value in schema.items() if key != "allOf"}
        return self.write({**only, **beside}, depth)

    def _body(self, schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
        if "const" in schema:
            return _values([schema["const"]])
        if isinstance(values := schema.get("enum"), list):
            return _values(values)
        if isinstance(forms := schema.get("anyOf", schema.get("oneOf")), list):
            return _any_of([self.write(form, depth) for form in forms])
        kind = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kind, list):
            return _any_of([self._kind(each, schema, depth) for each in kind])
        return self._kind(kind, schema, depth)

    def _kind(self, kind: Json, schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
        if any(keyword in schema for keyword in _OPEN):
            raise Unrepresentable
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            items = self.write(schema.get("items"), depth + 1)
            return {"type": "array", "items": items, **_kept(schema, "minItems", "maxItems")}
        if kind == "string":
            return {"type": "string", **({"format": schema["format"]} if schema.get("format") in _FORMATS else {})}
        if kind in ("integer", "number"):
            return {"type": kind, **_kept(schema, *(_KEPT - {"minItems", "maxItems"}))}
        return {"type": kind} if kind in ("boolean", "null") else _refuse()

    def _object(self, schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, Mapping) or schema.get("additionalProperties", False) is not False:
            raise Unrepresentable
        needed = required if isinstance(required, list) else []
        written: dict[str, Json] = {}
        for name, field in properties.items():
            made = self.write(field, depth + 1)
            written[name] = made if name in needed else _nullable(made)
        return {"type": "object", "properties": written, "required": list(written), "additionalProperties": False}


def _refuse() -> NoReturn:
    raise Unrepresentable


def _kept(schema: Mapping[str, Json], *keywords: str) -> dict[str, Json]:
    return {keyword: schema[keyword] for keyword in sorted(keywords) if keyword in schema}


def _values(values: list[Json]) -> dict[str, Json]:
    """An enum with its type; one alternative for each type when there are several."""
    by_type: dict[str, list[Json]] = {}
    for value in values:
        by_type.setdefault(_type(value), []).append(value)
    return _any_of([dict(_NULL) if kind == "null" else {"type": kind, "enum": of} for kind, of in by_type.items()])


def _type(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds: list[tuple[type, str]] = [(str, "string"), (int, "integer"), (float, "number"), (type(None), "null")]
    return next((name for kind, name in kinds if isinstance(value, kind)), "") or _refuse()


def _any_of(forms: list[dict[str, Json]]) -> dict[str, Json]:
    if not forms:
        raise Unrepresentable
    return forms[0] if len(forms) == 1 else {"anyOf": list(forms)}


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    forms = schema.get("anyOf")
    if schema == _NULL or (isinstance(forms, list) and _NULL in forms):
        return schema
    said = {"description": schema["description"]} if "description" in schema else {}
    bare = {key: value for key, value in schema.items() if key != "description"}
    inner = forms if isinstance(forms, list) else [bare]
    return {"anyOf": [*inner, dict(_NULL)], **said}


def _said(schema: Mapping[str, Json]) -> list[str]:
    """What the strict form cannot enforce, in words, behind what people said."""
    unkept = {key: value for key, value in schema.items() if key not in _KEPT and key not in ("oneOf", "anyOf")}
    if unkept.get("format") in _FORMATS:
        del unkept["format"]
    return [*comments(schema), *_names(schema), *limits(unkept)]


def _names(schema: Mapping[str, Json]) -> list[str]:
    """The names of an Enum's members, where they say more than the values."""
    names, values = schema.get(ENUM_NAMES), schema.get("enum")
    if not isinstance(names, list) or not isinstance(values, list):
        return []
    told = [f"{compact(v)} is {n}" for v, n in zip(values, names, strict=False) if not same_words(str(n), str(v))]
    return [", ".join(told)] if told else []


def _without_definitions(schema: Json) -> Json:
    if not isinstance(schema, Mapping):
        return schema
    return {key: value for key, value in schema.items() if key not in DEFINITIONS}
