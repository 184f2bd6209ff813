"""Where schemas stand inside a schema; everything else in it is a name or data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from patterns.messages import Json

_ONE = (
    *("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not"),
    *("propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
)
_MANY = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
_SAME_VALUE = frozenset({"allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "not", "oneOf", "then"})


def inner(schema: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Each schema directly inside this one, with the keyword that holds it."""
    for keyword in _ONE:
        if isinstance(one := schema.get(keyword), Mapping):
            yield keyword, one
    for keyword in _MANY:
        if isinstance(many := schema.get(keyword), list):
            yield from ((keyword, each) for each in many if isinstance(each, Mapping))
    for keyword in _NAMED:
        if isinstance(named := schema.get(keyword), Mapping):
            yield from ((keyword, each) for each in named.values() if isinstance(each, Mapping))


def same_value(schema: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The schemas inside this one that judge the very same value, not a part of it."""
    return (each for keyword, each in inner(schema) if keyword in _SAME_VALUE)


def every(schema: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """This schema and each one inside it, at any depth, definitions included, each before what is inside it."""
    stack = [schema]
    while stack:
        each = stack.pop()
        yield each
        stack.extend(reversed([found for _, found in inner(each)]))
