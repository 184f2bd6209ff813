"""Typed values that grow with their text, and the items of a list as each closes."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, Field, PrivateAttr
from typing_extensions import TypedDict

from patterns.errors import Truncated
from patterns.output.closed import Closed
from patterns.output.growing import GrowingValue
from patterns.output.read import read
from patterns.output.tree import Node
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


def _deep(value: object) -> object:
    """Give a copy of a value that shares nothing with it."""
    return copy.deepcopy(value)


@pytest.mark.parametrize("into", [Team, Any, dict[str, list[Person]], dict[str, Any]])
def test_value_that_was_given_never_changes(into: object) -> None:
    growing: GrowingValue[object] = GrowingValue(into)
    given = []
    for piece in _pieces(TEAM.model_dump_json(), 3):
        growing.feed(piece)
        given.append((growing.value, _deep(growing.value)))
    assert all(value == copied for value, copied in given)


def test_scalar_is_no_item_before_something_shows_that_it_is_over() -> None:
    growing: GrowingValue[list[str]] = GrowingValue(list[str])
    assert [*growing.feed('["one", "The ')] == ["one"]
    assert [*growing.feed('"')] == []
    assert growing.value == ["one", "The "]
    assert [*growing.feed(', "x"]')] == ["The ", "x"]


def test_item_that_is_invalid_is_left_out_and_shifts_no_other() -> None:
    growing: GrowingValue[list[int]] = GrowingValue(list[int])
    items = [item for piece in _pieces('[1, "two", 3, 4, {"a": 5, "b": 6}, 7', 1) for item in growing.feed(piece)]
    assert items == [1, 3, 4]
    assert growing.value == [1, 3, 4]


def test_what_has_closed_is_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: Counter[int] = Counter()
    take = Closed.take

    def counted(self: Closed, node: Node) -> object:
        taken[node.start] += 1
        return take(self, node)

    monkeypatch.setattr(Closed, "take", counted)
    team = Team(members=[Person(full_name=f"P{at}", age=at, tags=["a", "b"]) for at in range(100)])
    growing: GrowingValue[Team] = GrowingValue(Team)
    for piece in _pieces(team.model_dump_json(), 5):
        growing.feed(piece)
        assert growing.value is None or isinstance(growing.value, Team)
    assert growing.value == team
    assert set(taken.values()) == {1}


def test_nothing_is_read_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the text was read")

    growing: GrowingValue[Team] = GrowingValue(Team)
    with monkeypatch.context() as patched:
        patched.setattr("patterns.output.partial.Growing.feed", never)
        for piece in _pieces(TEAM.model_dump_json(), 5):
            assert growing.feed(piece) == ()
        assert growing.finish().output == TEAM
    assert growing.value == TEAM


class Stamped(BaseModel):
    name: str
    marks: list[int] = []
    slug: str = Field(default_factory=lambda data: data["name"].lower())
    mood: Mood = "neutral"
    _hidden: int = PrivateAttr(default=7)


class Open(BaseModel, extra="allow"):
    name: str
    size: int = 3


def test_defaults_of_an_unfinished_object_are_its_own() -> None:
    first, second = (read('{"name": "A', Stamped, partial=True) for _ in range(2))
    assert (first.name, first.slug, first.mood, first._hidden) == ("A", "a", "neutral", 7)
    first.marks.append(1)
    assert second.marks == []
    assert read('{"marks": [1', Stamped, partial=True).slug is None
    opened = read('{"name": "A', Open, partial=True)
    assert (opened, opened.model_extra) == (Open(name="A"), {})
    assert first.model_fields_set == {"name"}
    assert next(iter(read('{"mood": "positive", "name": "A', Stamped, partial=True).__dict__)) == "name"


class Shouted(BaseModel):
    words: dict[str, Annotated[str, AfterValidator(str.upper)]]


def test_closed_member_is_checked_by_its_own_type() -> None:
    growing: GrowingValue[Shouted] = GrowingValue(Shouted)
    growing.feed('{"words": {"a": "x"}')
    assert growing.value == Shouted(words={"a": "x"})
    assert growing.value is not None
    assert growing.value.words == {"a": "X"}


class Deleted(BaseModel):
    name: str
    successor: None


def test_field_that_is_always_null_grows_too() -> None:
    assert read('{"name": "A', Deleted, partial=True).name == "A"
    assert read('{"successor": null, "name": "A', Deleted, partial=True).model_fields_set == {"name", "successor"}
    assert read('{"successor": 5, "name": "A', Deleted, partial=True).successor is None
