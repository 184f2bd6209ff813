"""Each mend of a text is told by its path in the value."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from patterns.exchange import Repair
from patterns.output.places import placed
from patterns.output.read import examine
from patterns.output.scan import best, scan

CASES = [
    ("{name: 'Jo', 'skills': ['a', b]}", {("unquoted key", "$.name"), ("unquoted text", "$.skills[1]")}),
    ('{"a": {"b": [1, {"c": tru}]}}', {("unquoted text", "$.a.b[1].c")}),
    ('{"a": 1 "b": 2}', {("missing comma", "$.b")}),
    ('{"two words": {x: 1}}', {("unquoted key", "$['two words'].x")}),
    ("[{a: 1}, {b: 2}]", {("unquoted key", "$[0].a"), ("unquoted key", "$[1].b")}),
    ('{"a": [1, 2,], "b": 3}', {("trailing comma", "$.a")}),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_mend_belongs_to_the_innermost_part_it_stands_in(text: str, wanted: set[tuple[str, str]]) -> None:
    found = best(scan(text))
    assert found is not None
    told = {(mend.kind, mend.path) for mend in placed(found.root, found.mends)}
    assert wanted <= told


class Box(BaseModel):
    items: list[dict[str, int]]


def test_a_mend_of_all_of_a_value_belongs_to_its_root() -> None:
    inner = json.dumps({"items": [{"p": 1}]})
    for text, kind in [
        (json.dumps(inner), "decoded"),
        (json.dumps({"name": "f", "arguments": inner}), "found"),
        ("items:\n- p: 1", "found"),
    ]:
        mend = next(mend for mend in examine(text, Box).repairs if mend.kind == kind)
        assert mend.path == "$"


def test_a_path_that_is_known_already_stays() -> None:
    found = best(scan('{"a": 1}'))
    assert found is not None
    mend = Repair("number", "$.a", (0, 1))
    assert placed(found.root, (mend,)) == (mend,)


def test_many_mends_are_placed_in_one_pass() -> None:
    text = "[" + ", ".join("{key: 'v'}" for _ in range(500)) + "]"
    found = best(scan(text))
    assert found is not None
    paths = {mend.path for mend in placed(found.root, found.mends) if mend.kind == "unquoted key"}
    assert paths == {f"$[{number}].key" for number in range(500)}


def test_a_renamed_key_is_told_by_the_name_of_the_type() -> None:
    class Person(BaseModel):
        full_name: str
        skills: list[str]

    reading = examine("{'Full Name': 'Jo', Skills: [a, 'b']}", Person)
    assert reading.output == Person(full_name="Jo", skills=["a", "b"])
    assert {mend.path for mend in reading.repairs} <= {"$", "$.full_name", "$.skills", "$.skills[0]", "$.skills[1]"}
