"""How much damage is mended: sound documents, damaged at random places, against the document that was meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

import pytest

from patterns.errors import OutputError
from patterns.messages import Json
from patterns.output.read import examine
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


def several(random: Random, count: int) -> Iterator[tuple[str, Json]]:
    """Give documents with three kinds of damage, a quarter of them in another style of writing, too."""
    while count:
        value = document(random)
        written = Written(value, random.choice((None, None, 2)))
        style = random.random() < 0.25
        edits = [name for name in EDITS if not (style and name == "joined strings")]  # joined by marks of its own
        for name in [*random.sample([*STYLES], style), *random.sample(edits, 3 - style)]:
            (EDITS.get(name) or STYLES[name])(written, random)
        if not _is_sound(str(written)):
            count -= 1
            yield str(written), value


def test_three_damages_at_once_are_hardly_ever_read_wrong_in_silence() -> None:
    """A wrong value is refused, marked as cut, or costs as much as a doubt does."""
    silent = []
    for text, meant in several(Random("three"), 4_000):
        try:
            reading = examine(text)
        except OutputError:
            continue
        if reading.complete and reading.output != meant and sum(mend.cost for mend in reading.repairs) < 3:
            silent.append(text)
    assert len(silent) <= 0.003 * 4_000, silent[:5]
