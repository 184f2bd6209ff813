"""How much of what models really write is read, with no type to help."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from patterns.output.scan import best, scan, to_value
from tests.corpus import corpus_rows


def _same(got: object, expected: object, subset: bool) -> bool:
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        names = expected if subset else got.keys() | expected.keys()
        return all(name in got and name in expected and _same(got[name], expected[name], subset) for name in names)
    if isinstance(got, list) and isinstance(expected, list):
        return (subset or len(got) == len(expected)) and all(map(_same, got, expected, [subset] * len(got)))
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if subset and expected is None:
        return True
    return got == expected


def _reads(row: Mapping[str, object]) -> bool:
    chosen = best(scan(str(row["input"]), partial=row["kind"] == "partial"))
    if row.get("expects_error"):
        return chosen is None
    return chosen is not None and _same(to_value(chosen.root), row["expected"], row.get("match") == "subset")


@pytest.mark.parametrize(("kind", "share"), [("untyped", 0.94), ("partial", 0.96)])
def test_share_of_the_corpus_that_reads_right(kind: str, share: float) -> None:
    rows = [row for row in corpus_rows("repair.jsonl") if row["kind"] == kind and not row["python_type"]]
    wrong = [row["id"] for row in rows if not _reads(row)]
    assert len(wrong) <= (1 - share) * len(rows), wrong
