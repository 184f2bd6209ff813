"""The account of a reading is exact: what it says was mended stands in the text, and was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import pytest

from patterns.errors import OutputError
from patterns.exchange import Repair
from patterns.output.read import examine
from patterns.output.scan import scan
from patterns.output.scan.account import SHOWN
from tests.corpus import corpus_rows
from tests.output.damage import EDITS, STYLES, WRAPS
from tests.output.judged import target
from tests.output.test_damage import damaged


def faults(text: str, mends: Sequence[Repair]) -> Iterator[str]:
    """Say what is wrong with an account."""
    for mend in mends:
        if mend.span is None or not mend.cost:
            continue
        start, end = mend.span
        if not 0 <= start <= end <= len(text):
            yield f"{mend}: outside of the text"
        elif text[start : min(end, start + SHOWN)] != mend.before:
            yield f"{mend}: {text[start : start + SHOWN]!r} stands there"
        if mend.before == mend.after:
            yield f"{mend}: changes nothing"
    if len(set(mends)) < len(mends):
        yield f"{mends}: one of them twice"


def of_reading(text: str, into: object) -> list[str]:
    """Give the faults in the account of a reading as it is given out, its bends included; none where there is none.

    A bend shows what was read, and not how it is written, so that only a mend that costs nothing may change nothing.
    """
    wrong = []
    for partial in (False, True):
        try:
            repairs = examine(text, into, partial=partial).repairs
        except OutputError:
            continue
        for mend in repairs:
            if mend.cost and (mend.span is None or not 0 <= mend.span[0] <= mend.span[1] <= len(text)):
                wrong.append(f"{mend}: outside of the text")
            if mend.cost and mend.before == mend.after:
                wrong.append(f"{mend}: changes nothing")
        if len(set(repairs)) < len(repairs):
            wrong.append(f"{repairs}: one of them twice")
    return wrong


def of_syntax(text: str) -> list[str]:
    """Give the faults in the account of every reading that the scanner offers."""
    wrong = []
    for partial in (False, True):
        for candidate in scan(text, partial=partial):
            wrong += faults(text, candidate.mends)
            if candidate.origin != "pairs" and candidate.cost != pytest.approx(
                sum(mend.cost for mend in candidate.mends)
            ):
                wrong.append(f"{candidate.cost} is not the cost of {candidate.mends}")
    return wrong


def test_account_of_every_row_of_the_corpus_is_exact() -> None:
    for row in corpus_rows("repair.jsonl"):
        wrong = of_syntax(str(row["input"]))
        assert not wrong, (row["id"], row["input"], wrong)


def test_account_of_every_row_read_into_its_types_is_exact() -> None:
    for row in corpus_rows("repair.jsonl"):
        sources = [str(row[name]) for name in ("python_type", "derived_type") if row.get(name)]
        for into in (Any, str, dict[str, str], list[int], *map(target, sources)):
            wrong = of_reading(str(row["input"]), into)
            assert not wrong, (row["id"], row["input"], into, wrong)


@pytest.mark.parametrize("name", [*EDITS, *STYLES, *WRAPS])
@pytest.mark.parametrize("extra", [False, True])
def test_account_of_every_damage_is_exact(name: str, extra: bool) -> None:
    for text, _ in damaged(name, extra):
        wrong = [*of_syntax(text), *of_reading(text, Any)]
        assert not wrong, (text, wrong)


@pytest.mark.parametrize(
    ("text", "into", "told"),
    [
        ('"5"', int, ("number", '"5"', "5")),
        ("[5]", list[str], ("as text", "5", '"5"')),
        ('["5"]', list[float], ("number", '"5"', "5")),
        ('"red"', Literal["red"], None),
        ('{"a": {"b": 1}}', dict[str, str], ("as text", '{"b": 1}', r'"{\"b\": 1}"')),
        ('"Red"', Literal["red"], ("enum", "Red", "red")),
    ],
)
def test_bend_shows_what_it_changed(text: str, into: object, told: tuple[str, str, str] | None) -> None:
    assert [(mend.kind, mend.before, mend.after) for mend in examine(text, into).repairs] == ([told] if told else [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": "x', [("cut", "", '"}')]),
        ('{"a": [1, {"b": "c', [("cut", "", '"}]}')]),
        ('{"a": 1, "b', [("cut", ', "b', "}")]),
        ('["x\\u00e', [("cut", "\\u00e", '"]')]),
        ('"one two', [("cut", "", '"')]),
        ("{'a', 'b'}", [("set", "{", "["), ("quotes", "'a'", '"a"'), ("quotes", "'b'", '"b"'), ("set", "}", "]")]),
        ("{'a': 'b', 'c': 1}", [("quotes", "'a': 'b', 'c'", '"a": "b", "c"')]),
        ("{“a”: 1}", [("quotes", "“a”", '"a"')]),
        ('{"a": "b”}', [("quotes", "”", '"')]),
        (
            '{"a"=1, "b" => 2, "c"：3}',
            [("wrong sign", "=", ":"), ("wrong sign", "=>", ":"), ("punctuation", "：", ":")],
        ),
        ("[1， 2]", [("punctuation", "，", ",")]),
        ('["a"; 2]', [("wrong sign", ";", ",")]),
        ('{"a": "\\ud800 b"}', [("surrogate", "\\ud800 b", "\ufffd b")]),
        ('{"zip": 02134}', [("unquoted text", "02134", '"02134"')]),
        ('{"a": 1, "b": [2}', [("missing bracket", "", "]")]),
        ('{"a": {"b": {"c": 1', [("cut", "", "}}}")]),
        ('{"a": "say "hi" now"}', [("inner quote", '"', '\\"')] * 2),
        ('{"a": "one\ntwo"}', [("raw newline", "one\ntwo", "one\\ntwo")]),
        ("[(1, 2), (3)]", [("tuple", "(", "["), ("tuple", ")", "]"), ("tuple", "(", ""), ("tuple", ")", "")]),
    ],
)
def test_account_tells_what_stood_there_and_what_should(text: str, told: list[tuple[str, str, str]]) -> None:
    (candidate, *_) = scan(text)
    assert [(mend.kind, mend.before, mend.after) for mend in candidate.mends] == told


def test_change_late_in_a_long_string_is_shown_where_it_is() -> None:
    text = '{"a": "' + "x" * 1_000 + "\ny" + '"}'
    (mend,) = scan(text)[0].mends
    assert (mend.before, mend.after, mend.span) == ("\ny", "\\ny", (1_007, 1_009))
