"""Light damage is mended in one pass, as the scanner would mend it, and told as it would tell it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from patterns.output.light import mended
from patterns.output.read import examine
from patterns.output.scan import best, scan, to_value


class Record(BaseModel):
    a: str
    b: int | bool | None = None
    c: list[int] = []


CASES = [
    ("{'a': 'x', 'b': 1}", [("quotes", "$.a"), ("quotes", "$.a"), ("quotes", "$.b")]),
    ('{a: "x", b: True}', [("unquoted key", "$.a"), ("unquoted key", "$.b"), ("literal", "$.b")]),
    ('{"a": "x", "c": [1, 2,],}', [("trailing comma", "$.c"), ("trailing comma", "$")]),
    ('{"a": "x", // why\n "b": None}', [("comment", "$"), ("literal", "$.b")]),
    ('{"a": "x" /* so */}', [("comment", "$")]),
    ('{"a": "x\n\ty"}', [("raw newline", "$.a")]),
    ('Here:\n```json\n{"a": "x",}\n```', [("found", "$"), ("trailing comma", "$")]),
]


@pytest.mark.parametrize(("text", "told"), CASES)
def test_a_light_damage_is_mended_and_told(text: str, told: list[tuple[str, str]]) -> None:
    reading = examine(text, Record)
    assert [(mend.kind, mend.path) for mend in reading.repairs] == told
    assert all(text[slice(*mend.span)] == mend.before for mend in reading.repairs if mend.span and mend.before)
    scanned = best(scan(text))
    assert scanned is not None
    assert Record.model_validate(to_value(scanned.root)) == reading.output


HEAVY = [
    '{"a": "The "Blue" Door"}',
    "{'a': 'it's'}",
    '{"a": “x”}',
    '{"a": "x" "b": 1}',
    '{"a": x}',
    '{"a": "x"',
    '{"a": "C:\\Users"}',
    "{'a': 'say \"hi\"'}",
    '{"a": 1,200}',
    '{"a": "the end of a line is no part of it\n"}',
]


@pytest.mark.parametrize("text", HEAVY)
def test_what_could_mean_two_things_is_left_to_the_scanner(text: str) -> None:
    found = mended(text, 0, len(text))
    if found is not None:
        with pytest.raises(ValueError):  # noqa: PT011 (any error of json)
            json.loads(found.text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_sound_json_needs_no_mend(value: object) -> None:
    text = json.dumps(value, indent=1)
    assert mended(text, 0, len(text)) is None


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True),
        st.text(st.characters(exclude_characters="'\"\\", min_codepoint=32)),
    )
)
def test_a_python_spelling_reads_as_what_it_means(value: dict[str, str]) -> None:
    text = "{" + ", ".join(f"'{k}': '{v}'" for k, v in value.items()) + "}"
    found = mended(text, 0, len(text))
    assert json.loads(found.text if found else text) == value


def test_the_work_grows_with_the_text_alone() -> None:
    for hostile in ["'" * 200_000, "{a:" * 60_000, ",#" * 100_000, "/*" * 100_000, '"\n' * 100_000, "{'a': " * 30_000]:
        assert mended(hostile, 0, len(hostile)) is None
