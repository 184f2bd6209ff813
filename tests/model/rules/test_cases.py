"""Precision and recall on self-made texts: how often the engine is right, wrong, or holds its tongue."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.model.rules.asking import answer, ask, optional

CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("cases.yaml"))


@cache
def verdicts() -> Counter[str]:
    """Fields by verdict: right, wrong, abstained (it is there), open (rightly: the text does not say)."""
    counts: Counter[str] = Counter()
    for case in CASES:
        got = answer(case["text"], optional(case["fields"]))
        counts.update(verdict(got[name], case["expect"][name]) for name in case["fields"])
    return counts


def verdict(got: Any, wanted: Any) -> str:
    if got is None:
        return "open" if wanted is None else "abstained"
    return "right" if got == wanted else "wrong"


def test_nothing_in_the_table_is_read_wrong():
    assert verdicts()["wrong"] == 0


def test_nearly_all_of_what_the_texts_say_is_found():
    counts = verdicts()
    assert counts["right"] >= 0.98 * (counts["right"] + counts["abstained"])


def test_the_table_is_large_enough_to_mean_something():
    assert len(CASES) >= 100
    assert sum(verdicts().values()) >= 550
    assert verdicts()["open"] >= 140


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_source_stands_where_it_says(case: dict[str, Any]):
    response = ask(case["text"], optional(case["fields"]))
    for source in response.sources:
        assert case["text"][source.start : source.end] == source.text
        assert 0.6 <= source.confidence <= 1
