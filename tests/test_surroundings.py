"""The environment as it is looked at in every call: never older than it is."""

from __future__ import annotations

import os

import pytest

from patterns.surroundings import state, variable

NAME = "PATTERNS_OF_A_TEST"


def test_a_variable_is_what_the_environment_says_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert variable(NAME) is None
    monkeypatch.setenv(NAME, "one é")
    assert variable(NAME) == os.environ[NAME] == "one é"
    os.environ[NAME] = ""
    assert variable(NAME) == ""
    del os.environ[NAME]
    assert variable(NAME) is None


def test_the_state_is_the_same_object_until_a_variable_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()
    assert state() is before
    monkeypatch.setenv(NAME, "one")
    after = state()
    assert after is not before
    assert state() is after
    monkeypatch.setenv(NAME, "two")
    assert state() is not after
