"""Two values that a text offers, told apart: the error that names both, and the places where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from patterns.errors import Invalid, Problem

_SHOWN: Final = 60
_MOST: Final = 4
"""Differences that are named one by one."""


def undecided(one: object, other: object) -> Invalid:
    """The error for two values that both fit: each of them, and where they differ if they are too long to see it."""
    problems = [Problem("$", f"could be {shown(value)}") for value in (one, other)]
    if any(len(repr(value)) > _SHOWN for value in (one, other)):
        apart = islice(_differences(one, other, "$"), _MOST)
        problems += [
            Problem(path, f"could be {shown(mine)} or {shown(its)}") for path, mine, its in apart if path != "$"
        ]
    return Invalid(
        "The text offers two values, and does not say which is the answer", errors=problems, hint="ask for one of them"
    )


def shown(value: object) -> str:
    """Write a value, shortened where it is long."""
    written = repr(value)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 3]}…"


def _differences(one: object, other: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Give the innermost places where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*one, *other)):
            yield from _differences(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (mine, its) in enumerate(zip(one, other, strict=True)):
            yield from _differences(mine, its, f"{path}[{at}]")
    elif one != other:
        yield path, one, other
