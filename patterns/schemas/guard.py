"""What may be used as a JSON Schema: bounded, closed in itself, of a known dialect, its patterns linear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from patterns.errors import SchemaError
from patterns.messages import Json
from patterns.schemas.limits import DEEPEST, MOST_PROPERTIES, MOST_REFS, measure, too_much
from patterns.schemas.linear import searcher
from patterns.schemas.refs import lookup
from patterns.schemas.walk import every, inner, same_value

DIALECTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-04/schema",
)
_LOCAL_HINT = 'Copy what it refers to under "$defs" and write "#/$defs/…": nothing is fetched while a schema is used.'
_MOVING = ("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$recursiveAnchor", "$anchor")


def dialect(schema: Mapping[str, Json]) -> str:
    """The dialect a schema is written in, the newest when it names none."""
    named = schema.get("$schema", DIALECTS[0])
    if isinstance(named, str) and named.removesuffix("#") in DIALECTS:
        return named.removesuffix("#")
    raise SchemaError(
        f"the schema is written in an unknown dialect: $schema is {str(named)[:200]!r}",
        hint=f"Leave $schema out, or use one of: {', '.join(DIALECTS)}",
    )


def guard(schema: Mapping[str, Json]) -> None:
    """Refuse a schema that could fetch, loop, backtrack or exhaust. Reads keywords only, not their meaning."""
    measure(schema)
    dialect(schema)
    properties = refs = 0
    for each in _schemas(schema):
        _refuse_doors(each, schema)
        properties += len(named) if isinstance(named := each.get("properties"), Mapping) else 0
        refs += "$ref" in each
        if properties > MOST_PROPERTIES:
            raise too_much("properties", MOST_PROPERTIES)
        if refs > MOST_REFS:
            raise too_much("references", MOST_REFS)
        for pattern in _patterns(each):
            searcher(pattern)
    _refuse_loops(schema)


def _schemas(root: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Every schema in `root` and wherever its references lead, each once."""
    stack, seen = [(root, 1)], {id(root)}
    while stack:
        schema, depth = stack.pop()
        if depth > DEEPEST:
            raise too_much("levels of schemas inside schemas", DEEPEST)
        yield schema
        found = [(each, depth + 1) for _, each in inner(schema)]
        if isinstance(ref := schema.get("$ref"), str) and isinstance(behind := _target(ref, root), Mapping):
            found.append((behind, 1))
        for each, level in found:
            if id(each) not in seen:
                seen.add(id(each))
                stack.append((each, level))


def asides(root: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The schemas that references lead to where the dialect knows of none: `root` does not vouch for them."""
    known = {id(each) for each in every(root)}
    return (each for each in _schemas(root) if id(each) not in known)


def _refuse_doors(schema: Mapping[str, Json], root: Mapping[str, Json]) -> None:
    """Refuse every way out of the schema, and every name that would change what `#` means."""
    ref = schema.get("$ref", "#")
    if not isinstance(ref, str):
        raise SchemaError("a $ref has to be text", hint=_LOCAL_HINT)
    if ref != "#" and not ref.startswith("#/"):
        raise SchemaError(f"the schema refers to something outside itself: $ref is {ref[:200]!r}", hint=_LOCAL_HINT)
    if moving := next((keyword for keyword in _MOVING if keyword in schema), None):
        raise SchemaError(f"the schema uses {moving}, which is not supported", hint='Refer by "$ref": "#/$defs/…".')
    if schema is root:
        return
    if named := next((keyword for keyword in ("$id", "id", "$schema") if isinstance(schema.get(keyword), str)), None):
        raise SchemaError(f"the schema has a {named} below its root", hint=f"Take {named} out: one schema, one base.")


def _patterns(schema: Mapping[str, Json]) -> Iterator[str]:
    if isinstance(pattern := schema.get("pattern"), str):
        yield pattern
    if isinstance(named := schema.get("patternProperties"), Mapping):
        if "unevaluatedProperties" in schema:
            raise SchemaError(
                "patternProperties and unevaluatedProperties cannot be used together",
                hint="Write additionalProperties instead of unevaluatedProperties.",
            )
        yield from named


def _target(ref: str, root: Mapping[str, Json]) -> Json:
    if not (ref == "#" or ref.startswith("#/")):
        return None
    try:
        found = lookup(ref, root)
    except LookupError:
        raise SchemaError(f"the schema refers to {ref[:200]!r}, which is not in it", hint=_LOCAL_HINT) from None
    if not isinstance(found, Mapping | bool):
        raise SchemaError(f"the schema refers to {ref[:200]!r}, which is no schema", hint=_LOCAL_HINT)
    return found


def _refuse_loops(root: Mapping[str, Json]) -> None:
    """Refuse a schema that judges a value by judging the same value again, without end."""
    graph: dict[int, set[int]] = {}
    for schema in _schemas(root):
        nexts = {id(each) for each in same_value(schema)}
        if isinstance(ref := schema.get("$ref"), str):
            nexts.add(id(_target(ref, root)))
        graph[id(schema)] = nexts
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        raise SchemaError(
            "the schema refers to itself without ever going into a value",
            hint="Let a recursive $ref stand under properties, items or additionalProperties.",
        ) from None
