"""How much damage is mended: sound documents, damaged at random places, against the document that was meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

import pytest

from patterns.messages import Json
from patterns.output.scan import best, scan, to_value
from tests.output.damage import EDITS, STYLES, WRAPS
from tests.output.documents import document
from tests.output.written import Written

COUNT = 60
ONE = {"string without closing quote": 0.95}
"""The share of a class that must read right where it is not 0.97."""


def damaged(name: str, extra: bool = False) -> Iterator[tuple[str, Json]]:
    """Give texts with one class of damage, or with a random second one, each with the document it was."""
    random = Random(f"{name} {extra}")
    for _ in range(6 * COUNT):
        value = document(random)
        written = Written(value, random.choice((None, None, 2)))
        edit = EDITS.get(name) or STYLES.get(name)
        if edit and not edit(written, random):
            continue
        if extra and not EDITS[random.choice(list(EDITS))](written, random):
            continue
        text = str(written) if edit else WRAPS[name](str(written), random)
        if not _is_sound(text):
            yield text, value


def _is_sound(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def share(name: str, agree: Callable[[object, object], bool], extra: bool = False) -> tuple[float, list[str]]:
    texts = list(islice(damaged(name, extra), COUNT))
    assert len(texts) > COUNT // 2, "too few places for this damage"
    wrong = []
    for text, meant in texts:
        chosen = best(scan(text))
        if chosen is None or not agree(to_value(chosen.root), meant):
            wrong.append(text)
    return 1 - len(wrong) / len(texts), wrong


def equal(got: object, meant: object) -> bool:
    return got == meant


def begins(got: object, meant: object) -> bool:
    """A text is cut short, a list ends early, a member is missing; whatever is there is right."""
    if isinstance(got, dict) and isinstance(meant, dict):
        return all(name in meant and begins(got[name], meant[name]) for name in got)
    if isinstance(got, list) and isinstance(meant, list):
        return len(got) <= len(meant) and all(map(begins, got, meant))
    if isinstance(got, str):
        return isinstance(meant, str) and meant.startswith(got)
    return got == meant or (isinstance(got, (int, float)) and str(meant).startswith(str(got)))


@pytest.mark.parametrize("name", [*EDITS, *STYLES, *(name for name in WRAPS if name != "cut")])
def test_one_damage_is_mended(name: str) -> None:
    got, wrong = share(name, equal)
    assert got >= ONE.get(name, 0.97), wrong[:3]


def test_a_cut_leaves_the_beginning() -> None:
    got, wrong = share("cut", begins)
    assert got >= 0.95, wrong[:3]


def test_two_damages_at_once_are_mostly_mended() -> None:
    shares = [share(name, equal, extra=True)[0] for name in [*EDITS, *STYLES]]
    assert sum(shares) / len(shares) >= 0.95
