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


@pytest.mark.parametrize(
    ("args", "kwargs", "words"),
    [
        (("a", "b", "c"), {}, "too many positional arguments"),
        (("a",), {"text": "b"}, "multiple values for argument 'text'"),
        ((), {"text": "a", "mood": "b"}, "unexpected keyword argument 'mood'"),
    ],
)
def test_what_does_not_fit_the_signature_is_told(args: tuple[str, ...], kwargs: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        bind(DECLARED, args, kwargs, "p")


def test_inputs_by_name_alone_are_asked_for_by_name() -> None:
    def triage(*, message: str, customer: str = "nobody") -> None: ...

    signature = signature_from(triage)
    assert bind(signature, (), {"message": "help"}, "triage") == {"message": "help", "customer": "nobody"}
    for args in ((), ("help",)):
        with pytest.raises(InputError):
            bind(signature, args, {}, "triage")


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
