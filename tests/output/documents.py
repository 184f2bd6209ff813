"""Documents as models write them, made at random: records, lists of records, trees, and long texts in fields."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from patterns.messages import Json

_NAMES = ("name", "id", "total_cost", "firstName", "notes", "is_active", "tags", "items", "address", "unit-price")
_WORDS = ("Ann", "north", "blue", "review", "pending", "Oslo", "alpha_2", "X", "in_stock")
_TEXTS = (
    "The parcel came late, but in one piece.",
    "It's Ann's turn",
    'He said "never again" and left',
    'A "small" box, with "two" lids: red and blue',
    "First line\nsecond line\n\n- a point",
    "See https://example.org/a?b=1#c for more",
    "snake_case and don't",
    "Costs: 12, 13 and 14 (see note)",
    "def add(a, b):\n    return a + b",
    'print("hello")\nx = {"a": [1, 2]}',
    "naïve café, 東京, 😀",
    "<p class='x'>Hi</p>",
    "10:30",
    "",
    "a",
)


def document(random: Random) -> Json:
    """Make one document."""
    return random.choice(_SHAPES)(random)


def _scalar(random: Random) -> Json:
    kind = random.random()
    if kind < 0.35:
        return random.choice(_WORDS)
    if kind < 0.6:
        return random.choice(_TEXTS)
    if kind < 0.85:
        return random.choice((0, 7, 42, 1200, -3, 2.5, 19.99, 1e-7, 98765))
    return random.choice((True, False, None))


def _record(random: Random) -> Json:
    return {name: _scalar(random) for name in random.sample(_NAMES, random.randint(1, 6))}


def _records(random: Random) -> Json:
    names = random.sample(_NAMES, random.randint(2, 4))
    return [{name: _scalar(random) for name in names} for _ in range(random.randint(2, 4))]


def _words(random: Random) -> Json:
    return [random.choice(_WORDS + _TEXTS[:2]) for _ in range(random.randint(1, 6))]


def _report(random: Random) -> Json:
    return {"title": random.choice(_WORDS), "items": _records(random), "tags": _words(random), "owner": _record(random)}


def _tree(random: Random, depth: int = 0) -> Json:
    children = [_tree(random, depth + 1) for _ in range(random.randint(0, 2))] if depth < 2 else []
    return {"label": random.choice(_WORDS), "value": _scalar(random), "children": children}


def _table(random: Random) -> Json:
    return {"rows": [[random.randint(0, 99), _scalar(random)] for _ in range(random.randint(1, 4))], "on": True}


def _letter(random: Random) -> Json:
    return {"subject": random.choice(_TEXTS), "body": "\n".join(random.sample(_TEXTS[:-2], 4)), "urgent": False}


_SHAPES: tuple[Callable[[Random], Json], ...] = (_record, _records, _words, _report, _tree, _table, _letter)
