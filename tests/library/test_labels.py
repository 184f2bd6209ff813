from __future__ import annotations

from enum import Enum
from typing import Literal

import pytest

from patterns.errors import InputError
from patterns.library.labels import meanings


class Team(Enum):
    SALES = "sales"
    OPS = "operations"


class Levels(Enum):
    LOW = 1


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["spam", "ham"], {"spam": "", "ham": ""}),
        (("spam", "ham"), {"spam": "", "ham": ""}),
        ({"spam": "advertising", "ham": ""}, {"spam": "advertising", "ham": ""}),
        (Team, {"sales": "", "operations": ""}),
        (Literal["yes", "no"], {"yes": "", "no": ""}),
    ],
)
def test_labels_are_read_however_they_are_written(labels: object, wanted: dict[str, str]) -> None:
    assert meanings(labels) == wanted


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], "no labels"),
        ({}, "no labels"),
        ("spam", "no labels"),
        (7, "no labels"),
        (["spam", ""], "empty"),
        (["spam", "  "], "empty"),
        (["spam", "ham", "spam"], "the same"),
        (["spam", "Spam "], "the same"),
        (["spam", 7], "text"),
        ({"spam": 7}, "text"),
        (Levels, "text"),
        (Literal["a", 1], "text"),
    ],
)
def test_labels_that_cannot_be_told_apart_are_refused(labels: object, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        meanings(labels)
    assert caught.value.hint
