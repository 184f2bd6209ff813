"""What bends and what does not, when an answer is aligned with a type: cases by class."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

import pytest

from patterns.errors import Invalid, OutputError, Truncated, Unreadable
from patterns.output.read import examine
from tests.output.wanted import (
    Address,
    Cat,
    Circle,
    Color,
    Dog,
    Given,
    Invoice,
    Level,
    Mood,
    Person,
    Pet,
    Point,
    Range,
    Row,
    Scored,
    Series,
    Square,
    Status,
    Team,
    Tree,
)

AL = Person(full_name="Al", age=4)
BEA = Person(full_name="Bea", age=5)

KEYS = [
    ('{"fullName": "Al", "Age": 4}', Person, AL),
    ('{"full name": "Al", "AGE": 4}', Person, AL),
    ('{"Full-Name": "Al", "age": 4, "e-mail": "a@b"}', Person, Person(full_name="Al", age=4, email="a@b")),
    ('{"ful_name": "Al", "agge": 4}', Person, AL),
    ('{"full_nmae": "Al", "age": 4}', Person, AL),
    ('{"full_name": "Al", "age": 4, "shoe": 43}', Person, AL),
    ('{"given_name": "Al"}', Given, Given(given_name="Al")),
    ('{"forename": "Al"}', Given, Given(given_name="Al")),
    ('{"givenName": "Al"}', Given, Given(given_name="Al")),
    ('{"age": 3, "age": 4, "full_name": "Al"}', Person, AL),
    ('{"full_name": "Al", "Age (years)": 4}', Person, AL),
]

WRAPPING = [
    ('{"person": {"full_name": "Al", "age": 4}}', Person, AL),
    ('[{"full_name": "Al", "age": 4}]', Person, AL),
    ('{"full_name": "Al", "age": 4}', list[Person], [AL]),
    ('{"people": [{"full_name": "Al", "age": 4}]}', list[Person], [AL]),
    ('[{"full_name": "Al", "age": 4}]', Team, Team(members=[AL])),
    ('{"full_name": "Al", "age": 4}', Team, Team(members=[AL])),
    ('{"name": "final_result", "arguments": {"full_name": "Al", "age": 4}}', Person, AL),
    ('{"name": "answer", "arguments": "{\\"full_name\\": \\"Al\\", \\"age\\": 4}"}', Person, AL),
    ('"{\\"full_name\\": \\"Al\\", \\"age\\": 4}"', Person, AL),
    ('{"properties": {"full_name": "Al", "age": 4}}', Person, AL),
    ('{"full_name": ["Al"], "age": [4]}', Person, AL),
    ('{"full_name": "Al", "age": 4, "tags": "x"}', Person, Person(full_name="Al", age=4, tags=["x"])),
    ('{"full_name": "Al", "age": 4, "tags": "[\\"x\\"]"}', Person, Person(full_name="Al", age=4, tags=["x"])),
    ('{"full_name": "Al", "age": 4} {"full_name": "Bea", "age": 5}', list[Person], [AL, BEA]),
    ('first {"full_name": "Al", "age": 4} then {"full_name": "Bea", "age": 5}', list[Person], [AL, BEA]),
    ('{"value": 42}', int, 42),
    ('{"answer": "42"}', int, 42),
    ("[42]", int, 42),
    ("42", list[int], [42]),
    ('{"value": "hi"}', str, "hi"),
    ('[{"key": "a", "value": 1}, {"key": "b", "value": 2}]', dict[str, int], {"a": 1, "b": 2}),
    ('{"result": {"a": 1}}', dict[str, int], {"a": 1}),
    ('[{"a": "1"}]', dict[str, int], {"a": 1}),
    ("full_name: Al\nage: 4", Person, AL),
    ("**Full name:** Al\n**Age:** 4 years", Person, AL),
]

NUMBERS = [
    ('"42"', int, 42),
    ('"42 years"', int, 42),
    ("42 years", int, 42),
    ("about 1,200 people", int, 1200),
    ("$1,200.50", float, 1200.5),
    ("EUR 40", float, 40.0),
    ("40 €", float, 40.0),
    ("-$3.50", float, -3.5),
    ("12 %", float, 12.0),
    ("1/5", float, 0.2),
    ("1 234 567", int, 1234567),
    ("2.5 million", float, 2_500_000.0),
    ("3k", int, 3000),
    ("1e3", float, 1000.0),
    ("4.0", int, 4),
    ("The answer is 42, out of 100.", int, 42),
    ("3 + 4 = 7, so the answer is 7.", int, 7),
    ('{"score": "90%", "label": "positive"}', Scored, Scored(score=0.9, label="positive")),
    ('"$12.50"', Decimal, Decimal("12.50")),
    ("12.10", Decimal, Decimal("12.10")),
]

FLAGS = [
    ("yes", bool, True),
    ("No.", bool, False),
    ('"TRUE"', bool, True),
    ("1", bool, True),
    ("Yes, it is.", bool, True),
    ("The answer is: false", bool, False),
    ('{"number": "7", "total": 1.0, "paid": "yes"}', Invoice, Invoice(number="7", total=1.0, paid=True)),
]

CHOICES = [
    ("POSITIVE", Mood, "positive"),
    ("Positive.", Mood, "positive"),
    ("**positive**", Mood, "positive"),
    ("The sentiment is clearly positive.", Mood, "positive"),
    ("positiv", Mood, "positive"),
    ("Answer: negative, since it broke.", Mood, "negative"),
    ("positive\n\nThe text praises the product, though one line is negative.", Mood, "positive"),
    ("inactive", Status, "inactive"),
    ("red", Color, Color.RED),
    ("#0f0", Color, Color.GREEN),
    ("dark blue", Color, Color.DARK_BLUE),
    ('{"color": "Dark-Blue"}', Color, Color.DARK_BLUE),
    ("HIGH", Level, Level.HIGH),
    ("2", Level, Level.HIGH),
    ("High (2)", Level, Level.HIGH),
    ('["red", "#0f0"]', list[Color], [Color.RED, Color.GREEN]),
    ('"1"', Literal[1, 2], 1),
]

DATES = [
    ("2 May 2024", date, date(2024, 5, 2)),
    ("May 2nd, 2024", date, date(2024, 5, 2)),
    ("02.05.2024", date, date(2024, 5, 2)),
    ("31/12/2024", date, date(2024, 12, 31)),
    ("12/31/2024", date, date(2024, 12, 31)),
    ("It is due on 2024-05-02.", date, date(2024, 5, 2)),
    ('"2024/5/2"', date, date(2024, 5, 2)),
    ("10:30 AM", time, time(10, 30)),
    ("May 2, 2024 at 10:30 pm", datetime, datetime(2024, 5, 2, 22, 30)),
    (
        '{"number": 7, "total": "3", "due": "2 May 2024"}',
        Invoice,
        Invoice(number="7", total=3.0, due=date(2024, 5, 2)),
    ),
]

LISTED: list[tuple[str, Any, object]] = [
    ("The answer is (C), since A and B are wrong.", Literal["A", "B", "C"], "C"),
    ("- red\n- green", list[str], ["red", "green"]),
    ("Here they are:\n\n1. a b\n2. c d\n", list[str], ["a b", "c d"]),
    ("1. red\n2. dark blue", list[Color], [Color.RED, Color.DARK_BLUE]),
    ("red, green and dark blue", list[Color], [Color.RED, Color.GREEN, Color.DARK_BLUE]),
    ("1, 2, 3", list[int], [1, 2, 3]),
    ("(1, 2)", tuple[int, int], (1, 2)),
    ('```json\n"positive"\n```', Mood, "positive"),
    ("```\n42\n```", int, 42),
    (
        '{"full_name": "Al", "age": 4, "tags": "1. a b\\n2. c d"}',
        Person,
        Person(full_name="Al", age=4, tags=["a b", "c d"]),
    ),
    ('{"full_name": "Al", "age": 4, "tags": "- a"}', Person, Person(full_name="Al", age=4, tags=["- a"])),
]

UNIONS: list[tuple[str, Any, object]] = [
    ('{"kind": "cat", "lives": "9"}', Pet, Cat(kind="cat", lives=9)),
    ('{"Kind": "Dog"}', Pet, Dog(kind="dog")),
    ('{"lives": 9}', Pet, Cat(kind="cat", lives=9)),
    ('{"radius": "2"}', Circle | Square, Circle(radius=2.0)),
    ('{"Side": 2}', Circle | Square, Square(side=2.0)),
    ('[{"side": 2}, {"radius": 1}]', list[Circle | Square], [Square(side=2.0), Circle(radius=1.0)]),
    ("1 cup of butter", float | str, "1 cup of butter"),
    ('"7"', int | str, "7"),
    ("null", int | None, None),
    ("N/A", int | None, None),
    ("fallback", int | str | None, "fallback"),
]

OTHERS: list[tuple[str, Any, object]] = [
    ('{"name": "a", "Children": [{"name": "b"}]}', Tree, Tree(name="a", children=[Tree(name="b")])),
    ('["1", 2]', tuple[int, str], (1, "2")),
    ('["1", "2", "2"]', set[int], {1, 2}),
    ('{"1": "2"}', dict[int, int], {1: 2}),
    ('{"lat": "1", "lon": 2,}', Point, Point(1.0, 2.0)),
    ("[1, '2']", Point, Point(1.0, 2.0)),
    ('{"a": "1", "b": 2}', Row, {"a": 1, "b": "2"}),
    ('{"name": "x", "values": ["1", "2.5"]}', Series, Series("x", [1.0, 2.5])),
    ('{"full_name": "Al", "age": 4, "tags": null}', Person, AL),
    ('{"full_name": "Al", "age": 4, "address": "N/A"}', Person, AL),
    ('{"full_name": "Al", "age": 4, "address": {}}', Person, AL),
]

ALL = {
    f"{group}: {text[:60]}": (text, into, wanted)
    for group, cases in {
        "key": KEYS, "wrapping": WRAPPING, "number": NUMBERS, "flag": FLAGS,
        "choice": CHOICES, "date": DATES, "listed": LISTED, "union": UNIONS, "other": OTHERS,
    }.items()
    for text, into, wanted in cases
}  # fmt: skip

REFUSED: list[tuple[str, Any, type[OutputError]]] = [
    # missing and unfit
    ('{"full_name": "Al"}', Person, Invalid),
    ('{"full_name": "Al", "age": "unknown"}', Person, Invalid),
    ('{"full_name": "Al", "age": null}', Person, Invalid),
    ('{"full_name": "Al", "age": 4.5}', Person, Invalid),
    ('{"full_name": "Al", "age": true}', Person, Invalid),
    ('{"full_name": "Al", "age": , }', Person, OutputError),
    ('{"full_name": "Al", "age": 4, "address": "12 Main St"}', Person, Invalid),
    ('[{"full_name": "Al", "age": 4}, {"full_name": "Bea"}]', list[Person], Invalid),
    ('{"score": 90, "label": "positive"}', Scored, Invalid),
    ("[1, 2, 3]", tuple[int, str], Invalid),
    # another word, not a misspelling
    ('{"min_value": 1, "mix_value": 2}', Range, Invalid),
    ('{"min_value": 1}', Range, Invalid),
    ("inactive", Literal["active", "pending"], OutputError),
    ("option 3", Literal["option1", "option2"], OutputError),
    # undecided
    ("positive or negative", Mood, Unreadable),
    ("not positive", Mood, Unreadable),
    ("It is neither positive nor negative.", Mood, Unreadable),
    ("true or false", bool, Unreadable),
    ("2 or 3", int, Unreadable),
    ("5-7 days", int, Unreadable),
    ("3.5", int, OutputError),
    ("1.234,56", float, OutputError),
    ("03/04/2024", date, OutputError),
    ("[42, 43]", int, Invalid),
    ('{"a": 1, "b": 2}', int, OutputError),
    ('{"full_name": "Al", "age": 4} or {"full_name": "Bea", "age": 5}', Person, Invalid),
    # nothing made of mere text
    ("red, green", list[str], OutputError),
    ("Al", Person, Unreadable),
    ('"not json"', Person, OutputError),
    ('{"full_name": "Al", "age": 4, "tags": {"1": "a", "2": "b"}}', Person, Invalid),
    # cut off
    ('{"full_name": "Al", "ag', Person, Truncated),
    ('{"full_name": "Al"', Person, Truncated),
    ('{"full_name": "Al", "age":', Person, Truncated),
    ('{"kind": "ca', Pet, Truncated),
    ("", Person, Unreadable),
    ("   ", int, Unreadable),
]


@pytest.mark.parametrize("case", ALL)
def test_answer_reads_as_the_value_it_means(case: str) -> None:
    text, into, wanted = ALL[case]
    assert examine(text, into).output == wanted


@pytest.mark.parametrize("case", ALL)
def test_every_bend_is_on_record(case: str) -> None:
    text, into, _ = ALL[case]
    reading = examine(text, into)
    assert reading.repairs or _as_written(text, into), "a bend without a repair"
    assert all(mend.path.startswith("$") and mend.cost >= 0 for mend in reading.repairs)


def _as_written(text: str, into: object) -> bool:
    """Tell an answer that is taken as it stands: strict JSON, or the very word that is wanted."""
    if " " not in text or into == float | str:
        return True
    try:
        examine(text, into, repair="none")
    except OutputError:
        return False
    return True


@pytest.mark.parametrize(("text", "into", "error"), REFUSED)
def test_what_cannot_be_told_is_refused(text: str, into: object, error: type[OutputError]) -> None:
    with pytest.raises(error):
        examine(text, into)


def test_repair_names_the_place_and_both_sides() -> None:
    text = '{"full_name": "Al", "age": "42 years", "address": {"Street": "S", "city": "C"}}'
    reading = examine(text, Person)
    assert reading.output.address == Address(street="S", city="C")
    mends = {(mend.kind, mend.path): mend for mend in reading.repairs}
    number = mends["number", "$.age"]
    assert number.span is not None
    assert (number.before, number.after, text[slice(*number.span)]) == ("42 years", "42", '"42 years"')
    assert mends["key", "$.address.street"].before == "Street"


def test_problem_of_a_list_item_names_the_item() -> None:
    with pytest.raises(Invalid) as caught:
        examine('[{"full_name": "Al", "age": 4}, {"full_name": "Bea", "age": "old"}]', list[Person])
    assert caught.value.errors[0].path == "$[1].age"


def test_offer_of_two_values_names_both() -> None:
    with pytest.raises(Invalid) as caught:
        examine('{"full_name": "Al", "age": 4} or {"full_name": "Bea", "age": 5}', Person)
    assert len(caught.value.errors) == 2


def test_later_value_wins_where_it_is_a_correction() -> None:
    text = 'Draft: {"full_name": "Al", "age": 4}\nCorrected: {"full_name": "Bea", "age": 5}'
    reading = examine(text, Person)
    assert reading.output == BEA
    assert reading.repairs[-1].kind == "several"


def test_two_values_without_a_word_between_them_are_an_error_that_names_both() -> None:
    with pytest.raises(Invalid, match="two values") as caught:
        examine('{"full_name": "Al", "age": 4} {"full_name": "Bea", "age": 5}', Person)
    assert ["Al" in caught.value.errors[0].message, "Bea" in caught.value.errors[1].message] == [True, True]


def test_long_values_are_told_apart_by_the_places_where_they_differ() -> None:
    one = '{"full_name": "Al", "age": 4, "tags": ["first", "second", "third", "fourth", "fifth"]}'
    with pytest.raises(Invalid) as caught:
        examine(f"{one}\n{one.replace('third', '3rd')}", Person)
    assert [(error.path, error.message) for error in caught.value.errors][2:] == [
        ("$.tags[2]", "could be 'third' or '3rd'")
    ]
