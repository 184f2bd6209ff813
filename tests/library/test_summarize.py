from __future__ import annotations

import pytest

from patterns.errors import OutputError
from patterns.library.summarize import summarize
from patterns.testing import FakeModel


def test_a_summary_within_its_bound_is_taken() -> None:
    with FakeModel(["It rained."]) as model:
        assert summarize("A long report on rain.", words=5) == "It rained."
    assert "at most 5 words" in model.requests[0].messages[-1].content


def test_a_few_words_too_many_are_let_pass() -> None:
    with FakeModel(["one two three four five six"]):
        assert summarize("…", words=5) == "one two three four five six"


def test_a_summary_far_too_long_is_asked_for_again_with_both_numbers() -> None:
    with FakeModel(["word " * 150, "short"]) as model:
        assert summarize("…") == "short"
    assert "- the summary has 150 words; at most 100 were asked for\n" in model.requests[1].messages[-1].content


def test_a_model_that_cannot_be_short_ends_in_an_error_with_its_words() -> None:
    answers = [f"{number} " + "word " * 50 for number in range(3)]
    with FakeModel(answers), pytest.raises(OutputError) as caught:
        summarize("…", words=5)
    assert len(caught.value.attempts) == 3
    assert caught.value.raw_text == answers[-1]


def test_another_type_leaves_the_check_of_words_behind() -> None:
    with FakeModel(["word " * 50]):
        assert len(summarize.into(str)("…", words=5).split()) == 50
