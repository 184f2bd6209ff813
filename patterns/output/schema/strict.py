"""A schema written by a provider's rules: objects closed, what may be missing nullable, limits it lacks in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from patterns.messages import Json
from patterns.output.schema.annotate import ENUM_NAMES
from patterns.output.schema.forms import Unrepresentable, any_of, fixed, nullable
from patterns.output.schema.profiles import Rules
from patterns.output.schema.remarks import comments, compact, limits, same_words
from patterns.schemas import DEFINITIONS, lookup, recursive, resolve

_LIMITS: Mapping[str, tuple[str, ...]] = {
    "integer": ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
    "number": ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
    "string": ("maxLength", "minLength", "pattern"),
    "array": ("maxItems", "minItems", "uniqueItems"),
}
_OPEN = ("prefixItems", "patternProperties", "propertyNames", "additionalItems")
_MOST_INLINED = 20_000
"""Schemas that are written in the place of references at most: a few that refer to each other make very many."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a schema stands: its path, how many objects and lists are around it, whether it is an optional member."""

    path: str = "$"
    depth: int = 0
    optional: bool = False


class Writer:
    """Writes one schema; references are looked up in `root`. `differences` tells what is lost, place by place."""

    def __init__(self, root: Mapping[str, Json], rules: Rules) -> None:
        self._root, self._rules = root, rules
        self._definitions: dict[str, Json] = {}
        self._names: dict[str, str] = {}
        self._inlined = 0
        self._loops: dict[str, bool] = {}
        self.differences: list[str] = []

    def written(self, schema: Mapping[str, Json]) -> dict[str, Json]:
        """Write a whole schema with its definitions. Raises `Unrepresentable`."""
        own = self._write(schema, _Place())
        return {**own, "$defs": dict(self._definitions)} if self._definitions else own

    def _write(self, schema: Json, at: _Place) -> dict[str, Json]:
        if not isinstance(schema, Mapping):
            raise Unrepresentable(f"{at.path} may be anything")
        if self._rules.depth is not None and at.depth > self._rules.depth:
            raise Unrepresentable(f"it is nested deeper than {self._rules.depth} levels", bounds=True)
        if isinstance(ref := schema.get("$ref"), str):
            return self._reference(ref, schema, at)
        if isinstance(together := schema.get("allOf"), list):
            return self._together(together, schema, at)
        body = self._body(schema, at)
        said = "; ".join([*comments(schema), *_names(schema), *self._unkept(schema, at)])
        return {**body, "description": said} if said else body

    def _reference(self, ref: str, schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        """Keep a bare reference; write in place what something is said about, for nothing may stand beside a ref."""
        allowed = self._rules.recursion
        if (allowed == "never" or (allowed == "optional" and not at.optional)) and self._holds_itself(ref):
            raise Unrepresentable(f"{at.path} may hold itself", bounds=True)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        if (self._rules.inline or _says(beside)) and not self._holds_itself(ref):
            self._inlined += 1
            if self._inlined > _MOST_INLINED:
                raise Unrepresentable("it is too large with its references written out", bounds=True)
            return self._write(resolve(schema, self._root), at)
        if ref not in self._names:
            name = self._names[ref] = self._fresh(ref)
            self._definitions[name] = self._write(
                _without_definitions(lookup(ref, self._root)), replace(at, path=name, optional=False)
            )
        return {"$ref": f"#/$defs/{self._names[ref]}"}

    def _holds_itself(self, ref: str) -> bool:
        if ref not in self._loops:
            self._loops[ref] = recursive(ref, self._root)
        return self._loops[ref]

    def _fresh(self, ref: str) -> str:
        name = re.sub(r"[^a-zA-Z0-9_-]+", "_", ref.rpartition("/")[2].removeprefix("#")) or "Answer"
        while name in self._names.values():
            name += "_"
        return name

    def _together(self, together: list[Json], schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        """All of one schema is that schema; all of several has no strict form."""
        if len(together) != 1 or not isinstance(only := together[0], Mapping):
            raise Unrepresentable(f"{at.path} must fit several schemas at once")
        beside = {key: value for key, value in schema.items() if key != "allOf"}
        return self._write({**only, **beside}, at)

    def _body(self, schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        if "const" in schema:
            return fixed([schema["const"]], at.path)
        if isinstance(values := schema.get("enum"), list):
            return fixed(values, at.path)
        if isinstance(forms := schema.get("anyOf", schema.get("oneOf")), list):
            return any_of(
                [self._write(form, replace(at, path=f"{at.path}|{n}")) for n, form in enumerate(forms)], at.path
            )
        kind = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kind, list):
            return any_of([self._kind(each, schema, at) for each in kind], at.path)
        if "type" not in schema and kind is not None:
            self._differ(at, "only an object can be given")
        return self._kind(kind, schema, at)

    def _kind(self, kind: Json, schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        if any(keyword in schema for keyword in (_OPEN[1:] if self._rules.maps else _OPEN)):
            raise Unrepresentable(f"{at.path} is open: it has no fixed names or items")
        if kind == "object":
            return self._object(schema, at)
        if kind == "array":
            return {"type": "array", **self._items(schema, at), **self._kept(schema, "array")}
        if kind == "string":
            known = schema.get("format") in self._rules.formats
            return {"type": "string", **({"format": schema["format"]} if known else {}), **self._kept(schema, "string")}
        if kind in ("integer", "number", "boolean", "null"):
            return {"type": kind, **self._kept(schema, str(kind))}
        raise Unrepresentable(f"{at.path} may be anything")

    def _items(self, schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        below = replace(at, path=f"{at.path}[]", depth=at.depth + 1)
        places = schema.get("prefixItems")
        if isinstance(places, list):
            written: list[Json] = [self._write(each, below) for each in places]
            rest = schema.get("items")
            return {"prefixItems": written, **({"items": self._write(rest, below)} if rest else {})}
        return {"items": self._write(schema.get("items"), below)}

    def _object(self, schema: Mapping[str, Json], at: _Place) -> dict[str, Json]:
        properties, required = schema.get("properties"), schema.get("required")
        further = schema.get("additionalProperties", False)
        if isinstance(further, Mapping) and further and self._rules.maps:
            rest: Json = self._write(further, replace(at, path=f"{at.path}.*", depth=at.depth + 1))
        elif further is not False or not isinstance(properties, Mapping):
            raise Unrepresentable(f"{at.path} is open: it has no fixed names or items")
        else:
            rest = False
        named = properties if isinstance(properties, Mapping) else {}
        needed = [str(name) for name in required] if isinstance(required, list) else []
        if missing := [name for name in needed if name not in named]:
            raise Unrepresentable(f"{at.path} needs {missing[0]!r}, of which nothing is said")
        if "additionalProperties" not in schema:
            self._differ(at, "members of other names cannot be given")
        null = self._rules.optional == "null"
        written: dict[str, Json] = {}
        for name, field in named.items():
            optional = name not in needed
            made = self._write(field, _Place(f"{at.path}.{name}", at.depth + 1, optional))
            written[name] = nullable(made) if null and optional else made
            if null and optional:
                self._differ(at, f"{name} is always given, {_left_out(made, field)}")
        given = list(written) if null else needed
        return {"type": "object", "properties": written, "required": list[Json](given), "additionalProperties": rest}

    def _kept(self, schema: Mapping[str, Json], kind: str) -> dict[str, Json]:
        names = [name for name in _LIMITS.get(kind, ()) if name in schema and self._keeps(name, schema[name])]
        return {name: schema[name] for name in names}

    def _keeps(self, limit: str, value: Json) -> bool:
        most = self._rules.min_items
        small = limit != "minItems" or most is None or (isinstance(value, int) and value <= most)
        return limit in self._rules.limits and small

    def _unkept(self, schema: Mapping[str, Json], at: _Place) -> list[str]:
        """What the rules cannot enforce, in words."""
        left = {k: v for k, v in schema.items() if not self._keeps(k, v) and k not in ("oneOf", "anyOf")}
        if left.get("format") in self._rules.formats:
            del left["format"]
        if self._rules.maps:
            left.pop("prefixItems", None)
        said = list(limits(left))
        if said:
            self._differ(at, f"said in words, not enforced: {'; '.join(said)}")
        return said

    def _differ(self, at: _Place, words: str) -> None:
        self.differences.append(f"{at.path}: {words}")


def _says(schema: Mapping[str, Json]) -> bool:
    """Whether anything is said beside a reference that would have to stand in a description."""
    return any(True for _ in comments(schema)) or bool(_names(schema)) or any(True for _ in limits(schema))


def _left_out(made: Mapping[str, Json], field: Json) -> str:
    """What stands for a member that is left out; one that may be null anyway is null then, whatever its default."""
    default = field.get("default") if isinstance(field, Mapping) else None
    if default is None or nullable(dict(made)) != made:
        return "as null where it would be left out"
    return f"and null is null there: its default, {compact(default)}, is not taken"


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
