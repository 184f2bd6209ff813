"""What may be an output type, and what is said about the rest."""

from __future__ import annotations

import collections
import enum
import json
import sys
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Union

import pytest
from pydantic import Field

from patterns.errors import SchemaError
from patterns.output.shape import shape_of
from tests.output.shapes import Address, Color, Point


class Custom:
    pass


class Empty(enum.Enum):
    pass


if sys.version_info < (3, 12):

    class OldMovie(typing.TypedDict, total=False):
        title: typing.Required[str]
        year: int
        next: OldSequel

    class OldSequel(typing.TypedDict):
        title: str

    @dataclass
    class Shelf:
        movie: OldMovie

    def test_a_plain_typed_dict_works_before_python_3_12() -> None:
        shape = shape_of(OldMovie)
        assert shape.parse_json('{"title": "Dune", "next": {"title": "Dune 2"}}')["title"] == "Dune"
        assert shape_of(list[OldMovie] | None).parse_json('[{"title": "Dune", "year": 1984}]') is not None
        assert shape.schema["required"] == ["title"]
        for text in ("{}", '{"title": 1}', '{"title": "a", "x": 1}'):
            assert shape.take_json(text) is None

    def test_a_plain_typed_dict_in_a_dataclass_says_what_to_import() -> None:
        with pytest.raises(SchemaError) as caught:
            shape_of(Shelf)
        assert "typing_extensions" in caught.value.hint


UNUSABLE: list[tuple[str, Any, str]] = [
    ("none", None, "typing.Any"),
    ("a list of a type", [Point], "list[Point]"),
    ("a value of a model", Address(street="a", zip="12345"), "pass its class, Address"),
    ("a value of a dataclass", Point(1), "pass its class, Point"),
    ("a member of an Enum", Color.RED, "pass its class, Color"),
    ("a number", 5, "An output type is"),
    ("a truth", True, "An output type is"),
    ("bytes", b"name", "An output type is"),
    ("a function", json.dumps, "An output type is"),
    ("a module", json, "An output type is"),
    ("a class of one's own", Custom, "An output type is"),
    ("a list of them", list[Custom], "An output type is"),
    ("a callable", Callable, "An output type is"),
    ("an unknown name", list["Unheard"], "Define every type"),  # type: ignore[name-defined]  # noqa: F821
    ("an Enum without members", Empty, "give it some"),
    ("a type in a dictionary", {"name": str}, "pass the type itself"),
    ("a remote schema", {"$ref": "http://127.0.0.1/schema"}, "#/$defs/"),
    ("a broken shorthand", "name, age number", "Did you mean int or float"),
    ("an empty shorthand", " ", "Name the fields"),
]


@pytest.mark.parametrize(("into", "advice"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
def test_what_cannot_be_an_output_type_says_what_to_do(into: Any, advice: str) -> None:
    with pytest.raises(SchemaError) as caught:
        shape_of(into)
    assert advice in caught.value.hint


def test_code_that_a_type_brings_cannot_raise_past_us() -> None:
    class Hostile:
        @classmethod
        def __get_pydantic_core_schema__(cls, source: object, handler: object) -> object:
            raise KeyError("boom")

    with pytest.raises(SchemaError, match="Hostile cannot be an output type"):
        shape_of(Hostile)


def test_a_type_that_cannot_be_hashed_still_has_a_shape() -> None:
    marked: Any = Annotated[int, Field(ge=1), ["notes"]]
    assert shape_of(marked).parse_json("1") == 1


def test_old_spellings_of_types_work() -> None:
    assert shape_of(typing.List[int]).parse_json("[1]") == [1]  # noqa: UP006
    assert shape_of(Union[int, None]).parse_json("null") is None  # noqa: UP007
    pair = collections.namedtuple("pair", "x y")
    assert shape_of(pair).parse_json("[1, 2]") == pair(1, 2)
