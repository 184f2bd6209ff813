"""The YAML that is read, and the YAML that is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.prompt.yaml import MAX_CHARACTERS, Located, YamlError, read_yaml

SCALARS = {
    "no": "no",
    "off": "off",
    "Yes": "Yes",
    "true": True,
    "False": False,
    "12:30": "12:30",
    "2024-05-01": "2024-05-01",
    "1_000": "1_000",
    "012": 12,
    "0o14": 12,
    "0x1F": 31,
    "-7": -7,
    "+7": 7,
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "1e3": 1000.0,
    "1.2.3": "1.2.3",
    "~": None,
    "null": None,
    "": None,
    "'1'": "1",
    '"true"': "true",
    "=": "=",
    "<<": "<<",
}


@pytest.mark.parametrize(("written", "value"), SCALARS.items())
def test_scalar_follows_the_core_schema(written: str, value: object) -> None:
    read = read_yaml(f"key: {written}")
    assert read.value == {"key": value}
    assert type(read.value["key"]) is type(value)


REFUSED = {
    "alias": ("a: 1\nb: *a", 2, "an alias"),
    "anchor": ("a: 1\nb: &x 2", 2, "an anchor"),
    "anchor on a mapping": ("a: &x\n  b: 1", 1, "an anchor"),
    "anchor on a key": ("&x a: 1", 1, "an anchor"),
    "merge of an alias": ("a: 1\nb:\n  <<: *a", 3, "an alias"),
    "self-reference": ("a: &a [*a]", 1, "an anchor"),
    "tag": ("a: 1\nb: !!python/object:os.system x", 2, "a tag"),
    "core tag": ("a: !!str 1", 1, "a tag"),
    "tag on a key": ("!!str a: 1", 1, "a tag"),
    "duplicate key": ("a: 1\nb:\n  c: 1\n  c: 2", 4, "the key 'c' a second time"),
    "duplicate key in two spellings": ("a: 1\n'a': 2", 2, "the key 'a' a second time"),
    "second document": ("a: 1\n---\nb: 2", 2, "a second document"),
    "key that is a list": ("? [a]\n: 1", 1, "a key that is not text"),
    "empty key": ("a: 1\n: 2", 2, "a key that is not text"),
    "infinity": ("a: .inf", 1, "JSON cannot hold"),
    "not a number": ("a: .NaN", 1, "JSON cannot hold"),
    "infinity by digits": ("a: 1e999", 1, "JSON cannot hold"),
    "number of many digits": ("a: " + "1" * 5000, 1, "a number of 5,000 digits"),
    "hexadecimal number of many digits": ("a: 0x" + "f" * 5000, 1, "digits"),
    "lone surrogate": ('a: "\\ud800"', 1, "surrogate"),
    "control character": ("a: 1\nb: \x07", 2, "not YAML"),
    "tab as indent": ("a:\n\tb: 1", 2, "not YAML"),
    "open quote": ('a: 1\nb: "x', 2, "not YAML"),
    "colon in a plain scalar": ("a: b: c", 1, "not YAML"),
    "deep sequences": ("a: " + "[" * 5000, 1, "more than 20 levels"),
    "deep mappings": ("a: " + "{a: " * 5000, 1, "more than 20 levels"),
    "too long": ("a: " + "x" * MAX_CHARACTERS, 1, "characters of YAML"),
}


@pytest.mark.parametrize(("text", "line", "says"), REFUSED.values(), ids=REFUSED)
def test_dangerous_yaml_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(YamlError, match=says) as caught:
        read_yaml(text)
    assert caught.value.line == line


def test_billion_laughs_is_refused_at_the_first_anchor() -> None:
    levels = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20))]
    with pytest.raises(YamlError, match="an anchor"):
        read_yaml("\n".join(levels))


def test_lines_are_known_for_every_part() -> None:
    read = read_yaml("a: 1\nb:\n  - c: 2\n\n  - d:\n      e: 3\n")
    assert [read.line(place) for place in [("a",), ("b", 0), ("b", 1), ("b", 1, "d", "e")]] == [1, 3, 5, 6]
    assert read.line(("b", 1, "d", "e", "not there")) == 6
    assert read.line(("not there",)) == 1


def test_nothing_is_null() -> None:
    assert read_yaml("# only a remark\n") == Located(None, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0xFFFD, exclude_categories=("Cs", "Cc"))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh", min_size=1), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_json_is_yaml(value: object) -> None:
    assert read_yaml(json.dumps({"v": value}, ensure_ascii=True)).value == {"v": value}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    line = 1
    try:
        read_yaml(text)
    except YamlError as error:
        line = error.line
    assert 1 <= line <= len(text) + 1
