"""Hooks hear what happens, and never break it."""

from __future__ import annotations

import logging

import pytest

from patterns.events import Asked, Event, emit, listen
from patterns.exchange import Request

ASKED = Asked("p", Request("m", ()))


def test_a_hook_hears_events_while_it_listens() -> None:
    heard: list[Event] = []
    with listen(heard.append):
        emit(ASKED)
    emit(ASKED)
    assert heard == [ASKED]


def test_a_failing_hook_is_logged_and_the_next_one_still_hears(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Event] = []
    with caplog.at_level(logging.ERROR), listen(lambda event: 1 / 0), listen(heard.append):
        emit(ASKED)
    assert heard == [ASKED]
    assert "a hook failed on Asked" in caplog.text
