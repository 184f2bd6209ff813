"""Arguments become inputs by the user's own signature."""

from __future__ import annotations

import pytest

from patterns.binding import bind, signature_from, signature_of
from patterns.errors import InputError

DECLARED = signature_of({"tone": {}, "text": {}}, ["text"])


def test_required_inputs_come_first_in_a_made_signature() -> None:
    assert bind(DECLARED, ("hello", "warm"), {}, "p") == {"text": "hello", "tone": "warm"}


def test_an_optional_input_that_is_not_given_is_left_out() -> None:
    assert bind(DECLARED, ("hello",), {}, "p") == {"text": "hello"}


def test_a_missing_input_is_named_with_the_call() -> None:
    with pytest.raises(InputError, match="missing a required argument: 'text'") as caught:
        bind(DECLARED, (), {}, "greet")
    assert caught.value.hint == "call it as greet(text, tone=…)"


def test_defaults_of_the_users_function_are_inputs() -> None:
    def triage(message: str, customer: str = "nobody") -> None: ...

    assert bind(signature_from(triage), ("help",), {}, "triage") == {"message": "help", "customer": "nobody"}


def test_star_arguments_cannot_be_inputs() -> None:
    def loose(*words: str) -> None: ...

    with pytest.raises(InputError, match="cannot be an input"):
        signature_from(loose)
