"""A JSON Schema as the engine sees it: a tree of fields with names, kinds and what may be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from patterns.messages import Json
from patterns.model.rules.words import tokens

Type: TypeAlias = Literal["object", "array", "string", "integer", "number", "boolean", "choice", "union", "other"]

Trail: TypeAlias = tuple[str, ...]
"""The references followed so far, one entry a level."""

_DEEPEST = 8
_TURNS = 2
"""How often a recursive definition is followed on one path."""


@dataclass(frozen=True, eq=False)
class Field:
    """One place of the wanted value. `options` are the values of an enum; `members` the branches of a union.

    `context` holds the canonical words of the enclosing models' names; `nullable` says that null is a value here.
    """

    name: str
    type: Type
    format: str = ""
    title: str = ""
    description: str = ""
    required: bool = True
    nullable: bool = False
    default: Json = None
    options: tuple[Json, ...] = ()
    items: Field | None = None
    fields: tuple[Field, ...] = ()
    members: tuple[Field, ...] = ()
    context: frozenset[str] = frozenset()
    schema: Mapping[str, Json] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return tokens(self.name or self.title)

    @property
    def needed(self) -> bool:
        """Whether the value is wrong without this field."""
        return self.required and not self.nullable

    def leaves(self) -> Iterator[Field]:
        """The fields of this object that hold one value each."""
        return (f for f in self.fields if f.type not in ("object", "array", "union", "other"))


def field_of(schema: Mapping[str, Json], name: str = "") -> Field:
    """Compile a JSON Schema. `$ref` is followed inside the schema only; past eight levels nothing is looked for."""
    return _compile(schema, name, schema, frozenset(), ())


def _compile(schema: Json, name: str, root: Mapping[str, Json], context: frozenset[str], trail: Trail) -> Field:
    resolved = _resolve(schema, root)
    trail = (*trail, str(schema.get("$ref", "")) if isinstance(schema, Mapping) else "")
    if len(trail) > _DEEPEST or not resolved or (trail[-1] and trail.count(trail[-1]) > _TURNS):
        return Field(name, "other", context=context)
    branches = _branches(resolved)
    if branches is not None:
        return _union(resolved, branches, name, root, context, trail)
    type_, nullable = _type(resolved)
    made = Field(
        name,
        type_,
        format=_text(resolved, "format"),
        title=_text(resolved, "title"),
        description=_text(resolved, "description"),
        nullable=nullable,
        default=resolved.get("default"),
        options=_options(resolved),
        context=context,
        schema=resolved,
    )
    if type_ == "object":
        return replace(made, fields=_properties(resolved, made, root, trail))
    if type_ == "array" and isinstance(resolved.get("items"), Mapping):
        return replace(made, items=_compile(resolved["items"], name, root, context, trail))
    return made


def _resolve(schema: Json, root: Mapping[str, Json]) -> dict[str, Json]:
    """The schema with its own `$ref` and single `allOf` followed; what stands beside them wins."""
    if not isinstance(schema, Mapping):
        return {}
    merged = dict(schema)
    for _ in range(_DEEPEST):
        ref, every = merged.pop("$ref", None), merged.get("allOf")
        if isinstance(ref, str):
            merged = {**_pointed(ref, root), **merged}
        elif isinstance(every, list) and len(every) == 1 and isinstance(every[0], Mapping):
            del merged["allOf"]
            merged = {**every[0], **merged}
        else:
            break
    return merged


def _pointed(ref: str, root: Mapping[str, Json]) -> Mapping[str, Json]:
    at: Json = root
    for step in ref.removeprefix("#").strip("/").split("/") if ref not in ("#", "") else []:
        at = at.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(at, Mapping) else None
    return at if isinstance(at, Mapping) else {}


def _branches(schema: Mapping[str, Json]) -> list[Json] | None:
    for key in ("anyOf", "oneOf"):
        found = schema.get(key)
        if isinstance(found, list) and found:
            return found
    return None


def _union(
    schema: dict[str, Json],
    branches: list[Json],
    name: str,
    root: Mapping[str, Json],
    context: frozenset[str],
    trail: Trail,
) -> Field:
    """One branch besides null is that branch; numbers win over their own spelling as text; the rest is a union."""
    outer = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf", "discriminator", "type")}
    resolved = [_resolve(branch, root) for branch in branches]
    real = [branch for branch in resolved if branch.get("type") != "null" and branch.get("const", "") is not None]
    members = tuple(_compile({**branch, **outer}, name, root, context, trail) for branch in real)
    nullable = len(real) < len(resolved) or any(member.nullable for member in members)
    if not members:
        return Field(name, "other", nullable=nullable, context=context)
    chosen = members[0]
    if len(members) > 1:
        chosen = next((m for m in members if m.type in ("integer", "number")), chosen)
        if any(member.type in ("object", "array") for member in members):
            chosen = replace(chosen, type="union", members=members, fields=())
    return replace(chosen, nullable=nullable, default=schema.get("default"))


def _type(schema: Mapping[str, Json]) -> tuple[Type, bool]:
    """The type of a schema without branches, and whether it takes null."""
    stated = schema.get("type")
    names: tuple[Json, ...] = tuple(stated) if isinstance(stated, list) else (stated,)
    nullable = "null" in names or ("enum" in schema and None in cast("list[Json]", schema["enum"] or []))
    real: list[Json] = [name for name in names if name not in ("null", None)]
    if _options(schema):
        return "choice", nullable
    if len(real) > 1:
        real = [next((one for one in real if one in ("integer", "number")), real[0])]
    if not real:
        real.append("object" if "properties" in schema else "array" if "items" in schema else "other")
    if real[0] == "object" and not schema.get("properties"):
        return "other", nullable
    known = ("object", "array", "string", "integer", "number", "boolean")
    return cast(Type, real[0]) if real[0] in known else "other", nullable


def _options(schema: Mapping[str, Json]) -> tuple[Json, ...]:
    if "const" in schema:
        return (schema["const"],) if schema["const"] is not None else ()
    options = schema.get("enum")
    return tuple(option for option in options if option is not None) if isinstance(options, list) else ()


def _properties(schema: Mapping[str, Json], made: Field, root: Mapping[str, Json], trail: Trail) -> tuple[Field, ...]:
    properties, required = schema.get("properties"), schema.get("required")
    assert isinstance(properties, Mapping)
    names = set(required) if isinstance(required, list) else set()
    context = made.context | frozenset(tokens(made.name)) | frozenset(tokens(made.title))
    fields = (_compile(part, name, root, context, trail) for name, part in properties.items())
    return tuple(replace(field, required=field.name in names) for field in fields)


def _text(schema: Mapping[str, Json], key: str) -> str:
    value = schema.get(key)
    return value if isinstance(value, str) else ""
