"""The shape of an answer as providers take it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from patterns import schemas
from patterns.messages import Json
from patterns.output.schema.wire import target
from patterns.output.shape import shape_of
from tests.output.shapes import NAMES, TYPES, VALID, Color, Invoice, Line, Open, Owner, Page, Ping, Point, Span, Tree

TAKEN = {
    *(
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "anyOf",
        "$ref",
        "$defs",
        "description",
    ),
    *("format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"),
}
"""Keywords of strict structured output."""

OPEN: list[Any] = [
    Span,
    Open,
    dict[str, int],
    Any,
    tuple[int, str],
    list[Any],
    {},
    {"type": "array"},
    {"type": "object"},
]
STRICT: list[Any] = [
    Invoice,
    Tree,
    Ping,
    Owner,
    Page[Line],
    Point,
    Color,
    int,
    list[int],
    Literal["a", 1, None],
    int | None,
]


def test_strict_targets_keep_the_rules_of_strict_output() -> None:
    for into in TYPES:
        made = shape_of(into).target
        if not made.strict:
            continue
        assert made.schema["type"] == "object"
        assert "anyOf" not in made.schema
        for each in schemas.every(made.schema):
            assert each.keys() <= TAKEN
            assert "$ref" not in each or len(each) == 1
            assert each.keys() & {"type", "anyOf", "$ref"}
            if each.get("type") == "object":
                assert each["additionalProperties"] is False
                properties: Any = each["properties"]
                assert each["required"] == list(properties)


@pytest.mark.parametrize("into", TYPES, ids=str)
def test_every_target_is_a_usable_schema_with_an_object_at_its_root(into: Any) -> None:
    made = shape_of(into).target
    schemas.check(made.schema)
    assert made.schema["type"] == "object"
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", made.name)
    assert "x-" not in json.dumps(made.schema)


@pytest.mark.parametrize("into", STRICT, ids=str)
def test_closed_types_are_strict(into: Any) -> None:
    assert shape_of(into).target.strict


@pytest.mark.parametrize("into", OPEN, ids=str)
def test_open_types_are_not_strict_and_stay_open(into: Any) -> None:
    assert not shape_of(into).target.strict


@pytest.mark.parametrize(("into", "value"), [(case[1], case[2]) for case in VALID], ids=NAMES)
def test_a_target_takes_the_values_of_its_type(into: Any, value: object) -> None:
    shape = shape_of(into)
    written = shape.dump(value)
    found = schemas.problems({"value": written} if shape.target.wrapped else written, shape.target.schema)
    assert [problem for problem in found if problem.message != "is missing"] == [], "strict output leaves nothing out"


@pytest.mark.parametrize(
    ("into", "wrapped"),
    [
        *((Point, False), (Tree, False), (dict[str, int], False), (Open, False), ({"properties": {"a": {}}}, False)),
        *((int, True), (list[Point], True), (Point | None, True), (Owner | Point, True), (Color, True), (Any, True)),
        ({"type": "object", "anyOf": [{"required": ["a"]}]}, True),
    ],
    ids=str,
)
def test_what_is_no_single_object_stands_under_value(into: Any, wrapped: bool) -> None:
    made = shape_of(into).target
    properties: Any = made.schema.get("properties", ())
    assert made.wrapped is wrapped
    assert (list(properties) == ["value"]) is wrapped


def test_what_may_be_missing_is_required_and_nullable() -> None:
    made: Any = shape_of(Invoice).target.schema
    assert made["required"] == list(Invoice.model_fields)
    null = {"type": "null"}
    properties = made["properties"]
    assert properties["currency"] == {"anyOf": [{"type": "string"}, null], "description": 'default "EUR"'}
    assert properties["due"]["anyOf"] == [{"type": "string", "format": "date"}, null]
    assert properties["shipped"]["anyOf"] == [{"$ref": "#/$defs/Address"}, null]
    assert properties["billed"] == {"$ref": "#/$defs/Address"}
    assert properties["lines"] == {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1}


def test_what_cannot_be_enforced_is_said() -> None:
    class Code(BaseModel):
        code: str = Field(pattern="^[A-Z]{3}$", max_length=3, description="Of the currency")
        tags: set[str]
        color: Color
        link: str = Field(json_schema_extra={"format": "uri"})

    properties: Any = shape_of(Code).target.schema["properties"]
    assert properties["code"]["description"] == "Of the currency; matches ^[A-Z]{3}$; at most 3 characters"
    assert properties["tags"]["description"] == "no item twice"
    assert properties["color"] == {"type": "integer", "enum": [1, 2], "description": "1 is RED, 2 is BLUE"} or (
        properties["color"] == {"$ref": "#/$defs/Color"}
    )
    assert properties["link"] == {"type": "string", "description": "URL"}


def test_a_description_beside_a_reference_is_not_lost() -> None:
    class Order(BaseModel):
        line: Line = Field(description="The only line")
        more: Line

    properties: Any = shape_of(Order).target.schema["properties"]
    assert properties["line"]["description"] == "The only line"
    assert properties["line"]["type"] == "object"
    assert properties["more"] == {"$ref": "#/$defs/Line"}


def test_recursion_keeps_its_references() -> None:
    made: Any = shape_of(Tree).target.schema
    assert made["properties"]["children"]["anyOf"][0]["items"] == {"$ref": "#/$defs/Tree"}
    assert made["$defs"]["Tree"]["additionalProperties"] is False


def deep(levels: int) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "integer"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_what_is_nested_too_deeply_for_providers_is_not_strict() -> None:
    assert target("Deep", deep(8)).strict
    assert not target("Deep", deep(12)).strict


SELF: list[tuple[str, dict[str, Json]]] = [
    ("root object", {"type": "object", "properties": {"next": {"$ref": "#"}, "any": {}}}),
    ("root list", {"type": "array", "items": {"anyOf": [{"$ref": "#"}, {}]}}),
    ("closed root list", {"type": "array", "items": {"anyOf": [{"$ref": "#"}, {"type": "integer"}]}}),
    ("into properties", {"anyOf": [{"type": "object", "properties": {"a": {}}}, {"$ref": "#/anyOf/0/properties/a"}]}),
    ("definitions", {"type": "array", "items": {"$ref": "#/definitions/a"}, "definitions": {"a": {}}}),
    ("both", {"type": "array", "prefixItems": [{"$ref": "#"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#"}}}),
]


@pytest.mark.parametrize("schema", [case[1] for case in SELF], ids=[case[0] for case in SELF])
def test_references_to_the_root_follow_it_to_its_new_place(schema: dict[str, Json]) -> None:
    made = target("Self", schema)
    schemas.check(made.schema)
    values: list[Json] = [[], [[], [[]]], {"next": {"next": {}}}, {"a": 1}, 5, None]
    for value in values:
        fits = not schemas.problems(value, schema)
        wire: Json = {"value": value} if made.wrapped else value
        if fits and not made.strict:
            assert not schemas.problems(wire, made.schema)


def test_noise_is_dropped_and_names_like_keywords_are_kept() -> None:
    schema: dict[str, Json] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.com/a",
        "title": "Book",
        "type": "object",
        "properties": {"title": {"type": "string", "title": "The title", "default": ""}, "x-mark": {}, "default": {}},
        "additionalProperties": {"const": {"title": "kept as data"}},
    }
    assert target("Book", schema).schema == {
        "type": "object",
        "properties": {"title": {"type": "string"}, "x-mark": {}, "default": {}},
        "additionalProperties": {"const": {"title": "kept as data"}},
    }


@pytest.mark.parametrize("into", TYPES, ids=str)
def test_making_a_target_leaves_the_schema_alone(into: Any) -> None:
    shape = shape_of(into)
    before = copy.deepcopy(shape.schema)
    made = target(shape.name, shape.schema)
    assert isinstance(made.schema, Mapping)
    assert shape.schema == before


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}, True),
        ({"type": "object", "properties": {"a": {"enum": ["x", 1, None, True]}}}, True),
        ({"type": "object", "properties": {"a": {"allOf": [{"type": "integer"}], "description": "d"}}}, True),
        ({"type": "object", "properties": {"a": {"oneOf": [{"type": "integer"}, {"const": "x"}]}}}, True),
        ({"type": "object", "properties": {"a": {"type": "integer", "not": {"const": 3}}}}, True),
        ({"type": "object", "properties": {"a": {"allOf": [{"type": "integer"}, {"minimum": 1}]}}}, False),
        ({"type": "object", "properties": {"a": {"enum": [[1]]}}}, False),
        ({"type": "object", "properties": {"a": {"enum": []}}}, False),
        ({"type": "object", "properties": {"a": True}}, False),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": True}, False),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {"b": {}}}, False),
    ],
)
def test_schemas_by_hand_are_strict_where_they_can_be(schema: dict[str, Json], strict: bool) -> None:
    made = target("Made", schema)
    assert made.strict is strict
    schemas.check(made.schema)
