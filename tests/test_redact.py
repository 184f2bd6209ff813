"""Whatever looks like a secret is struck out."""

from __future__ import annotations

import pytest

from patterns.redact import MARK, redact

SECRETS = [
    "sk-proj-abcdefghijklmnop1234",
    "sk-ant-api03-abcdefghijklmnop",
    "gsk_abcdefghijklmnopqrst",
    "AIzaSyA-1234567890abcdefghijklmnop",
    "AKIAABCDEFGHIJKLMNOP",
    "Bearer abcdef.ghijkl-mnop",
    "https://host/v1?key=abcdefgh1234",
    "https://user:pa55word@host/",
    "hf_abcdefghijklmnopqrst",
    "sk-****************************7890",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_shape_is_struck_out(secret: str) -> None:
    out = redact(f"the provider said: {secret} is wrong")
    assert MARK in out
    assert out.startswith("the provider said: ")
    assert out.endswith(" is wrong")
    assert max((len(w) for w in out.split()), default=0) < 45


@pytest.mark.parametrize(
    "text", ["task-oriented-programming", "ask-me-anything-please", "the sketch", "a risk of it", ""]
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_a_value_held_in_the_environment_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "correct horse battery")
    assert redact("it was correct horse battery!") == f"it was {MARK}!"


def test_a_value_that_changes_is_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("first horse battery", "second horse battery"):
        monkeypatch.setenv("MY_SECRET", value)
        assert redact(f"it was {value}!") == f"it was {MARK}!"
    monkeypatch.delenv("MY_SECRET")
    assert redact("it was second horse battery!") == "it was second horse battery!"
