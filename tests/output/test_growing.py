"""Typed values that grow with their text, and the items of a list as each closes."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from patterns.errors import Truncated
from patterns.output.growing import GrowingValue
from patterns.output.read import read
from tests.output.wanted import Mood, Person, Team, Tree

TEAM = Team(members=[Person(full_name="Al", age=41, tags=["x", "yy"]), Person(full_name="Bea", age=5)])


def _pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("frame", ["{}", "Here it is:\n```json\n{}\n```", "<think>let me see</think>{}"])
def test_whole_text_reads_as_its_value(size: int, frame: str) -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    for piece in _pieces(frame.replace("{}", TEAM.model_dump_json()), size):
        growing.feed(piece)
    assert growing.value == TEAM
    assert growing.complete
    assert growing.finish().output == TEAM


def test_unfinished_value_is_of_the_output_type() -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    growing.feed('{"members": [{"full_name": "Al", "age": 4')
    value = growing.value
    assert isinstance(value, Team)
    assert value.members[0].full_name == "Al"
    assert value.members[0].age is None
    growing.feed('1, "tags": ["x", "y')
    assert growing.value == Team(members=[Person(full_name="Al", age=41, tags=["x", "y"])])


def test_values_only_grow_and_end_as_the_reading() -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    sizes: list[int] = []
    for piece in _pieces(TEAM.model_dump_json(), 3):
        growing.feed(piece)
        value = growing.value
        sizes.append(0 if value is None else len(value.members))
    assert sizes == sorted(sizes)
    assert growing.value == growing.finish().output


def test_number_and_enum_appear_only_when_finished() -> None:
    class Rated(BaseModel):
        mood: Mood | None = None
        score: int | None = None

    growing: GrowingValue[Rated] = GrowingValue(Rated)
    seen = []
    for piece in _pieces('{"mood": "negative", "score": 1234}', 1):
        growing.feed(piece)
        seen.append(growing.value)
    assert {rated.score for rated in seen if rated} == {None, 1234}
    assert {rated.mood for rated in seen if rated} == {None, "negative"}


def test_items_of_a_list_come_as_each_closes() -> None:
    people = [Person(full_name=f"P{at}", age=at) for at in range(5)]
    text = json.dumps([person.model_dump() | {"age": f"{person.age} years"} for person in people])
    growing: GrowingValue[list[Person]] = GrowingValue(list[Person])
    items = [item for piece in _pieces(text, 4) for item in growing.feed(piece)]
    assert items == people


def test_closed_part_is_validated_and_bent_like_any_other() -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    growing.feed('{"members": [{"fullName": "Al", "age": "41 years"}, {"full_name": "B')
    assert growing.value is not None
    assert growing.value.members[0] == Person(full_name="Al", age=41)


def test_text_that_ends_early_is_truncated() -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    growing.feed('{"members": [{"full_name": "Al"')
    with pytest.raises(Truncated):
        growing.finish()


def test_damaged_text_grows_too() -> None:
    growing: GrowingValue[Team] = GrowingValue(Team)
    for piece in _pieces("{'members': [{'full_name': 'Al', 'age': 41,}, {full_name: 'Bea', age: 5}]}", 5):
        growing.feed(piece)
    assert growing.finish().output == Team(members=[Person(full_name="Al", age=41), Person(full_name="Bea", age=5)])


def test_recursive_model_grows() -> None:
    growing: GrowingValue[Tree] = GrowingValue(Tree)
    growing.feed('{"name": "a", "children": [{"name": "b", "children": [{"name": "c"')
    assert growing.value is not None
    assert growing.value.children[0].children[0].name == "c"


def test_partial_reading_of_required_fields_leaves_them_null() -> None:
    person = read('{"full_name": "A', Person, partial=True)
    assert (person.full_name, person.age, person.tags) == ("A", None, [])


@dataclass
class Job:
    title: str
    years: int
    skills: list[str]
    place: str = "here"


class Pair(TypedDict):
    left: int
    right: str


@pytest.mark.parametrize(
    ("text", "into", "wanted"),
    [
        ('{"title": "x", "years": 1', Job, Job("x", None, [])),  # type: ignore[arg-type]
        ('{"left": 1, "right": "a', Pair, {"left": 1, "right": "a"}),
        ('{"left": 1', Pair, {}),
        ('{"a": 1, "b": 2', dict[str, int], {"a": 1}),
        ('{"a": {"full_name": "A', dict[str, Person], {"a": read('{"full_name": "A', Person, partial=True)}),
        ('[{"title": "x"', list[Job], [Job("x", None, [])]),  # type: ignore[arg-type]
    ],
)
def test_partial_reading_makes_unfinished_objects_of_any_class(text: str, into: object, wanted: object) -> None:
    assert read(text, into, partial=True) == wanted


def test_shorthand_type_grows_too() -> None:
    value = read('{"name": "x", "age": 4', "name, age int", partial=True)
    assert (value.name, value.age) == ("x", None)
