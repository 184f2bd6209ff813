"""Light damage is mended in one pass, as the scanner would mend it, and told as it would tell it."""

from __future__ import annotations

import json
import time

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
    ('{"a": "x\n"}', [("raw newline", "$.a")]),
    ('Here:\n```json\n{"a": "x",}\n```', [("found", "$"), ("trailing comma", "$")]),
    ('{"a": “x”}', [("quotes", "$.a")]),
    ('{"a": "The "Blue" Door"}', [("inner quote", "$.a"), ("inner quote", "$.a")]),
    ('{"a": "x}', [("missing quote", "$.a")]),
    ('{"a": "x, "b": 1}', [("missing quote", "$.a")]),
    ('{"a": "x"  "b": 1}', [("missing comma", "$.b")]),
    ('{"a" "x"}', [("missing colon", "$.a")]),
    ('{"a": an apple, b: 1}', [("unquoted text", "$.a"), ("unquoted key", "$.b")]),
    ('{"a": "C:\\Users"}', [("escape", "$.a")]),
    ('{"a": "x", "c": [1, 2, ...]}', [("ellipsis", "$.c")]),
    ('{"a": "x", "c": [,1]}', [("extra comma", "$.c")]),
    ('{"a": "x", "b": +1}', [("number", "$.b")]),
    ('{"a": """x"""}', [("quotes", "$.a")]),
    ('{"a": "x", "b": 1', [("cut", "$.b")]),
    ('{"a": "x", "c": [1, ', [("cut", "$.c")]),
    ('{"a": "x y', [("cut", "$.a")]),
]


@pytest.mark.parametrize(("text", "told"), CASES)
def test_a_light_damage_is_mended_and_told(text: str, told: list[tuple[str, str]]) -> None:
    reading = examine(text, Record)
    assert not reading.nodes, "this took a scan"
    assert [(mend.kind, mend.path) for mend in reading.repairs] == told
    assert all(text[slice(*mend.span)] == mend.before for mend in reading.repairs if mend.span and mend.before)
    scanned = best(scan(text))
    assert scanned is not None
    assert Record.model_validate(to_value(scanned.root)) == reading.output


HEAVY = [
    '{"a": "x", y", "b": 1}',
    "{'a': 'it's'}",
    '{"a": “x” and “y”}',
    '{"a": "x" "b"}',
    '{"a": x, y, z}',
    '{"a": "x"',
    '{"a" {"b": 1}}',
    "{'a': 'say 'hi''}",
    '{"a": 1,200}',
    '["x" 1, "y"]',
    '["x", word, "y"]',
    '{"a": "say "hi", she said", "b": 1}',
    '{"a": "x", "b\n": 1}',
]


@pytest.mark.parametrize("text", HEAVY)
def test_what_could_mean_two_things_is_left_to_the_scanner(text: str) -> None:
    found = mended(text, 0, len(text))
    if found is not None:
        with pytest.raises(ValueError):  # noqa: PT011 (any error of json)
            json.loads(found[0])


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
        st.text(st.characters(exclude_characters="'\"\\", exclude_categories=["Cs"], min_codepoint=32)),
    )
)
def test_a_python_spelling_reads_as_what_it_means(value: dict[str, str]) -> None:
    text = "{" + ", ".join(f"'{k}': '{v}'" for k, v in value.items()) + "}"
    found = mended(text, 0, len(text))
    assert json.loads(found[0] if found else text) == value


def test_the_work_grows_with_the_text_alone() -> None:
    for hostile in [
        "'" * 200_000,
        "{a:" * 60_000,
        ",#" * 100_000,
        "/*" * 100_000,
        '"\n' * 100_000,
        "{'a': " * 30_000,
        '"a "b c, ' * 20_000,
        '"x, "y", ' * 20_000,
        "a b, " * 40_000,
        '{"a": ' + '"b "' * 50_000,
        ",..." * 50_000,
        "1_0 " * 50_000,
    ]:
        begun = time.process_time()
        mended(hostile, 0, len(hostile))
        mended(hostile, 0, len(hostile), cut=True)
        assert time.process_time() - begun < 2
