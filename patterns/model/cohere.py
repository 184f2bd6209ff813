"""Replies of Cohere's chat APIs, whole and streamed, in the words of OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json


def chat_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The body of a chat completion that says the same; None when this is no answer of Cohere's."""
    if "choices" in body or "finish_reason" not in body:
        return None
    if isinstance(body.get("message"), Mapping):
        return _second(body, body["message"])
    return _first(body) if "generation_id" in body and "text" in body else None


def chunk_of(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The piece of a streamed chat completion that one event says, of either version; None for no news."""
    if "event_type" in event:
        return _first_s(event)
    delta = event.get("delta") or {}
    said = delta.get("message") or {}
    kind = event.get("type")
    if kind == "content-delta":
        content = said.get("content") or {}
        return _piece({"content": content.get("text"), "reasoning_content": content.get("thinking")})
    if kind in ("tool-call-start", "tool-call-delta"):
        return _piece({"tool_calls": [{**(said.get("tool_calls") or {}), "index": event.get("index") or 0}]})
    if kind == "message-end":
        return {**_piece({}, delta.get("finish_reason")), "usage": _usage(delta.get("usage"))}
    return {"id": event.get("id"), "choices": []} if kind == "message-start" else None


def _first_s(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same of an event of the first version, whose calls come whole."""
    kind = event["event_type"]
    if kind == "text-generation":
        return _piece({"content": event.get("text")})
    if kind == "tool-calls-generation":
        return _piece({"tool_calls": [{**call, "index": i} for i, call in enumerate(_first_calls(event))]})
    if kind == "stream-end":
        usage = _usage((event.get("response") or {}).get("meta"))
        return {**_piece({}, event.get("finish_reason")), "usage": usage}
    return {"id": event.get("generation_id"), "choices": []} if kind == "stream-start" else None


def _piece(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _second(body: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The second version of the API."""
    content = said.get("content") or ()
    parts = [{"text": content}] if isinstance(content, str) else [part for part in content if isinstance(part, Mapping)]
    message = {
        "role": "assistant",
        "content": "".join(part.get("text") or "" for part in parts),
        "reasoning_content": "".join(part.get("thinking") or "" for part in parts),
        "tool_calls": said.get("tool_calls"),
    }
    return _whole(body.get("id"), message, body.get("finish_reason"), _usage(body.get("usage")))


def _first(body: Mapping[str, Any]) -> dict[str, Any]:
    """The first version of the API, whose calls have no ids and give their arguments as an object."""
    message = {"role": "assistant", "content": body["text"], "tool_calls": _first_calls(body)}
    return _whole(body["generation_id"], message, body["finish_reason"], _usage(body.get("meta")))


def _first_calls(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"id": "", "function": {"name": call.get("name"), "arguments": to_json(call.get("parameters") or {}).decode()}}
        for call in body.get("tool_calls") or ()
    ]


def _whole(id: object, message: dict[str, Any], finish: object, usage: dict[str, Any] | None) -> dict[str, Any]:
    return {"id": id, "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def _usage(counted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    tokens = (counted or {}).get("tokens")
    if not tokens:
        return None
    return {
        "prompt_tokens": int(tokens.get("input_tokens") or 0),
        "completion_tokens": int(tokens.get("output_tokens") or 0),
        "prompt_tokens_details": {"cached_tokens": int((counted or {}).get("cached_tokens") or 0)},
    }
