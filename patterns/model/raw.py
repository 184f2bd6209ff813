"""The finish reasons in a provider's own words, for litellm shows a clean one where it understood none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

_SINGLE = ("stop_reason", "stopReason", "done_reason", "finish_reason")
_EACH = (("choices", "finish_reason"), ("candidates", "finishReason"))
_WHOLE = frozenset(
    {"stop", "end_turn", "stop_sequence", "complete", "eos", "eos_token", "done"}
    | {"tool_calls", "tool_call", "tool_use", "function_call"}
)
_CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded"})
_FILTERED = frozenset({"content_filter", "content_filtered", "safety", "refusal", "error_toxic"})
_OTHERWISE_FILTERED = frozenset({"sensitive", "guardrail_intervened"})


def true_finish(mapped: str | None, native: str | None) -> str | None:
    """Give litellm's finish reason, but not where it made a clean one up: then the provider's word, or None for none.

    Words that say the same as `length` and `content_filter` are given as these.
    """
    if mapped not in ("stop", "tool_calls"):
        return mapped
    word = (native or "").lower()
    if word in _WHOLE:
        return mapped
    return "length" if word in _CUT else "content_filter" if word in _FILTERED else native


def common_finish(native: object) -> str | None:
    """Give a provider's word for the end of an answer in the words that all wires share, where one says the same."""
    word = _word(native)
    if word is None or word in ("stop", "length", "tool_calls", "function_call", "content_filter"):
        return word
    if word.lower() in ("tool_use", "tool_call"):
        return "tool_calls"
    return "content_filter" if word in _OTHERWISE_FILTERED else true_finish("stop", word)


def parsed(raw: str | bytes | None) -> Mapping[str, Any] | None:
    """Give the JSON object that a text is, if it is one."""
    try:
        body = from_json(raw, cache_strings="keys") if raw else None
    except ValueError:
        return None
    return body if isinstance(body, Mapping) else None


def finish_reasons(raw: str | None) -> tuple[str | None, ...] | None:
    """Give the finish reason of each candidate, None where it says null; None when the reply is of an unknown make."""
    body = parsed(raw)
    return None if body is None else _reasons(body)


def reasons_in(body: Mapping[str, Any]) -> dict[int, str] | None:
    """Give the finish reasons in one event of a stream, by candidate; None when it is of an unknown make."""
    if isinstance(kind := body.get("type"), str) and kind.startswith(("message_", "content_block_")):  # Anthropic's
        delta = body.get("delta")
        word = _word(delta.get("stop_reason")) if isinstance(delta, Mapping) else None
        return {0: word} if word else {}
    return _by_index(body)


def _by_index(body: Mapping[str, object]) -> dict[int, str] | None:
    for many, name in _EACH:
        items = body.get(many)
        if isinstance(items, Sequence) and not isinstance(items, str):
            found = [
                (item.get("index", i), _word(item.get(name)))
                for i, item in enumerate(items)
                if isinstance(item, Mapping)
            ]
            return {index if isinstance(index, int) else 0: word for index, word in found if word}
    return None


def _reasons(body: Mapping[str, object]) -> tuple[str | None, ...] | None:
    for many, name in _EACH:
        items = body.get(many)
        if isinstance(items, Sequence) and not isinstance(items, str):
            return tuple(_word(item.get(name)) for item in items if isinstance(item, Mapping))
    for name in _SINGLE:
        if name in body:
            return (_word(body[name]),)
    return None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
