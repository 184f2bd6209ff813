"""The front of the reader: limits, leniency, formats, and that nothing but our own errors comes out."""

from __future__ import annotations

import json
import random
import string
import warnings
from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from patterns.errors import InputError, Invalid, OutputError, Truncated, Unreadable
from patterns.output.read import CutOff, examine, read
from tests.output.wanted import Color, Invoice, Mood, Person, Pet, Point, Scored, Tree

AL = Person(full_name="Al", age=4)


def test_strict_json_costs_no_repair() -> None:
    reading = examine('{"full_name": "Al", "age": 4}', Person)
    assert (reading.output, reading.repairs, reading.complete) == (AL, (), True)


def test_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Unreadable, match="more than the 10"):
        read("[1, 2, 3, 4, 5]", list[int], limit=10)


def test_leniency_none_takes_strict_json_only() -> None:
    assert read('{"full_name": "Al", "age": 4}', Person, repair="none") == AL
    with pytest.raises(Invalid):
        read('```json\n{"full_name": "Al", "age": 4}\n```', Person, repair="none")


def test_leniency_syntax_mends_syntax_and_bends_no_type() -> None:
    assert read("{'full_name': 'Al', 'age': 4,}", Person, repair="syntax") == AL
    with pytest.raises(OutputError):
        read('{"full_name": "Al", "age": "4"}', Person, repair="syntax")


def test_leniency_syntax_drops_nothing_and_says_where_the_value_was() -> None:
    with pytest.raises(Invalid, match="not a known name"):
        read('{"full_name": "Al", "age": 4, "height": 2}', Person, repair="syntax")
    reading = examine("full_name: Al\nage: 4", Person, repair="syntax")
    assert (reading.output, [mend.kind for mend in reading.repairs]) == (AL, ["found"])


def test_leniency_syntax_chooses_between_two_values_as_openly_as_any() -> None:
    one, other = '{"full_name": "Al", "age": 4}', '{"full_name": "Bo", "age": 5}'
    assert "several" in [mend.kind for mend in examine(f"{one}\nFinal: {other}", Person, repair="syntax").repairs]
    for between in (" or ", "\n"):
        with pytest.raises(Invalid, match="two values"):
            read(f"{one}{between}{other}", Person, repair="syntax")


def test_unknown_word_or_kind_of_text_is_an_input_error() -> None:
    with pytest.raises(InputError):
        read("x", str, format="yaml")  # type: ignore[call-overload]
    with pytest.raises(InputError):
        read("{}", dict, repair="all")  # type: ignore[call-overload]
    with pytest.raises(InputError):
        read(b"{}", dict)  # type: ignore[call-overload]


def test_untyped_value_says_where_it_was() -> None:
    assert [mend.kind for mend in examine("Sure: {'a': 1}").repairs][:1] == ["found"]


def test_stated_answer_reads_into_a_map() -> None:
    assert read('The answer: {"a": 1}', dict[str, int], format="answer") == {"a": 1}


@pytest.mark.parametrize("last", ['{"full_name": "Cy", "a', '{"full_name": "Cy"', '{"full_name', "{"])
def test_item_that_was_cut_off_is_not_lost_in_silence(last: str) -> None:
    for rows in ([AL], [AL, AL]):
        reading = examine("\n".join([*(row.model_dump_json() for row in rows), last]), list[Person])
        assert (reading.output, reading.complete) == (rows, False)
        assert any(mend.kind == "cut" for mend in reading.repairs)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_broken_item_among_several_is_an_error(at: int) -> None:
    rows = [AL.model_dump_json()] * 2
    rows.insert(at, '{"full_name": "Bo", "age": "old"}')
    with pytest.raises(Invalid, match="old"):
        read("\n".join(f"{number}. {row}" for number, row in enumerate(rows, 1)), list[Person])


class Team(BaseModel):
    members: list[Person]


@pytest.mark.parametrize("frame", ["{}", '{{"members": {}}}', '{{"team": {{"members": {}}}}}', '{{"result": {}}}'])
@pytest.mark.parametrize("broken", ['{"full_name": "Bo", "age": "old"}', '{"name": "Bo"}', '"Bo"'])
def test_broken_item_is_not_dropped_to_make_the_list_fit(frame: str, broken: str) -> None:
    with pytest.raises(Invalid):
        read(frame.format(f"[{AL.model_dump_json()}, {broken}]"), Team)


def test_broken_record_beside_a_sound_one_is_an_error() -> None:
    sound, broken = AL.model_dump_json(), '{"full_name": "Bo", "age": "old"}'
    for text in (f"[{sound}, {broken}]", f'{{"a": {sound}, "b": {broken}}}'):
        with pytest.raises(Invalid):
            read(text, Person)
    assert read(f'{{"meta": {{"x": 1}}, "person": {sound}}}', Person) == AL


def test_dropping_other_values_for_one_is_a_guess_to_be_seen() -> None:
    assert max(mend.cost for mend in examine('["red", "puce"]', Literal["red", "blue"]).repairs) >= 10


@pytest.mark.parametrize(
    "close", ["Let me know if you want more!", "Would you like me to add prices?", "Hope this helps!"]
)
def test_politeness_after_a_list_is_no_refusal(close: str) -> None:
    assert read(f"Here are two fruits:\n\n1. Apple\n2. Pear\n\n{close}", list[str]) == ["Apple", "Pear"]
    assert read(f"Al: 5\nBo: 7\n\n{close}", dict[str, int]) == {"Al": 5, "Bo": 7}
    with pytest.raises(OutputError):
        read(f"To go on, I need:\n- your name\n- your age\n\n{close}", list[str])


@pytest.mark.parametrize(
    "frame",
    [
        "Input: {}\nOutput: {}",
        "Given {}, the result is:\n```json\n{}\n```",
        "{} -> {}",
        "From {} we get the answer: {}",
    ],
)
def test_result_is_preferred_to_what_it_was_made_of(frame: str) -> None:
    other = Person(full_name="Bo", age=5)
    assert read(frame.format(other.model_dump_json(), AL.model_dump_json()), Person) == AL


def test_example_before_the_items_is_none_of_them() -> None:
    text = f'In the format {{"full_name": "...", "age": "int"}}:\n{AL.model_dump_json()}\n{AL.model_dump_json()}'
    assert read(text, list[Person]) == [AL, AL]


def test_formats_read_code_text_and_answers() -> None:
    assert read("Here:\n```python\nx = 1\n```\nDone.", str, format="code") == "x = 1"
    assert read("So 3 + 4 = 7. The answer is 7.", int, format="answer") == 7
    assert read("Long thoughts. The answer is (B).", Literal["A", "B"], format="answer") == "B"
    assert read("<think>hm</think>Hello", str, format="text") == "Hello"


def test_untyped_text_gives_plain_values() -> None:
    assert read("Here it is: {'a': [1, 2,]}") == {"a": [1, 2]}
    with pytest.raises(Unreadable):
        read("There is nothing to see here.")


def test_cut_text_is_never_passed_off_as_complete() -> None:
    for text in ('{"full_name": "Al", "age": 4, "email": "a@b', '{"full_name": "Al", "age": 4', '["a", "b'):
        into: Any = list[str] if text[0] == "[" else Person
        assert not examine(text, into).complete
        assert examine(text, into).repairs
        with pytest.warns(CutOff):
            read(text, into)


def test_model_of_defaults_takes_nothing_from_an_object_about_something_else() -> None:
    class Settings(BaseModel):
        theme: str = "light"

    assert read("{}", Settings) == Settings()
    assert read('{"Theme": "dark"}', Settings) == Settings(theme="dark")
    with pytest.raises(Invalid):
        read('{"error": "rate limited"}', Settings)


def test_error_carries_the_text_it_is_about() -> None:
    with pytest.raises(OutputError) as caught:
        read("no answer here", Person)
    assert caught.value.raw_text == "no answer here"


def test_partial_leaves_unfinished_scalars_out() -> None:
    class Draft(BaseModel):
        name: str | None = None
        age: int | None = None
        tags: list[str] = []
        mood: Mood | None = None

    assert read('{"name": "A', Draft, partial=True) == Draft(name="A")
    assert read('{"name": "A", "age": 4', Draft, partial=True) == Draft(name="A")
    assert read('{"age": 42, "tags": ["x", "y', Draft, partial=True) == Draft(age=42, tags=["x", "y"])
    assert read('{"age": 42, "mood": "pos', Draft, partial=True) == Draft(age=42)


floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | floats | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
people = st.builds(
    Person, full_name=st.text(max_size=12), age=st.integers(-9, 120), email=st.none() | st.text(max_size=8),
    tags=st.lists(st.text(max_size=6), max_size=3),
)  # fmt: skip
trees = st.recursive(
    st.builds(Tree, name=st.text(max_size=5)),
    lambda inner: st.builds(Tree, name=st.text(max_size=5), children=st.lists(inner, max_size=3)),
    max_leaves=6,
)
calm = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@calm
@given(values)
def test_any_json_value_reads_as_itself(value: object) -> None:
    assert read(json.dumps(value)) == value
    assert read(json.dumps(value, ensure_ascii=False, indent=2)) == value


@calm
@given(people)
def test_any_model_reads_as_itself(person: Person) -> None:
    assert read(person.model_dump_json(), Person) == person
    assert read(f"```json\n{person.model_dump_json(indent=2)}\n```", Person) == person
    assert read(json.dumps([person.model_dump()]), list[Person]) == [person]


@calm
@given(trees)
def test_any_recursive_model_reads_as_itself(tree: Tree) -> None:
    assert read(tree.model_dump_json(), Tree) == tree
    assert read(f"Here it is:\n{tree.model_dump_json()}", Tree) == tree


TYPED: list[tuple[Any, Any]] = [
    (list[int], st.lists(st.integers(-99, 99))),
    (dict[str, int], st.dictionaries(st.text(max_size=4), st.integers(0, 9))),
    (set[int], st.sets(st.integers(0, 9))),
    (tuple[int, str], st.tuples(st.integers(0, 9), st.text(max_size=4))),
    (Color, st.sampled_from(Color)),
    (date, st.dates()),
    (int | None, st.none() | st.integers()),
    (float, floats),
    (bool, st.booleans()),
    (str, st.text()),
]


@pytest.mark.parametrize(("into", "strategy"), TYPED, ids=[str(into) for into, _ in TYPED])
def test_any_value_of_a_type_reads_as_itself(into: Any, strategy: st.SearchStrategy[Any]) -> None:
    from pydantic import TypeAdapter

    adapter = TypeAdapter(into)

    @calm
    @given(strategy)
    def check(value: object) -> None:
        assert read(adapter.dump_json(value).decode(), into) == value

    check()


ANSWER = json.dumps(
    {"full_name": 'Ada "the" Lovelace', "age": 36, "email": "ada@math.uk", "tags": ["poet, of numbers", "b"]},
    indent=1,
)
WHOLE = Person.model_validate_json(ANSWER)


@settings(deadline=None, max_examples=300)
@given(
    st.integers(0, len(ANSWER) - 1),
    st.sampled_from(["drop", "double", "change", "cut", "insert"]),
    st.sampled_from("{}[]\",:'\\ a1\n"),
)
@example(len(ANSWER) - 1, "cut", " ")
def test_damage_reads_the_same_is_flagged_or_refused(at: int, how: str, letter: str) -> None:
    damaged = {
        "drop": ANSWER[:at] + ANSWER[at + 1 :],
        "double": ANSWER[: at + 1] + ANSWER[at:],
        "change": ANSWER[:at] + letter + ANSWER[at + 1 :],
        "cut": ANSWER[:at],
        "insert": ANSWER[:at] + letter + ANSWER[at:],
    }[how]
    try:
        Person.model_validate_json(damaged, extra="forbid", strict=True)
        return  # still sound: nobody can tell
    except ValueError:
        pass
    try:
        reading = examine(damaged, Person)
    except OutputError:
        return
    assert reading.output == WHOLE or reading.repairs or not reading.complete


HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": "{" * 50_000,
    "nested keys": '{"a":' * 20_000,
    "quotes": '"' * 200_000,
    "alternating quotes": "\"'" * 50_000,
    "backslashes": "\\" * 200_000,
    "digits": "9" * 100_000,
    "number in object": '{"full_name": "x", "age": ' + "9" * 100_000 + "}",
    "fences": "```json\n{}\n```\n" * 2_000,
    "objects": '{"full_name": "x", "age": 1}\n' * 3_000,
    "prose with braces": "look {here} and [there]\n" * 2_000,
    "words": "positive negative " * 20_000,
    "dates": "2024-05-02 " * 20_000,
    "spaces": " " * 300_000 + "x",
    "surrogates": '{"full_name": "\ud800", "age": 1}',
    "nul": "\x00" * 1000 + '{"full_name": "a\x00b", "age": 1}',
    "bom": "\ufeff" + '{"full_name": "a", "age": 1}',
    "many keys": "{" + ", ".join(f'"k{i}": {i}' for i in range(20_000)) + "}",
    "encoded": json.dumps(json.dumps(json.dumps(json.dumps({"full_name": "x", "age": 1})))),
    "deep misfit": '{"children": [{"kind": ' * 40 + "1" + "}]}" * 40,
    "list of lists": "[" + "[1]," * 20_000 + "[1]]",
}
INTO: dict[str, Any] = {
    "model": Person, "list": list[Person], "tree": Tree, "union": Pet, "int": int, "text": str, "enum": Mood,
    "date": date, "map": dict[str, Any], "any": Any, "point": Point, "scored": Scored, "optional": Invoice | None,
}  # fmt: skip


@pytest.mark.parametrize("into", INTO)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_a_value_or_our_error(text: str, into: str) -> None:
    for partial in (False, True) if into in ("model", "any") else (False,):
        try:
            examine(HOSTILE[text], INTO[into], partial=partial)
        except OutputError:
            continue


def test_random_noise_gives_a_value_or_our_error() -> None:
    dice = random.Random(7)
    alphabet = "{}[]\",:'\\`\n -.0123456789" + string.ascii_letters + "äß中\u2028\ud800"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CutOff)
        for _ in range(400):
            noise = "".join(dice.choices(alphabet, k=dice.randrange(60)))
            for into in (Person, list[int], Mood, Any, float, dict[str, str], Pet):
                try:
                    read(noise, into)
                except OutputError:
                    continue


def test_truncated_list_keeps_whole_items_and_says_so() -> None:
    reading = examine('[{"full_name": "Al", "age": 4}, {"full_na', list[Person])
    assert reading.output == [AL]
    assert not reading.complete
    with pytest.raises(Truncated):
        examine('[{"full_na', list[Person])
