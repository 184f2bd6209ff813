"""How large a written schema is, held against what a provider takes."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.messages import Json
from patterns.output.schema.forms import Unrepresentable
from patterns.output.schema.profiles import Rules
from patterns.schemas import every


def within_bounds(schema: Mapping[str, Json], rules: Rules) -> None:
    """Raise `Unrepresentable`, with the figures, for a schema with more in it than the rules allow."""
    for what, found, most in _figures(schema, rules):
        if found > most > 0:
            raise Unrepresentable(f"it has {found:,} {what}, of which {most:,} are taken", bounds=True)


def _figures(schema: Mapping[str, Json], rules: Rules) -> list[tuple[str, int, int]]:
    members = values = characters = optional = unions = 0
    for each in every(schema):
        properties, required = _mapping(each.get("properties")), _list(each.get("required"))
        given = _list(each.get("enum"))
        members += len(properties)
        values += len(given)
        characters += sum(map(len, properties)) + sum(len(value) for value in given if isinstance(value, str))
        characters += sum(map(len, _mapping(each.get("$defs"))))
        optional += sum(name not in required for name in properties)
        unions += "anyOf" in each
    return [
        ("members", members, rules.most_members),
        ("fixed values", values, rules.most_values),
        ("characters of names and fixed values", characters, rules.most_characters),
        ("optional members", optional, rules.most_optional),
        ("unions", unions, rules.most_unions),
    ]


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
