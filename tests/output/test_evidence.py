"""Of two readings that differ, the one that something in the text speaks for is taken, and the other named."""

from __future__ import annotations

import pytest

from patterns.errors import Invalid
from patterns.output.read import examine
from tests.output.wanted import Person

AL = '{"full_name": "Al", "age": 4}'
BEA = '{"full_name": "Bea", "age": 5}'
FULL = '{"full_name": "Al", "age": 4, "email": "al@example.org"}'

TOLD = {
    "a correction": (f"{AL}\nActually, it should be {BEA}", "Bea"),
    "an announced result": (f"I was given {AL}, so the result is {BEA}", "Bea"),
    "a result and a note": (f"Answer: {AL}\n\nThe text also names {BEA}.", "Al"),
    "an example first": (f"For example {AL}\n{BEA}", "Bea"),
    "an example last": (f"{AL}\nAnother one, for instance: {BEA}", "Al"),
    "an example named behind it": (f"{AL} (this is just an example)\n{BEA}", "Bea"),
    "a first attempt": (f"{AL} was my first attempt.\n{BEA}", "Bea"),
    "a fence after a mention": (f"I found {AL} in there.\n```json\n{BEA}\n```", "Bea"),
    "a fence before a mention": (f"```json\n{AL}\n```\nNot to be mixed up with {BEA}.", "Al"),
    "a tag after a mention": (f"Between {AL} and more,\n<answer>{BEA}</answer>", "Bea"),
    "a template": (f'{{"full_name": "string", "age": 0}}\n{BEA}', "Bea"),
    "a fuller account": (f"{AL}\n{FULL}", "Al"),
    "a shorter account": (f"{FULL}\n{AL}", "Al"),
    "the same again in capitals": (f"{AL}\n{AL.replace('Al', 'AL')}", "Al"),
    "a correction of a pair": (f"{AL}\n{BEA}\nFinal: {AL.replace('4', '44')}", "Al"),
}
OPEN = {
    "nothing": f"{AL} {BEA}",
    "two lines": f"{AL}\n{BEA}",
    "two fences": f"```json\n{AL}\n```\n```json\n{BEA}\n```",
    "two people": f"Person 1: {AL}\nPerson 2: {BEA}",
    "an alternative": f"{AL}\nAlternatively:\n{BEA}",
    "either": f"It is either {AL} or {BEA}.",
    "two examples": f"Example: {AL}\nExample: {BEA}",
    "a fuller account of another": f"{BEA}\n{FULL}",
    "three": f"{AL}\n{BEA}\n{AL.replace('Al', 'Cy')}",
}


@pytest.mark.parametrize("case", TOLD)
def test_evidence_decides_and_the_other_value_is_named(case: str) -> None:
    text, name = TOLD[case]
    reading = examine(text, Person)
    assert reading.output.full_name == name
    assert [mend.cost for mend in reading.repairs if mend.kind == "several"]


def test_fuller_account_is_the_one_taken() -> None:
    assert {examine(TOLD[case][0], Person).output.email for case in ("a fuller account", "a shorter account")} == {
        "al@example.org"
    }


@pytest.mark.parametrize("case", OPEN)
def test_without_evidence_no_choice_is_made(case: str) -> None:
    with pytest.raises(Invalid, match="two values") as caught:
        examine(OPEN[case], Person)
    assert len(caught.value.errors) >= 2


def test_the_same_value_twice_is_one() -> None:
    assert examine(f"{AL}\n\n```json\n{AL}\n```", Person).output.full_name == "Al"
