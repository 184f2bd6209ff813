"""The table of what is done about each error: no class is missing, and the policies and the loop go by it."""

from __future__ import annotations

import inspect

import pytest

from patterns import errors
from patterns.errors import DeadlineExceeded, PatternsError, QuotaExceeded, TransientError
from patterns.exchange import Choice, Response
from patterns.model.verdicts import MOVES, declined, moves

ALL = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PatternsError)}


def test_every_error_stands_in_the_table() -> None:
    assert set(MOVES) == ALL


def test_what_may_be_retried_says_so_of_itself() -> None:
    retried = {kind for kind, row in MOVES.items() if "retry" in row}
    assert retried == {kind for kind in ALL if getattr(kind, "retryable", False)}


def test_an_error_of_the_user_s_own_is_taken_for_the_nearest_of_ours() -> None:
    class Mine(TransientError):
        pass

    assert moves(Mine("no")) == MOVES[TransientError]


def test_an_error_that_was_marked_as_final_is_final() -> None:
    for error in (TransientError("the first items are out"), QuotaExceeded("in the middle of a stream")):
        error.retryable = False
        assert moves(error) == ()
    assert moves(DeadlineExceeded("over")) == ()


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ((Choice("", refusal="I cannot."),), "I cannot."),
        ((Choice("", "content_filter"),), "content_filter"),
        ((Choice("", "content_filter"), Choice("yes")), None),
        ((Choice("yes"),), None),
        ((), None),
    ],
)
def test_a_response_is_declined_when_every_candidate_is(choices: tuple[Choice, ...], reason: str | None) -> None:
    assert declined(Response(choices, "m")) == reason
