"""JSON Schema to plans: once for each shape."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, cast

from patterns.messages import Json
from patterns.output.align.anything import EVERY_KIND, Anything
from patterns.output.align.choices import Choice
from patterns.output.align.fields import Field
from patterns.output.align.figures import Figure, Flag, Nothing
from patterns.output.align.ledger import Ledger
from patterns.output.align.lists import Listing, Row
from patterns.output.align.maps import Map
from patterns.output.align.plan import Plan
from patterns.output.align.records import Record
from patterns.output.align.texts import MOMENTS, Moment, Text
from patterns.output.align.unions import Tags, Union
from patterns.output.schema.annotate import ALIASES, DECIMAL, ENUM_NAMES, lookup, resolve
from patterns.output.tree import Kind, Node

Schema = Mapping[str, Json]

_MOST_KEPT: Final = 1024
_PLAIN: Final[Mapping[str, type[Flag] | type[Nothing]]] = {"boolean": Flag, "null": Nothing}


class Deferred:
    """A plan that is still being made: where a type holds itself. Its kinds are known only once it is made."""

    wants = "the same again"

    def __init__(self) -> None:
        self.plan: Plan = Anything()

    @property
    def kinds(self) -> frozenset[Kind]:
        return EVERY_KIND if isinstance(self.plan, (Anything, Deferred)) else self.plan.kinds

    def fit(self, node: Node, ledger: Ledger) -> object:
        return self.plan.fit(node, ledger)


_plans: dict[int, tuple[Schema, Plan]] = {}


def plan_of(schema: Schema) -> Plan:
    """Give the plan of a JSON Schema. Made once for each schema object, and kept while there are few."""
    kept = _plans.get(id(schema))
    if kept is None:
        if len(_plans) >= _MOST_KEPT:
            _plans.clear()
        kept = _plans[id(schema)] = (schema, _Compiler(schema).plan(schema))
    return kept[1]


class _Compiler:
    """Holds the root schema and the plans of its definitions while they are made."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._named: dict[str, Plan] = {}

    def plan(self, schema: Json) -> Plan:
        if not isinstance(schema, Mapping):
            return Anything()
        ref = schema.get("$ref")
        if isinstance(ref, str):
            return self._referred(ref)
        if schema.get(DECIMAL) is True:
            return Figure(whole=False, exact=True)
        if "allOf" in schema:
            schema = self._merged(schema)
        for word in ("anyOf", "oneOf"):
            if isinstance(branches := schema.get(word), list):
                return self._union(schema, branches)
        if isinstance(kinds := schema.get("type"), list):
            return self._union(schema, [{**schema, "type": kind} for kind in kinds])
        return self._single(schema)

    def _referred(self, ref: str) -> Plan:
        """Make a definition once; a mention of it inside itself is deferred."""
        if ref not in self._named:
            self._named[ref] = deferred = Deferred()
            deferred.plan = self._named[ref] = self.plan(lookup(ref, self._root))
        return self._named[ref]

    def _merged(self, schema: Schema) -> Schema:
        """Put the parts of an `allOf` together."""
        merged: dict[str, Json] = {key: value for key, value in schema.items() if key != "allOf"}
        for part in cast("Sequence[Schema]", schema["allOf"]):
            for key, value in resolve(part, self._root).items():
                mine = merged.get(key)
                if isinstance(mine, Mapping) and isinstance(value, Mapping):
                    merged[key] = {**value, **mine}
                elif isinstance(mine, list) and isinstance(value, list):
                    merged[key] = [*mine, *value]
                else:
                    merged.setdefault(key, value)
        return merged

    def _single(self, schema: Schema) -> Plan:
        if isinstance(values := schema.get("enum"), list):
            return Choice(values, _enum_names(schema, values))
        if "const" in schema:
            return Choice([schema["const"]])
        kind = schema.get("type")
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        if kind in ("integer", "number"):
            return _figure(schema)
        if kind == "string":
            return _text(schema)
        return _PLAIN[str(kind)]() if kind in _PLAIN else Anything()

    # objects

    def _object(self, schema: Schema) -> Plan:
        properties = schema.get("properties")
        extra = schema.get("additionalProperties")
        if not isinstance(properties, Mapping):
            named = schema.get("patternProperties")
            values = next(iter(named.values()), {}) if isinstance(named, Mapping) else extra
            if extra is False and not named:
                return Record(str(schema.get("title", "")), ())
            keys = schema.get("propertyNames")
            return Map(self.plan(values), self.plan(keys) if isinstance(keys, Mapping) and len(keys) > 0 else None)
        wanted = schema.get("required") or []
        required = set(cast("Sequence[str]", wanted))
        fields = [self._field(name, part, name in required) for name, part in properties.items()]
        others = None if extra is None or extra is False else self.plan(extra)
        return Record(str(schema.get("title", "")), fields, others)

    def _field(self, name: str, schema: Json, required: bool) -> Field:
        plan = self.plan(schema)
        aliases = schema.get(ALIASES) if isinstance(schema, Mapping) else None
        names = (name, *(cast("Sequence[str]", aliases) if isinstance(aliases, list) else ()))
        nullable = "null" in plan.kinds and not isinstance(plan, (Anything, Deferred))
        easy: Kind | None = "string" if isinstance(plan, Text) else "bool" if isinstance(plan, Flag) else None
        return Field(name, names, plan, required, nullable, easy)

    def _array(self, schema: Schema) -> Plan:
        places = schema.get("prefixItems")
        items = schema.get("items", True)
        if isinstance(places, list):
            closed = items is False or schema.get("maxItems") == len(places)
            titles = [str(_mapping(place).get("title", "")) for place in places]
            rest = None if closed else self.plan(items)
            return Row([self.plan(place) for place in places], rest, titles if all(titles) else ())
        return Listing(self.plan(items), distinct=bool(schema.get("uniqueItems")))

    # unions

    def _union(self, schema: Schema, branches: Sequence[Json]) -> Plan:
        constants = [branch for branch in branches if isinstance(branch, Mapping) and "const" in branch]
        if len(constants) == len(branches):
            return Choice([part["const"] for part in constants], _said_otherwise(constants))
        plans = [self.plan(branch) for branch in branches]
        if len(plans) == 1:
            return plans[0]
        objects = [
            (resolve(branch, self._root), plan)
            for branch, plan in zip(branches, plans, strict=True)
            if isinstance(branch, Mapping)
        ]
        return Union(plans, self._tags(schema, [(part, plan) for part, plan in objects if "properties" in part]))

    def _tags(self, schema: Schema, objects: Sequence[tuple[Schema, Plan]]) -> Tags | None:
        """Find the member that tells the types apart: the one declared, or one that is constant in all of them."""
        if len(objects) < 2:
            return None
        declared = schema.get("discriminator")
        name = declared.get("propertyName") if isinstance(declared, Mapping) else None
        shared = [cast("Mapping[str, Json]", part["properties"]) for part, _ in objects]
        for key in [name] if isinstance(name, str) else shared[0]:
            values = [self._constants(properties.get(key)) for properties in shared]
            tags = {str(value): plan for found, (_, plan) in zip(values, objects, strict=True) for value in found}
            if all(values) and len(tags) == sum(map(len, values)):
                aliases = [a for p in shared for a in cast("Sequence[str]", _mapping(p[key]).get(ALIASES) or ())]
                return Tags([key, *aliases], tags)
        return None

    def _constants(self, schema: Json) -> list[Json]:
        part = resolve(_mapping(schema), self._root)
        if "const" in part:
            return [part["const"]]
        values = part.get("enum")
        return values if isinstance(values, list) else []


def _mapping(schema: Json) -> Schema:
    return schema if isinstance(schema, Mapping) else {}


def _enum_names(schema: Schema, values: Sequence[Json]) -> dict[str, object]:
    names = schema.get(ENUM_NAMES)
    return {str(name): value for name, value in zip(names, values, strict=False)} if isinstance(names, list) else {}


def _said_otherwise(constants: Sequence[Schema]) -> dict[str, object]:
    """Give the titles and descriptions of constants as further names, without those that two of them share."""
    said = [
        (text, part["const"])
        for part in constants
        for word in ("title", "description")
        if isinstance(text := part.get(word), str)
    ]
    texts = [text for text, _ in said]
    return {text: value for text, value in said if texts.count(text) == 1}


def _figure(schema: Schema) -> Plan:
    def bound(*words: str) -> float | None:
        found = [value for word in words if isinstance(value := schema.get(word), (int, float))]
        return found[0] if found else None

    least, most = bound("minimum", "exclusiveMinimum"), bound("maximum", "exclusiveMaximum")
    whole = schema.get("type") == "integer"
    return Figure(whole=whole, least=-math.inf if least is None else least, most=math.inf if most is None else most)


def _text(schema: Schema) -> Plan:
    form = schema.get("format")
    return Moment(form) if form in MOMENTS and isinstance(form, str) else Text()
