"""The share of the shared corpus that is read right when a type is known. What fails by design is in DISSENT.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from patterns.errors import SchemaError
from patterns.output.read import examine
from patterns.schemas import problems
from tests.corpus import corpus_rows
from tests.output.judged import passes, plain, same, target

Row = Mapping[str, Any]


def _failures(rows: list[Row], type_of: Callable[[Row], Any], *, partial: bool = False) -> tuple[float, list[str]]:
    wrong = [str(row["id"]) for row in rows if not passes(row, type_of(row), partial=partial)]
    return 1 - len(wrong) / len(rows), wrong


def test_typed_rows_are_read_as_their_type_says() -> None:
    rows = [row for row in corpus_rows("repair.jsonl") if row["kind"] == "typed"]
    share, wrong = _failures(rows, lambda row: target(row["python_type"]))
    assert share >= 0.97, wrong


def test_untyped_rows_are_read_with_a_type_too() -> None:
    rows = [row for row in corpus_rows("repair.jsonl") if "derived_type" in row]
    share, wrong = _failures(rows, lambda row: target(str(row["derived_type"])))
    assert share >= 0.935, wrong


def test_growing_rows_are_read_as_far_as_they_go() -> None:
    rows = [row for row in corpus_rows("repair.jsonl") if row["kind"] == "partial" and row["python_type"]]
    share, wrong = _failures(rows, lambda row: target(str(row["python_type"])), partial=True)
    assert share >= 0.85, wrong


def test_recorded_provider_answers_fit_their_schema() -> None:
    wrong = []
    for row in corpus_rows("outputs_json.jsonl"):
        schema: Any = row["schema"]
        try:
            if problems(row["gold"], schema):
                continue  # what was recorded breaks the schema it was asked for
        except SchemaError:
            continue
        output = plain(examine(str(row["raw_text"]), schema).output)
        if not same(row["gold"], output):
            wrong.append(row["id"])
    assert not wrong


@pytest.mark.parametrize("kind", ["typed", "untyped"])
def test_no_row_ends_in_a_foreign_error(kind: str) -> None:
    for row in corpus_rows("repair.jsonl"):
        if row["kind"] == kind:
            passes(row, Any)
            passes(row, Any, partial=True)
