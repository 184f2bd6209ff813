"""Finish reasons as providers write them."""

from __future__ import annotations

import json

import pytest

from patterns.model.raw import finish_reasons, parsed, reasons_in, true_finish

# reply, finish reasons
REPLIES = [
    ({"choices": [{"finish_reason": "stop"}, {"finish_reason": "length"}]}, ("stop", "length")),
    ({"choices": [{"finish_reason": None}]}, (None,)),
    ({"choices": [{"finish_reason": ""}]}, (None,)),
    ({"choices": []}, ()),
    ({"stop_reason": "end_turn", "content": []}, ("end_turn",)),
    ({"candidates": [{"finishReason": "STOP"}]}, ("STOP",)),
    ({"stopReason": "max_tokens", "output": {}}, ("max_tokens",)),
    ({"done_reason": "load", "message": {}}, ("load",)),
    ({"finish_reason": "MAX_TOKENS", "message": {}}, ("MAX_TOKENS",)),
    ({"content": [{"input": {"finish_reason": "not this one"}}]}, None),
    ([1, 2], None),
]


@pytest.mark.parametrize(("reply", "reasons"), REPLIES)
def test_the_reasons_are_found_on_every_wire(reply: object, reasons: tuple[str | None, ...] | None) -> None:
    assert finish_reasons(json.dumps(reply)) == reasons


@pytest.mark.parametrize("text", [None, "", "not json", '{"choices": [', '{"a": "\\ud800"}'])
def test_what_is_no_reply_has_none(text: str | None) -> None:
    assert finish_reasons(text) is None


# line, finish reasons by candidate
LINES = [
    ({"choices": [{"index": 1, "finish_reason": "stop"}]}, {1: "stop"}),
    ({"choices": [{"index": 0, "finish_reason": None}]}, {}),
    ({"choices": []}, {}),
    ({"candidates": [{"content": {}}]}, {}),
    ({"candidates": [{"finishReason": "STOP"}]}, {0: "STOP"}),
    ({"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, {0: "end_turn"}),
    ({"type": "message_start", "message": {"stop_reason": None}}, {}),
    ({"type": "content_block_delta", "delta": {"text": "stop_reason"}}, {}),
    ({"type": "ping"}, None),
    ({"usage": {}}, None),
]


@pytest.mark.parametrize(("line", "reasons"), LINES)
def test_a_line_of_a_stream_tells_its_reasons(line: dict[str, object], reasons: dict[int, str] | None) -> None:
    assert reasons_in(line) == reasons


@pytest.mark.parametrize(
    ("text", "body"), [('{"a": 1}', {"a": 1}), (b'{"a": 1}', {"a": 1}), ("[1]", None), ("data", None), ("", None)]
)
def test_only_an_object_is_a_body(text: str | bytes, body: object) -> None:
    assert parsed(text) == body


# litellm's word, the provider's, the truth
WORDS = [
    ("stop", "stop", "stop"),
    ("stop", "STOP", "stop"),
    ("stop", "COMPLETE", "stop"),
    ("tool_calls", "tool_use", "tool_calls"),
    ("tool_calls", "stop", "tool_calls"),
    ("stop", None, None),
    ("stop", "MAX_TOKENS", "length"),
    ("stop", "SAFETY", "content_filter"),
    ("stop", "MALFORMED_FUNCTION_CALL", "MALFORMED_FUNCTION_CALL"),
    ("stop", "pause_turn", "pause_turn"),
    ("length", None, "length"),
    ("content_filter", "refusal", "content_filter"),
    (None, None, None),
]


@pytest.mark.parametrize(("mapped", "native", "truth"), WORDS)
def test_a_clean_finish_that_was_made_up_is_not_believed(
    mapped: str | None, native: str | None, truth: str | None
) -> None:
    assert true_finish(mapped, native) == truth
