"""Numbers that keep their digits: a Decimal is read as it is written, where JSON's own numbers pass through a float."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from patterns.messages import Json
from patterns.output.schema.annotate import DECIMAL
from patterns.schemas import inner

Fractions: TypeAlias = Literal["floats", "decimals", "both"]
"""What the numbers with a point in values of a type are."""

_FRACTION = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?\d++\.\d++(?:[eE][+-]?\d++)?+)', re.S)


def fractions(schema: Mapping[str, Json]) -> Fractions:
    """Tell what the numbers with a point are in values of this schema."""
    exact = floats = False
    stack = [schema]
    while stack:
        each = stack.pop()
        if each.get(DECIMAL) is True:
            exact = True
            continue
        floats |= may_be_float(each)
        stack += [found for _, found in inner(each)]
    return "floats" if not exact else "both" if floats else "decimals"


def may_be_float(schema: Mapping[str, Json]) -> bool:
    """Tell a schema that takes a float; what is inside it does not count."""
    kind = schema.get("type", "number" if not schema.keys() & {"$ref", "enum", "const", "anyOf", "oneOf"} else None)
    return kind == "number" or (isinstance(kind, list) and "number" in kind)


def quoted(text: str) -> str:
    """Write the fractions of a JSON text as strings, from which a Decimal takes every digit."""
    return _FRACTION.sub(_quote, text) if "." in text else text


def has_fraction(text: str) -> bool:
    """Tell a JSON text with a number that has a point."""
    return "." in text and any(found[1] for found in _FRACTION.finditer(text))


def _quote(found: re.Match[str]) -> str:
    return f'"{found[1]}"' if found[1] else found[0]
