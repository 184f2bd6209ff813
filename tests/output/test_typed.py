"""Strict reading of values of a Python type."""

from __future__ import annotations

import pickle
from typing import Any, Literal

import pytest
from pydantic import BaseModel, field_validator

from patterns.errors import Invalid
from patterns.messages import Json
from patterns.output.shape import shape_of
from tests.output.shapes import Address, Cat, Color, Dog, Invoice, Line, Movie, Open, Owner, Page, Point, Span

NOT_STRICT: list[tuple[str, Any, str, str]] = [
    (
        "text for a whole number",
        Line,
        '{"sku": "A", "quantity": "2", "price": 1}',
        "$.quantity: should be a whole number",
    ),
    ("truth for a whole number", Line, '{"sku": "A", "quantity": true, "price": 1}', "$.quantity: should be a whole"),
    ("truth for a number", Line, '{"sku": "A", "quantity": 1, "price": true}', "$.price: should be a number"),
    ("a number for a truth", bool, "1", "$: should be true or false"),
    ("a number for text", str, "1", "$: should be text"),
    ("half for a whole number", int, "1.5", "$: should be a whole number"),
    ("an unknown name", Address, '{"street": "a", "zip": "12345", "x": 1}', "$.x: is not a known name here"),
    ("an unknown name inside", Page[Cat], '{"items": [{"kind": "cat", "lives": 1, "x": 1}]}', "$.items[0].x: is not a"),
    ("an unknown name of a dataclass", Point, '{"x": 1, "z": 2}', "$.z: is not a known name here"),
    ("an unknown name of a typed dict", Movie, '{"title": "a", "z": 2}', "$.z: is not a known name here"),
    ("a missing name", Address, '{"street": "a"}', "$.zip: is missing"),
    ("a missing name of a dataclass", list[Point], '[{"x": 1}, {}]', "$[1].x: is missing"),
    ("a missing place", Span, "[1]", "$[1]: is missing"),
    ("null", Address, "null", "$: should be an object"),
    ("too few", Invoice, '{"number": "1", "lines": [], "billed": {"street": "a", "zip": "12345"}}', "at least 1 item"),
    ("out of range", Line, '{"sku": "A", "quantity": 100, "price": 1}', "should be less than or equal to 99"),
    ("a broken pattern", Address, '{"street": "a", "zip": "1234"}', "$.zip: should match pattern"),
    ("no member", Color, "3", "$: should be 1 or 2"),
    ("no label", Literal["a", "b"], '"c"', "$: should be 'a' or 'b'"),
    ("no form", int | bool, '"c"', "$: should be a whole number or true or false"),
    ("an unknown kind", Owner, '{"pet": {"kind": "cow"}}', "$.pet: 'kind' should be one of 'cat', 'dog'"),
    ("no kind", Owner, '{"pet": {}}', "$.pet: 'kind' is missing"),
    ("the nearest form", list[Cat | Dog], '[{"kind": "dog", "tricks": [1, 2]}]', "$[0].tricks[0]: should be text"),
    ("not JSON", Address, "street: Elm 1", "$: is not JSON"),
    ("cut off", Address, '{"street": "Elm 1"', "$: is not JSON"),
    ("nothing", Address, "", "$: is not JSON"),
    ("something behind", int, "1 2", "$: is not JSON"),
    ("NaN", float, "NaN", "$: is not a finite number"),
    ("infinity", Page[float], '{"items": [1, -Infinity]}', "$.items[1]: is not a finite number"),
    ("too large for a float", Line, '{"sku": "A", "quantity": 1, "price": 1e999}', "$.price: is not a finite number"),
    ("too long for a float", dict[str, float], f'{{"a": {"9" * 400}}}', "$.a: is not a finite number"),
    ("too long with a fraction", float, f"{'9' * 310}.5", "$: is not a finite number"),
    ("a small exponent on many digits", float, f"{'9' * 250}e99", "$: is not a finite number"),
    ("NaN anywhere", Any, '{"a": [NaN]}', "$.a[0]: is not a finite number"),
    ("infinite anywhere", Any, '{"a": [1e400]}', "$.a[0]: is not a finite number"),
    ("5,000 digits", int, "1" * 5000, "$: is not JSON: number out of range"),
    ("5,000 digits anywhere", Any, "1" * 5000, "$: is not JSON: number out of range"),
    ("half a surrogate pair", str, '"\ud800"', "$: holds half of a surrogate pair"),
    ("an escaped half", str, '"\\ud800"', "$: is not JSON"),
    ("half a pair in a name", dict[str, int], '{"\ud800": 1}', "surrogate"),
    ("half a pair for plain JSON", {"type": "string"}, '"\ud800"', "surrogate"),
    ("NaN for plain JSON", {"type": "number"}, "NaN", "is not JSON"),
    ("1e999 for plain JSON", {"type": "number"}, "1e999", "is not a finite number"),
    ("deep", Any, "[" * 100_000, "recursion limit"),
    ("deep for plain JSON", {}, "[" * 100_000, "recursion limit"),
    ("deep and closed", Any, "[" * 5000 + "]" * 5000, "recursion limit"),
    ("wrong for a JSON Schema", {"required": ["a"]}, "{}", "$.a: is missing"),
    ("wrong for a shorthand", "name, age int", '{"name": "Ada", "age": "36"}', "$.age: should be a whole number"),
]


@pytest.mark.parametrize(("into", "text", "words"), [case[1:] for case in NOT_STRICT], ids=[c[0] for c in NOT_STRICT])
def test_what_is_not_strict_json_of_the_type_is_refused(into: Any, text: str, words: str) -> None:
    shape = shape_of(into)
    assert shape.take_json(text) is None
    with pytest.raises(Invalid) as caught:
        shape.parse_json(text)
    assert words in "\n".join(map(str, caught.value.errors))
    assert pickle.loads(pickle.dumps(caught.value)).errors == caught.value.errors


FINE: list[tuple[str, Any, str, object]] = [
    ("whole number for a number", float, "1", 1.0),
    ("NaN as text", list[str], '["NaN", "1e999"]', ["NaN", "1e999"]),
    ("odd words beside numbers", list[float | str], '["Infinity", 1.5, "9e999"]', ["Infinity", 1.5, "9e999"]),
    ("a large exponent", float, "1e300", 1e300),
    ("a tiny number", float, "1e-999", 0.0),
    ("4,000 digits", int, "9" * 4000, int("9" * 4000)),
    ("400 digits beside a float", tuple[int, float], f"[{'9' * 400}, 1.5]", (int("9" * 400), 1.5)),
    ("escaped characters", str, '"\\ud83d\\ude00\\u0000"', "😀\x00"),
    ("white space", list[int], " [ 1 ,\n2 ] \n", [1, 2]),
]


@pytest.mark.parametrize(("into", "text", "value"), [case[1:] for case in FINE], ids=[case[0] for case in FINE])
def test_odd_but_strict_json_is_taken(into: Any, text: str, value: object) -> None:
    assert shape_of(into).parse_json(text) == value


def test_an_open_model_keeps_its_further_names() -> None:
    opened = shape_of(Open).parse_json('{"name": "Ada", "age": 36}')
    assert opened.model_extra == {"age": 36}


def brackets(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


BEYOND: list[Any] = [brackets(201), brackets(100_000), [10**5000], float("nan"), "\ud800", object()]


@pytest.mark.parametrize("into", [Any, {}, list[Any], int], ids=str)
@pytest.mark.parametrize("value", BEYOND, ids=type)
def test_values_beyond_json_are_invalid_not_a_crash(into: Any, value: Json) -> None:
    with pytest.raises(Invalid):
        shape_of(into).validate(value)


def test_validation_is_as_strict_as_json() -> None:
    for value in (True, "1", 1.5, None):
        with pytest.raises(Invalid):
            shape_of(int).validate(value)


def test_many_problems_are_counted_in_the_message_and_all_on_the_error() -> None:
    with pytest.raises(Invalid, match=r"\$\[0\].*and 2 more") as caught:
        shape_of(list[int]).validate(["a"] * 5)
    assert [problem.path for problem in caught.value.errors] == [f"$[{n}]" for n in range(5)]


def test_a_check_says_no_in_its_own_words_without_secrets() -> None:
    class Team(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def known(cls, name: str) -> str:
            raise ValueError(f"there is no team {name!r}")

    with pytest.raises(Invalid) as caught:
        shape_of(Team).validate({"name": "sk-abcdefghijklmnopqrstuvwx"})
    assert [str(problem) for problem in caught.value.errors] == ["$.name: there is no team '[redacted]'"]


def test_problems_repeat_nothing_of_the_value() -> None:
    secret = "correct horse battery staple"
    with pytest.raises(Invalid) as caught:
        shape_of(Owner).validate({"pet": {"kind": secret}, "other": secret})
    assert secret not in f"{caught.value} {caught.value.errors}"


NO_VALUES: list[tuple[Any, object]] = [
    (Point, 5),
    (Point, Point("x", 1)),  # type: ignore[arg-type]
    (float, float("nan")),
    (int, "a"),
    (Any, object()),
    ({}, object()),
]


@pytest.mark.parametrize(("into", "value"), NO_VALUES)
def test_what_is_no_value_of_the_type_is_not_dumped(into: Any, value: object) -> None:
    with pytest.raises(Invalid):
        shape_of(into).dump(value)
