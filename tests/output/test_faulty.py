"""What can be read of an answer that breaks its type: all that fits, under the right names, and all that does not."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from patterns.output.faulty import faulty
from patterns.output.shape import shape_of
from patterns.schemas import json_path, steps_of


class Line(BaseModel):
    sku: str = Field(pattern=r"^[A-Z]{2}-\d+$")
    quantity: int
    price: float = Field(ge=0)


class Order(BaseModel):
    id: int
    kind: Literal["new", "old"]
    lines: list[Line]
    note: str | None
    tags: list[str] = []
    sent: Line | None = None


TEXT = """Sure! ```json
[{"ID": "12", "kind": "NEW", "lines": [{"sku": "AB-1", "quantity": "3", "price": "-1"},
  {"sku": "bad", "quantity": 2, "price": "EUR 4,50 or so"}]},
 {"id": 13, "kind": "newest", "lines": [{"sku": "AB-2", "price": 1}], "note": "x", "tags": "a",
  "sent": {"sku": "AB-3"}}]
```"""


def test_all_that_fits_is_aligned_and_all_that_does_not_is_told() -> None:
    found = faulty(TEXT, shape_of(list[Order]), "align")
    assert found is not None
    assert found.value[0]["id"] == 12  # type: ignore[index, call-overload]
    assert found.value[0]["lines"][0] == {"sku": "AB-1", "quantity": 3, "price": -1}  # type: ignore[index, call-overload]
    assert found.value[0]["lines"][1]["price"] == "EUR 4,50 or so"  # type: ignore[index, call-overload]
    assert found.value[0]["note"] is None  # type: ignore[index, call-overload]
    assert found.value[1]["tags"] == ["a"]  # type: ignore[index, call-overload]
    assert [problem.path for problem in found.problems] == [
        *("$[0].lines[0].price", "$[0].lines[1].sku", "$[0].lines[1].price", "$[1].kind", "$[1].lines[0].quantity"),
        *("$[1].sent.quantity", "$[1].sent.price"),
    ]
    assert {mend.path for mend in found.mends} >= {"$[0].id", "$[0].kind", "$[1].tags"}
    assert all(mend.span is None for mend in found.mends), "another text is read in the end"


def test_without_alignment_every_slip_is_a_problem() -> None:
    found = faulty(TEXT, shape_of(list[Order]), "syntax")
    assert found is not None
    assert {"$[0].id", "$[0].kind", "$[1].tags"} <= {problem.path for problem in found.problems}
    assert faulty(TEXT, shape_of(list[Order]), "none") is None, "the text is no JSON"


@pytest.mark.parametrize(
    "text",
    [
        "no value at all",
        '[{"id": 1, "kind": "newest"',
        '{"id": 1}',
        '[{"id": "x"}] or rather [{"id": "y"}]',
        'I cannot do that. For example, an answer might look like this: [{"id": "x"}]',
    ],
)
def test_what_is_no_one_whole_value_is_not_patched(text: str) -> None:
    assert faulty(text, shape_of(list[Order]), "align") is None


def test_what_is_right_is_not_faulty() -> None:
    assert faulty('{"sku": "AB-1", "quantity": 1, "price": 2}', shape_of(Line), "align") is None


def test_a_map_and_a_wrapped_record() -> None:
    found = faulty('{"result": {"sku": "AB-1", "quantity": "many", "price": 1}}', shape_of(Line), "align")
    assert found is not None
    assert [problem.path for problem in found.problems] == ["$.quantity"]
    found = faulty(
        '{"a": {"sku": "AB-1"}, "b c": {"sku": "AB-2", "quantity": 1, "price": 2}}', shape_of(dict[str, Line]), "align"
    )
    assert found is not None
    assert [problem.path for problem in found.problems] == ["$.a.quantity", "$.a.price"]


def test_a_json_schema_is_told_as_a_type_is() -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"$ref": "#/$defs/N"}, "due date": {"type": "string"}},
        "required": ["n", "due date"],
        "additionalProperties": False,
        "$defs": {"N": {"type": "integer", "maximum": 9}},
    }
    found = faulty('{"n": 12, "due date": null}', shape_of(schema), "align")
    assert found is not None
    assert [problem.path for problem in found.problems] == ["$.n", '$["due date"]']
    assert shape_of(schema).words_at(("n",)) == "integer (<= 9)"


@pytest.mark.parametrize("steps", [(), ("a", 1, "b-c"), ("due date", 0), ('q"x\\y', "ü"), (0, 12, "x")])
def test_a_path_leads_back_to_its_steps(steps: tuple[str | int, ...]) -> None:
    assert steps_of(json_path(steps)) == steps


@pytest.mark.parametrize("path", ["", "a.b", "$x", "$.a b", "$[1", json_path(["x" * 200])])
def test_what_is_no_path_leads_nowhere(path: str) -> None:
    assert steps_of(path) is None


def test_the_type_of_a_place() -> None:
    shape = shape_of(list[Order])
    assert shape.words_at((0, "kind")) == '"new" | "old"'
    assert shape.words_at((3, "lines", 1, "price")) == "number (>= 0)"
    assert shape.words_at((3, "sent", "quantity")) == "integer"
    assert shape.words_at((3, "lines", 1)).startswith("{sku: string")
    assert shape.words_at((3, "nothing")) == ""


def test_a_type_that_holds_itself_is_told_whole() -> None:
    class Tree(BaseModel):
        name: str
        inside: list[Tree] = []

    told = shape_of(Tree).words_at(("inside", 0))
    assert told.count("Tree") >= 2
