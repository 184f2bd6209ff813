"""Recorded exchanges through the gateway: right in every field, but for those that are listed with a reason."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from patterns.errors import PatternsError, UnknownModel
from tests.model.test_replay import replayed
from tests.model.traffic.judging import FIELDS, wrong
from tests.model.traffic.running import exchanges, outcomes
from tests.model.traffic.table import KNOWN, PAGE, table, unlisted
from tests.model.traffic.wires import NOBODY, VARIABLES

EVERY = 5


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, NOBODY)


def sample() -> list[dict[str, Any]]:
    """Every fifth exchange of each provider, the first among them, and all that are listed."""
    seen: dict[tuple[str, str, bool], int] = {}
    chosen = []
    for row in exchanges():
        key = (row["provider"], row["wire"], row["stream"])
        seen[key] = seen.get(key, -1) + 1
        if seen[key] % EVERY == 0 or row["id"] in KNOWN:
            chosen.append(row)
    return chosen


async def test_what_is_not_right_is_listed_with_its_reason() -> None:
    rows = sample()
    assert len(rows) > 350
    with replayed() as base:
        found = await outcomes(rows, base)
    assert unlisted(found) == []
    assert table(found).count("\n") > 50


def test_at_least_99_of_100_come_through_right() -> None:
    assert len(KNOWN) <= 0.01 * len(exchanges())
    assert all(row["reason"] and set(row["fields"]) <= set(FIELDS) for row in KNOWN.values())


def test_the_page_counts_every_exchange() -> None:
    total = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| **all**"))
    assert f"| {len(exchanges()) - len(KNOWN)}/{len(exchanges())} |" in total


# a field, and how to spoil what the independent reader found in it
SPOILT = [
    ("text", {"text": "something else"}),
    ("calls", {"tool_calls": [{"id": "x", "name": "another", "arguments": "{}"}]}),
    ("reasoning", {"thinking": "something else"}),
    ("refusal", {"refusal": "I will not."}),
    ("finish", {"finish": "length"}),
    ("usage", {"usage": {"in": 1_000_003, "out": 7}}),
    ("error", {"error": {"type": "x", "message": "no", "code": 400}}),
]


@pytest.mark.parametrize(("field", "spoilt"), SPOILT, ids=[case[0] for case in SPOILT])
async def test_a_difference_in_any_field_is_seen(field: str, spoilt: dict[str, Any]) -> None:
    rows = [row for row in exchanges() if row["wire"] == "anthropic.messages" and "thinking" in row["flags"]][:3]
    with replayed() as base:
        right = await outcomes(rows, base)
    for outcome in right:
        assert outcome.wrong == ()
        row = deepcopy(dict(outcome.row))
        row["expected"] |= spoilt
        assert field in wrong(outcome.found, row)


def test_an_error_of_another_kind_or_in_other_words_is_not_the_same() -> None:
    row = next(row for row in exchanges() if row["response"]["status"] == 404)
    said = row["expected"]["error"]["message"]
    assert wrong(UnknownModel(said), row) == []
    assert wrong(UnknownModel("not found"), row) == ["error"]
    assert wrong(PatternsError(said), row) == ["error"]
