"""Answers in other notations than JSON give the value that a person reads in them, with an account of it."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from patterns.errors import Invalid, OutputError, Truncated
from patterns.output.read import examine, read
from tests.output.answers import A2, ALIEN, ALL, Car, Color, Item, Movie, Order, Repo
from tests.output.more_answers import ALL as MORE
from tests.output.more_answers import Profile

ANSWERS = {
    f"{group}: {name}": case for kinds in (ALL, MORE) for group, cases in kinds.items() for name, case in cases.items()
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_gives_the_value_that_a_person_reads(answer: str) -> None:
    text, into, wanted = ANSWERS[answer]
    reading = examine(text, into)
    assert (type(reading.output), reading.output, reading.complete) == (type(wanted), wanted, True)


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_mend_stands_within_the_text(answer: str) -> None:
    text, into, _ = ANSWERS[answer]
    for mend in examine(text, into).repairs:
        start, end = mend.span or (0, 0)
        assert 0 <= start <= end <= len(text)
        assert mend.cost >= 0


NAMED = {
    "python": "Movie(title='Alien', year=1979, director='Ridley Scott')",
    "markup": "<movie><title>Alien</title><year>1979</year><director>Ridley Scott</director></movie>",
    "toml": "```toml\ntitle = 'Alien'\nyear = 1979\ndirector = 'Ridley Scott'\n```",
    "headings": "## Title\nAlien\n## Year\n1979\n## Director\nRidley Scott",
}


@pytest.mark.parametrize("notation", NAMED)
def test_account_names_the_notation(notation: str) -> None:
    mends = {mend.kind: mend for mend in examine(NAMED[notation], Movie).repairs}
    assert mends[notation].cost > 0
    assert mends[notation].span is not None


def test_account_says_where_a_bent_value_stands() -> None:
    text = "Here: <movie><title>Alien</title><year>in 1979</year><director>Ridley Scott</director></movie>"
    number = next(mend for mend in examine(text, Movie).repairs if mend.kind == "number")
    assert number.span is not None
    assert (number.path, text[slice(*number.span)]) == ("$.year", "in 1979")


CUT = {
    "xml": "<order><id>A</id><items><item><name>x</name><qty>2</qty></item><item><na",
    "python": "Order(id='A', items=[Item(name='x', qty=2), Item(name='y",
    "python field": "Movie(title='Alien', year=1979, director='Rid",
    "toml text": '```toml\ntitle = "Alien"\nyear = 1979\ndirector = """\nRid',
}


@pytest.mark.parametrize("case", CUT)
def test_cut_answer_is_never_given_out_as_a_whole(case: str) -> None:
    into: Any = Order if case in ("xml", "python") else Movie
    with contextlib.suppress(Truncated):
        assert not examine(CUT[case], into).complete


def test_html_inside_json_stays_text() -> None:
    text = "Here: {'id': 'A', 'items': [], 'note': '<id>B</id><items></items>'}"
    assert read(text, Order) == Order(id="A", items=[])


def test_names_decide_among_elements_in_prose() -> None:
    with pytest.raises(OutputError):
        read("Use the <b>bold</b> tag, a <title> tag, or <foo>bar</foo>.", Movie)


def test_inner_object_is_not_taken_for_the_whole() -> None:
    """A member that looks like the type loses against the lines that it is a member of."""
    text = "name: demo\nowner: {name: Ann, age: 3}\ntags: [x]"
    assert read(text, Repo).name == "demo"


def test_calls_on_several_lines_are_a_list() -> None:
    assert read("Item(name='x', qty=2)\nItem(name='y', qty=1)", list[Item]) == A2.items


def test_two_calls_that_differ_are_not_chosen_between() -> None:
    one = NAMED["python"]
    with pytest.raises(Invalid, match="two values"):
        read(f"{one}\n{one.replace('1979', '1986')}", Movie)
    assert read(f"For example {one.replace('1979', '1986')}\n{one}", Movie) == ALIEN


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("```json\n{'model': 'T', 'color': 'red', 'price': 1.10}\n```", "1.10"),
        ("{model: T, color: red, price: 12345678901234567890.12}", "12345678901234567890.12"),
        ("model: T\ncolor: red\nprice: $12,345,678,901,234,567.80", "12345678901234567.80"),
        ('{"model": "T", "color": "red", "price": "1.5 million"}', "1500000"),
        ("{'model': 'T', 'color': 'red', 'price': 1e3}", "1000"),
    ],
)
def test_decimal_keeps_its_digits(text: str, price: str) -> None:
    car = read(text, Car)
    assert car == Car(model="T", color=Color.RED, price=Decimal(price))
    assert str(car.price) == price or "e" in text or "million" in text


class Amount(BaseModel):
    amount: float


class Quote(BaseModel):
    price: Decimal
    weight: float
    share: Decimal | None = None


@pytest.mark.parametrize("repair", ["none", "syntax", "align"])
def test_decimal_keeps_its_digits_in_sound_json_too(repair: Any) -> None:
    car = read('{"model": "1.50", "color": "red", "price": 12345678901234567890.10}', Car, repair=repair)
    assert (str(car.price), car.model) == ("12345678901234567890.10", "1.50")


@pytest.mark.parametrize("frame", ["{}", "Here: {} is it.", "```json\n{}\n```"])
def test_decimal_keeps_its_digits_beside_a_float(frame: str) -> None:
    reading = examine(frame.format('{"price": 0.10, "weight": 1.50, "share": 33.333333333333333333}'), Quote)
    quote = reading.output
    assert (str(quote.price), quote.weight, str(quote.share)) == ("0.10", 1.5, "33.333333333333333333")
    assert all(mend.kind == "found" for mend in reading.repairs)


def test_a_name_with_a_comma_is_no_list() -> None:
    text = "<profile><user_name>mara</user_name><skills>Smith, John</skills></profile>"
    assert read(text, Profile).skills == ["Smith, John"]


@pytest.mark.parametrize(
    ("text", "into"), [("Total: 3,14", float), ('{"amount": "1.234,50"}', Amount), ("3,14", float)]
)
def test_number_in_another_spelling_is_refused_with_the_spelling_that_is_read(text: str, into: Any) -> None:
    with pytest.raises(OutputError) as caught:
        read(text, into)
    assert "1234.5" in f"{caught.value} {caught.value.hint}"


def test_attribute_beside_a_text_is_dropped_on_record() -> None:
    text = "<movie><title lang='en'>Alien</title><year>1979</year><director>Ridley Scott</director></movie>"
    reading = examine(text, Movie)
    assert reading.output == ALIEN
    assert [mend.before for mend in reading.repairs if mend.kind == "attributes"] == ["lang='en'"]


def test_key_without_a_value_inside_a_list_is_no_member() -> None:
    with contextlib.suppress(OutputError):
        read("**Score:*## H\n* 4\n\n**Pros:**\n- bright\n-<think> ch\\eap\n\n**Cons:**\n- hot", list[str])
