"""The library without a model: the rules engine answers what it can, and says what it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from patterns.conversation import Conversation
from patterns.errors import NeedsModel
from patterns.library.classify import classify
from patterns.library.code import generate_code
from patterns.library.complete import complete
from patterns.library.extract import extract
from patterns.library.reasoning import solve
from patterns.library.sentiment import classify_sentiment
from patterns.library.summarize import summarize
from patterns.settings import override
from patterns.testing import block_network


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    with override(model="rules"), block_network(loopback=False):
        yield


def test_sentiment_is_told() -> None:
    result = classify_sentiment.run("I love it, the battery lasts for days!")
    assert (result.output.label, result.engine) == ("positive", "rules")


def test_fields_are_found() -> None:
    found = extract("John Smith is a 35-year-old software engineer.", "name, age int")
    assert (found.name, found.age) == ("John Smith", 35)


def test_a_field_that_is_not_there_is_named_and_not_guessed() -> None:
    with pytest.raises(NeedsModel) as caught:
        extract("John Smith is a software engineer.", "name, phone")
    assert "phone" in caught.value.fields[0]


def test_labels_are_told_by_their_meanings() -> None:
    labels = {"billing": "invoices, payments and refunds", "technical": "errors, crashes, something does not work"}
    assert classify("The app crashes with an error when it starts.", labels).label == "technical"


@pytest.mark.parametrize(
    "ask",
    [
        lambda: solve("What is 2 + 2?"),
        lambda: generate_code("Add two numbers."),
        lambda: complete("Hello"),
        lambda: summarize("A long text."),
        lambda: Conversation().send("Hello"),
    ],
    ids=["solve", "generate_code", "complete", "summarize", "conversation"],
)
def test_what_needs_a_model_says_so_and_how_to_connect_one(ask: Callable[[], object]) -> None:
    with pytest.raises(NeedsModel) as caught:
        ask()
    assert "PATTERNS_MODEL" in caught.value.hint
