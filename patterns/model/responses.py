"""A reply of OpenAI's Responses API in the words of its chat completions: nothing that was said is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WORDS = {"max_output_tokens": "length", "completed": "stop"}
_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
"""Items that call a tool of the caller's, and where their arguments are; tools of its own the provider calls itself."""


def chat_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The body of a chat completion that says the same; None when this is no answer of the Responses API."""
    items = body.get("output")
    if body.get("object") != "response" or not isinstance(items, Sequence) or body.get("error"):
        return None
    parts = list(_parts(items, "message", ("content",)))
    calls = [_call(item) for item in items if item.get("type") in _CALLS]
    thoughts = [part.get("text") or "" for part in _parts(items, "reasoning", ("summary", "content"))]
    message = {
        "role": "assistant",
        "content": "".join(part.get("text") or "" for part in parts if part.get("type") == "output_text"),
        "refusal": "".join(part.get("refusal") or "" for part in parts if part.get("type") == "refusal") or None,
        "reasoning_content": "\n\n".join(filter(None, thoughts)),
        "tool_calls": calls or None,
    }
    choice = {"index": 0, "message": message, "finish_reason": _finish(body)}
    return {
        "id": body.get("id"),
        "model": body.get("model"),
        "choices": [choice] if items or choice["finish_reason"] != "stop" else [],
        "usage": _usage(body.get("usage")),
    }


def _parts(items: Sequence[Mapping[str, Any]], kind: str, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for item in items:
        if item.get("type") == kind:
            for name in names:
                yield from item.get(name) or ()


def _call(item: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": item.get("name"), "arguments": item.get(_CALLS[item["type"]])}
    return {"id": item.get("call_id") or item.get("id"), "type": "function", "function": function}


def _finish(body: Mapping[str, Any]) -> str | None:
    """Why it ended: the reason for being incomplete, or the status where that does not say that all is done."""
    told = (body.get("incomplete_details") or {}).get("reason") or body.get("status")
    return _WORDS.get(told, str(told)) if told else None


def _usage(counted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not counted:
        return None
    return {
        "prompt_tokens": counted.get("input_tokens"),
        "completion_tokens": counted.get("output_tokens"),
        "prompt_tokens_details": counted.get("input_tokens_details"),
        "completion_tokens_details": counted.get("output_tokens_details"),
    }
