"""The shape of an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from patterns.errors import PatternsError
from patterns.messages import Json
from patterns.output.schema.annotate import ALIASES, ENUM_NAMES
from patterns.output.shape import Shape, shape_of
from tests.output.shapes import (
    NAMES,
    TYPES,
    VALID,
    Address,
    Color,
    Invoice,
    Level,
    Line,
    Page,
    Point,
    Renamed,
    Span,
    Tree,
)

valid = pytest.mark.parametrize(("into", "value", "written"), [case[1:] for case in VALID], ids=NAMES)


@valid
def test_strict_json_becomes_the_value(into: Any, value: object, written: Json) -> None:
    assert shape_of(into).parse_json(json.dumps(written)) == value


@valid
def test_json_values_become_the_value(into: Any, value: object, written: Json) -> None:
    assert shape_of(into).validate(written) == value


@valid
def test_a_value_is_dumped_as_its_json(into: Any, value: object, written: Json) -> None:
    assert shape_of(into).dump(value) == written


@valid
def test_the_json_schema_takes_the_json(into: Any, value: object, written: Json) -> None:
    from patterns import schemas

    if into is not Any and "Nested" not in repr(into):
        assert not schemas.problems(written, shape_of(into).schema)


@pytest.mark.parametrize("into", TYPES, ids=str)
def test_a_shape_is_built_once(into: Any) -> None:
    assert shape_of(into) is shape_of(into)


def test_a_shape_is_its_own_shape() -> None:
    shape = shape_of(Point)
    assert shape_of(shape) is shape


def test_unions_and_literals_keep_the_order_they_are_written_in() -> None:
    assert shape_of(int | str).words.endswith("integer | string")
    assert shape_of(str | int).words.endswith("string | integer")
    assert shape_of(Literal["b", "a"]).words.endswith('"b" | "a"')
    assert shape_of(Literal["a", "b"]).words.endswith('"a" | "b"')


def test_the_content_of_a_json_schema_decides_not_the_object() -> None:
    schema: dict[str, Json] = {"type": "integer"}
    first = shape_of(schema)
    schema["type"] = "string"
    assert shape_of({"type": "integer"}) is first
    assert shape_of(schema) is not first
    assert first.parse_json("1") == 1


# --- schema ---------------------------------------------------------------------------------------------------------


def definition(shape: Shape[Any], name: str) -> Any:
    return shape.schema["$defs"][name]  # type: ignore[index, call-overload]


def test_enum_members_keep_their_names() -> None:
    assert shape_of(Color).schema[ENUM_NAMES] == ["RED", "BLUE"]
    assert definition(shape_of(Invoice), "Level")[ENUM_NAMES] == ["LOW", "HIGH", "URGENT"]


def test_further_names_of_a_field_are_noted() -> None:
    properties: Any = shape_of(Renamed).schema["properties"]
    assert properties["fullName"][ALIASES] == ["full_name"]
    assert properties["age"][ALIASES] == ["years old", "years"]


def test_no_titles_are_made_up_from_field_names() -> None:
    properties: Any = shape_of(Address).schema["properties"]
    assert "title" not in properties["street"]


def test_the_places_of_a_named_tuple_have_names() -> None:
    places: Any = shape_of(Span).schema["prefixItems"]
    assert [place["title"] for place in places] == ["start", "end", "label"]


class Reader(BaseModel):
    name: str = Field(validation_alias="fullName")
    kind: Literal["reader"] = "reader"


class Writer(BaseModel):
    name: str = Field(serialization_alias="penName")
    kind: Literal["writer"] = "writer"


class Library(BaseModel):
    people: list[Reader | Writer]
    head: Writer | int | None = None
    desks: dict[str, Reader] = {}
    pair: tuple[int, Reader] | None = None


def test_values_are_dumped_under_the_names_they_are_read_by() -> None:
    reader, writer = Reader.model_validate({"fullName": "Ada"}), Writer(name="Mary")
    library = Library(people=[writer, reader], head=writer, desks={"a": reader}, pair=(1, reader))
    dumped = shape_of(Library).dump(library)
    assert dumped == {
        "people": [{"name": "Mary", "kind": "writer"}, {"fullName": "Ada", "kind": "reader"}],
        "head": {"name": "Mary", "kind": "writer"},
        "desks": {"a": {"fullName": "Ada", "kind": "reader"}},
        "pair": [1, {"fullName": "Ada", "kind": "reader"}],
    }
    assert shape_of(Library).validate(dumped) == library


@pytest.mark.parametrize(
    ("into", "name", "wire"),
    [
        (Invoice, "Invoice", "Invoice"),
        (list[Invoice], "Invoice_list", "Invoice_list"),
        (Page[Line], "Page[Line]", "Page_Line"),
        (Optional[Point], "Point", "Point"),  # noqa: UP045
        (int, "int", "int"),
        (int | str, "Answer", "Answer"),
        (Literal["a"], "Answer", "Answer"),
        (dict[str, Point], "Answer", "Answer"),
        ({"title": "A fine schema: ünïcode"}, "A fine schema: ünïcode", "A_fine_schema_n_code"),
        ({"title": " "}, "Answer", "Answer"),
        ({"title": "x" * 200}, "x" * 200, "x" * 64),
        ("name, age int", "Extracted", "Extracted"),
        ("list[{name}]", "Extracted_list", "Extracted_list"),
    ],
)
def test_a_shape_has_a_name_and_one_for_providers(into: Any, name: str, wire: str) -> None:
    assert (shape_of(into).name, shape_of(into).target.name) == (name, wire)


# --- properties -----------------------------------------------------------------------------------------------------

json_text = st.text(st.characters(codec="utf-8"))
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | json_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_text, inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_json_value_survives_the_way_there_and_back(value: Any) -> None:
    kinds: list[Any] = [Any, {}]
    for into in kinds:
        shape = shape_of(into)
        assert shape.parse_json(json.dumps(value)) == value
        assert shape.validate(shape.dump(value)) == value


trees = st.recursive(
    st.builds(Tree, value=st.integers()),
    lambda inner: st.builds(Tree, value=st.integers(), children=st.lists(inner, max_size=3)),
    max_leaves=10,
)
finite = st.floats(allow_nan=False, allow_infinity=False)
points = st.builds(Point, x=st.integers(), y=finite, names=st.lists(json_text, max_size=3))
invoices = st.builds(
    Invoice,
    number=json_text,
    due=st.none() | st.dates(),
    lines=st.lists(st.builds(Line, sku=json_text, quantity=st.integers(1, 99), price=finite), min_size=1, max_size=3),
    billed=st.just(Address(street="a", zip="12345")),
    shipped=st.none(),
    level=st.sampled_from(Level),
    tags=st.sets(json_text, max_size=3),
    currency=json_text,
)


@pytest.mark.parametrize(("into", "values"), [(Tree, trees), (Point, points), (Invoice, invoices)], ids=["t", "p", "i"])
def test_a_dumped_value_reads_as_itself(into: Any, values: st.SearchStrategy[Any]) -> None:
    @given(values)
    def survives(value: Any) -> None:
        shape = shape_of(into)
        dumped = shape.dump(value)
        assert shape.validate(dumped) == value
        assert shape.parse_json(json.dumps(dumped)) == value

    survives()


@given(st.sampled_from(TYPES), st.text(st.characters(), max_size=40) | json_values.map(json.dumps))
def test_any_text_is_a_value_or_invalid(into: Any, text: str) -> None:
    shape = shape_of(into)
    taken = shape.take_json(text)
    try:
        assert taken == (shape.parse_json(text),)
    except PatternsError:
        assert taken is None


def test_importing_shapes_loads_nothing_heavy() -> None:
    code = (
        "import patterns.output.shape as shape, sys; shape.shape_of(list[int]).parse_json('[1]');"
        "print([m for m in ('jsonschema', 'referencing', 'litellm', 'tiktoken') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
