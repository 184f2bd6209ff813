"""The nouns of a call: frozen, and copied with changes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from patterns.exchange import Options, Request
from patterns.messages import Message


def test_a_request_with_other_options_is_what_replace_would_make() -> None:
    one = Request("m", (Message("user", "hi"),), Options(temperature=0.5, extra={"a": 1}), mode="tools")
    other = one.taking(timeout=3.0, max_tokens=7)
    assert other == replace(one, options=replace(one.options, timeout=3.0, max_tokens=7))
    assert one.options == Options(temperature=0.5, extra={"a": 1})
    with pytest.raises(FrozenInstanceError):
        other.model = "n"  # type: ignore[misc]


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="Options has no tokens"):
        Request("m", ()).taking(tokens=7)
