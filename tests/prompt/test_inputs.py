"""Inputs at the border: what becomes data, what is refused, and what the caller is told."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict, UserDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pydantic import BaseModel, Field

from patterns.errors import InputError
from patterns.prompt.inputs import Inputs, plain
from tests.prompt.folders import spoken, template


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Word(StrEnum):
    YES = "yes"


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Item:
    name: str
    due: date | None = None


class Order(BaseModel):
    number: int = Field(alias="orderNumber")
    items: list[Item] = []


class Text(str):
    """A text with a will of its own."""

    __slots__ = ()

    def __str__(self) -> str:
        return "forged"


CONVERTED: list[tuple[object, object]] = [
    ("text", "text"),
    (True, True),
    (None, None),
    (3, 3),
    (1.5, 1.5),
    ([1, "a"], [1, "a"]),
    ((1, 2), [1, 2]),
    (Point(1, 2), [1, 2]),
    ({"a": {"b": None}}, {"a": {"b": None}}),
    ({1: "a", Word.YES: "b", Colour.RED: "c"}, {"1": "a", "yes": "b", "red": "c"}),
    (OrderedDict(a=1), {"a": 1}),
    (UserDict(a=1), {"a": 1}),
    (MappingProxyType({"a": (1,)}), {"a": [1]}),
    (Colour.RED, "red"),
    (Level.HIGH, 3),
    (Word.YES, "yes"),
    ([Item("a", date(2026, 5, 2))], [{"name": "a", "due": "2026-05-02"}]),
    (Order(orderNumber=7, items=[Item("x")]), {"number": 7, "items": [{"name": "x", "due": None}]}),
    (datetime(2026, 5, 2, tzinfo=UTC), "2026-05-02T00:00:00Z"),
    (timedelta(hours=1), "PT1H"),
    (Decimal("1.10"), "1.10"),
    (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    (Path("a/b"), "a/b"),
    ({"one"}, ["one"]),
    (Markup("<b>"), "<b>"),
    (Text("real"), "real"),
]


@pytest.mark.parametrize(("value", "wanted"), CONVERTED, ids=[type(value).__name__ for value, _ in CONVERTED])
def test_value_becomes_plain_data(value: object, wanted: object) -> None:
    made = plain(value, "x")
    assert made == wanted
    assert_exact(made)


def assert_exact(value: object) -> None:
    assert type(value) in (str, int, float, bool, type(None), list, dict)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_exact(part)


def cycle() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


class Live:
    secret = "s"

    def delete(self) -> None:
        raise AssertionError("a template called into the program")


@dataclass
class Holder:
    inner: object


REFUSED: dict[str, tuple[object, str]] = {
    "an object": (Live(), "a Live, not data"),
    "a class": (Live, "a type, not data"),
    "a method": (Live().delete, "a method, not data"),
    "a function": (len, "not data"),
    "a module": (sys, "a module, not data"),
    "a lambda": (lambda: 1, "a function, not data"),
    "an object in a list": ([1, Live()], r"x\[1\] is a Live"),
    "an object in a dict": ({"a": {"b": Live()}}, r"x\.a\.b is a Live"),
    "an object in a dataclass": (Holder(Live()), "not data"),
    "not a number": (float("nan"), "which JSON cannot hold"),
    "infinity": ([float("-inf")], r"x\[0\] is -inf"),
    "not a number in a dataclass": (Holder(float("nan")), "which JSON cannot hold"),
    "a number of many digits": (10**5000, "more than 4,000 digits"),
    "half of a surrogate pair": ("ab\ud800", "surrogate pair at character 2"),
    "half of a surrogate pair in a key": ({"\udfff": 1}, "surrogate"),
    "a cycle": (cycle(), "deeper than 64 levels"),
    "a deep list": (eval("[" * 90 + "]" * 90), "deeper than 64 levels"),
    "a key that is no text": ({(1, 2): 1}, "a key that is no text: tuple"),
    "bytes that are no text": (b"\xff\xfe", "not data"),
}


@pytest.mark.parametrize(("value", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_data_is_refused_by_name(value: object, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        plain(value, "x")
    assert caught.value.hint


FRAGMENTS: dict[str, Any] = {
    "text": {"type": "string", "description": "The text to read."},
    "count": {"type": "integer", "minimum": 1, "default": 3},
    "labels": {"type": "array", "items": {"type": "string"}, "default": []},
}


def accept(**given_inputs: object) -> dict[str, Any]:
    return dict(Inputs("triage", FRAGMENTS).accept(given_inputs))


def test_defaults_fill_in() -> None:
    assert accept(text="a") == {"text": "a", "count": 3, "labels": []}
    assert Inputs("triage", FRAGMENTS).required == ("text",)


WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    "missing": ({}, "triage needs text", "text: The text to read."),
    "unknown": ({"text": "a", "lables": []}, "triage has no input 'lables'", "did you mean labels?"),
    "unknown and far": ({"text": "a", "zzz": 1}, "triage has no input 'zzz'", "its inputs are: text, count, labels"),
    "no text": ({"text": 5}, "input text is not text", "The text to read."),
    "null for text": ({"text": None}, "input text is not text", ""),
    "wrong type": ({"text": "a", "count": "x"}, "input count", ""),
    "too small": ({"text": "a", "count": 0}, "input count", ""),
    "wrong item": ({"text": "a", "labels": ["a", 1]}, r"input labels \[1\]", ""),
    "provided name": ({"text": "a", "history": []}, "triage has no input 'history'", ""),
}


@pytest.mark.parametrize(("given_inputs", "says", "hint"), WRONG.values(), ids=WRONG)
def test_wrong_inputs_are_told_by_name(given_inputs: dict[str, object], says: str, hint: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        accept(**given_inputs)
    assert hint in caught.value.hint


def test_several_missing_inputs_are_told_at_once(tmp_path: Path) -> None:
    loaded = template(tmp_path, "---\ninputs: {a: first, b: second}\n---\n{% user %}{{ a }}{{ b }}{% enduser %}")
    with pytest.raises(InputError, match="t needs a and b"):
        loaded.render({})


def test_local_reference_works_inside_of_an_input() -> None:
    fragment = {"type": "array", "items": {"$ref": "#/$defs/n"}, "$defs": {"n": {"type": "integer"}}}
    assert Inputs("t", {"a": fragment}).accept({"a": [1]}) == {"a": [1]}
    with pytest.raises(InputError, match=r"input a \[0\]"):
        Inputs("t", {"a": fragment}).accept({"a": ["x"]})


def test_live_object_never_reaches_a_template(tmp_path: Path) -> None:
    loaded = template(tmp_path, "---\ninputs: {x: {}}\n---\n{% user %}{{ x.delete() }}{{ x.secret }}{% enduser %}")
    with pytest.raises(InputError, match="input x is a Live"):
        loaded.render({"x": Live()})


def test_dates_and_models_can_be_passed_as_they_are(tmp_path: Path) -> None:
    loaded = template(tmp_path, "---\ninputs: {o: {}, d: {}}\n---\n{% user %}{{ o | json }} {{ d }}{% enduser %}")
    made = loaded.render({"o": Order(orderNumber=7), "d": date(2026, 5, 2)})
    assert spoken(made) == [("user", '{"number": 7, "items": []} 2026-05-02')]


WORDS = st.text(st.characters(exclude_categories=("Cs",)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_json_stays_as_it_is(value: object) -> None:
    assert json.dumps(plain(value, "x")) == json.dumps(value)
