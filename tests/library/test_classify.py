from __future__ import annotations

import copy
import pickle
from enum import Enum
from typing import Literal

import pytest

from patterns.errors import InputError, Invalid, OutputError
from patterns.library.classify import Classification, classify
from patterns.testing import FakeModel

LABELS = {"billing": "invoices and refunds", "technical": "something does not work"}
ANSWER = {"label": "billing", "confidence": 0.9}


class Team(Enum):
    MONEY = "billing"
    TECH = "technical"


def test_the_label_is_one_of_those_given() -> None:
    with FakeModel([ANSWER]):
        assert classify("I was charged twice.", LABELS) == Classification(label="billing", confidence=0.9)


def test_an_enum_gives_its_member() -> None:
    with FakeModel([ANSWER]):
        assert classify("I was charged twice.", Team).label is Team.MONEY


def test_a_literal_is_taken() -> None:
    with FakeModel([ANSWER]):
        assert classify("I was charged twice.", Literal["billing", "technical"]).label == "billing"


def test_a_label_that_was_not_given_is_asked_for_again_with_those_that_were() -> None:
    with FakeModel([{"label": "weather", "confidence": 1}, ANSWER]) as model:
        assert classify("I was charged twice.", list(LABELS)).label == "billing"
    complaint = model.requests[1].messages[-1].content
    assert "billing" in complaint
    assert "technical" in complaint


def test_labels_and_their_meanings_are_in_the_prompt_and_in_the_task() -> None:
    with FakeModel([ANSWER]) as model:
        classify("I was charged twice.", LABELS)
    request = model.requests[0]
    assert '- "billing": invoices and refunds\n- "technical": something' in request.messages[-1].content
    assert request.task is not None
    assert request.task.labels == LABELS


async def test_every_verb_takes_the_labels() -> None:
    with FakeModel([ANSWER] * 9) as model:
        assert classify.run("x", LABELS).output.label == "billing"
        assert (await classify.acall("x", LABELS)).label == "billing"
        assert (await classify.arun("x", Team)).output.label is Team.MONEY
        assert [outcome.output.label for outcome in classify.batch(["x", "y"], LABELS)] == ["billing"] * 2
        assert [outcome.output.label async for outcome in classify.abatch(["x", "y"], LABELS)] == ["billing"] * 2
        assert list(classify.among(LABELS).stream("x"))[-1].label == "billing"
        assert classify.among(Team).with_options(temperature=1.0)("x").label is Team.MONEY
    assert model.left == 0
    assert '- "billing"' in classify.render("x", LABELS)[-1].content


@pytest.mark.parametrize("labels", [[], ["a", "a"], "ab", [""]])
def test_bad_labels_are_refused_before_a_model_is_asked(labels: list[str]) -> None:
    with FakeModel([]) as model, pytest.raises(InputError):
        classify("x", labels)
    assert model.requests == []


def test_an_answer_outside_of_the_labels_is_never_taken() -> None:
    with FakeModel([{"label": "weather", "confidence": 1}] * 3), pytest.raises(OutputError):
        classify("x", LABELS)


def test_a_classification_can_be_pickled_and_copied() -> None:
    with FakeModel([ANSWER, ANSWER]):
        for found in (classify("x", LABELS), classify("x", Team)):
            assert pickle.loads(pickle.dumps(found)) == found
            assert copy.deepcopy(found) == found


def test_the_repr_is_as_short_as_the_value() -> None:
    with FakeModel([ANSWER]):
        assert repr(classify("x", LABELS)) == "Classification(label='billing', confidence=0.9)"


def test_a_pattern_for_labels_goes_to_other_processes() -> None:
    for labels in (["good", "bad"], {"good": "", "bad": "sad"}, Literal["good", "bad"]):
        asking = classify.among(labels).with_options(model="rules")
        again = pickle.loads(pickle.dumps(asking))
        assert again.render("x") == asking.render("x")
        with FakeModel(['{"label": "bad", "confidence": 1}', '{"label": "worse", "confidence": 1}'] * 2):
            assert again("x").label == "bad"
            with pytest.raises(Invalid):
                again.with_options(reasks=0)("x")
    other = classify.among(["good", "bad"]).into(dict[str, str])
    assert pickle.loads(pickle.dumps(other)).render("x") == other.render("x")
