"""Responses as bytes: nothing is lost, and nothing is believed."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.exchange import Choice, Response, Source, Usage
from patterns.messages import ToolCall
from patterns.model.saved import Unsound, from_bytes, plain, response, to_bytes
from tests.model.test_fingerprint import JSON, OBJECTS, TEXT

COUNTS = st.integers(0, 10**9)
CALLS = st.builds(ToolCall, TEXT, TEXT, st.none() | OBJECTS, TEXT)
CHOICES = st.builds(
    Choice,
    TEXT,
    st.none() | TEXT,
    TEXT,
    st.none() | TEXT,
    st.lists(CALLS, max_size=2).map(tuple),
    thoughts=st.lists(OBJECTS, max_size=2).map(tuple),
)
RESPONSES = st.builds(
    Response,
    choices=st.lists(CHOICES, max_size=3).map(tuple),
    model=TEXT,
    usage=st.none() | st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.booleans()),
    cost=st.none() | st.floats(0, 100),
    engine=TEXT,
    id=TEXT,
    sources=st.lists(st.builds(Source, TEXT, TEXT, COUNTS, COUNTS, TEXT, st.floats(0, 1)), max_size=2).map(tuple),
)


@given(RESPONSES)
def test_a_response_comes_back_as_it_was(given_: Response) -> None:
    assert response(from_bytes(to_bytes(plain(given_)))) == given_


@pytest.mark.parametrize("text", ["\ud800", "\ud83d\ude00", "nul \x00 byte", "\u2028\r\n\t", "é😀"], ids=ascii)
def test_texts_that_json_or_utf_8_bends_come_back_as_they_were(text: str) -> None:
    kept = Response(
        (Choice(text, reasoning=text, role="user", tool_calls=(ToolCall("1", "f", {text: text}, text),)),), "m"
    )
    assert response(from_bytes(to_bytes(plain(kept)))) == kept


@given(JSON | st.fixed_dictionaries({"choices": JSON, "model": JSON}, optional={"usage": JSON, "cost": JSON}))
def test_whatever_json_is_found_is_a_response_or_unsound(found: Any) -> None:
    with contextlib.suppress(Unsound):
        assert isinstance(response(found), Response)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_json_are_unsound(written: bytes) -> None:
    with contextlib.suppress(Unsound):
        from_bytes(written)


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": 5},
        {"choices": {}},
        {"choices": [{"text": None, "finish_reason": "stop"}]},
        {"choices": [{"text": "", "finish_reason": 1}]},
        {"usage": {"input_tokens": "7"}},
        {"usage": {"input_tokens": True}},
        {"cost": "free"},
        {"cost": True},
        {"choices": [{"text": "", "finish_reason": None, "tool_calls": [{"id": "1"}]}]},
    ],
    ids=str,
)
def test_a_member_of_the_wrong_kind_is_unsound(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unsound):
        response({"choices": [], "model": "m"} | wrong)
