"""How large and how deep a schema or a value may be, found out without recursion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from patterns.errors import Problem, SchemaError
from patterns.messages import Json
from patterns.schemas.paths import json_path

LARGEST = 64 * 1024
"""Characters of a schema written as JSON."""
DEEPEST = 32
"""Schemas inside schemas."""
MOST_PROPERTIES = 500
MOST_REFS = 200
DEEPEST_JSON = 4 * DEEPEST
"""Levels of brackets in a schema: each schema inside a schema takes up to three."""
DEEPEST_VALUE = 200
"""Levels of brackets in a value, as in pydantic's own JSON parser."""
_LONGEST_INT = 14_280
"""Bits of an integer that Python writes as text: 4,300 digits."""


def measure(schema: Mapping[str, Json]) -> None:
    """Refuse what is not JSON, too large or too deep to be a schema. Stops at the limit, whatever comes behind it."""
    size = 0
    stack: list[tuple[object, int]] = [(schema, 1)]
    while stack:
        value, depth = stack.pop()
        if depth > DEEPEST_JSON:
            raise too_much("levels of nesting", DEEPEST_JSON)
        size += _own_size(value)
        if size > LARGEST:
            raise too_much("characters", LARGEST)
        if isinstance(value, Mapping):
            stack.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list | tuple):
            stack.extend((item, depth + 1) for item in value)


def too_much(what: str, limit: int) -> SchemaError:
    """The error for a schema past one of its limits."""
    return SchemaError(f"the schema has more than {limit:,} {what}", hint="Ask for less at once: split the schema.")


def _own_size(value: object) -> int:
    """Characters that a value takes without its items: at least one, so that counting always ends."""
    if isinstance(value, Mapping):
        return 2 + sum(4 + _own_size(_key(key)) for key in value)
    if isinstance(value, list | tuple):
        return 2
    if words := _oddity(value):
        raise SchemaError(
            f"a JSON Schema holds JSON only: here is {type(value).__name__} that {words}",
            hint="To use a Python type, pass the type itself instead of a dictionary.",
        )
    return 3 + len(value) if isinstance(value, str) else 5


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise SchemaError(f"a JSON Schema has text as its keys, not {type(key).__name__}")


def unsound(value: Json) -> Iterator[Problem]:
    """What no schema allows and validators trip over: endless depth, NaN, numbers too long, halves of characters."""
    stack: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while stack:
        item, steps = stack.pop()
        if len(steps) > DEEPEST_VALUE:
            yield Problem("$", f"is nested deeper than {DEEPEST_VALUE} levels")
            return
        if isinstance(item, Mapping):
            if odd := next((words for key in item if (words := _odd_name(key))), ""):
                yield Problem(json_path(steps), odd)
                return
            stack.extend((each, (*steps, key)) for key, each in item.items())
        elif isinstance(item, list):
            stack.extend((each, (*steps, at)) for at, each in enumerate(item))
        elif words := _oddity(item):
            yield Problem(json_path(steps), words)


def _oddity(item: object) -> str:
    if isinstance(item, float) and not math.isfinite(item):
        return "is not a finite number"
    if isinstance(item, int) and item.bit_length() > _LONGEST_INT:
        return "is a number of more than 4,300 digits"
    if isinstance(item, str) and not _is_text(item):
        return "holds half of a surrogate pair, which is no character"
    return "" if item is None or isinstance(item, str | int | float) else "is not JSON"


def _odd_name(key: object) -> str:
    if isinstance(key, str):
        return "" if _is_text(key) else f"has a name that {_oddity(key)}"
    return "has a name that is no text, which is not JSON"


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
