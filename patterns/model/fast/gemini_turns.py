"""Messages as Gemini takes them: parts of user and model, and the results of functions by their names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from patterns.messages import Message

Part = dict[str, Any]

SIGNED = "__thought__"
"""Between the id of a call and the signature of the thought behind it, which the API wants back with the call."""
_UNSIGNED = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="
"""What the API takes in the place of a signature, for calls that were not its own."""


def obstacle(messages: Iterable[Message]) -> str | None:
    """Why these messages cannot be written as litellm writes them, in words; None when they can."""
    calls: set[str] = set()
    for message in messages:
        if not isinstance(message.content, str):
            return "a message has parts"
        if any(call.arguments is None for call in message.tool_calls):
            return "a tool call has arguments that are no JSON object"
        if message.tool_calls:
            calls = {call.id for call in message.tool_calls}
            if len({(call.name, call.raw, call.id) for call in message.tool_calls}) < len(message.tool_calls):
                return "a tool is called twice in the same words"
        if message.role == "tool" and message.tool_call_id not in calls:
            return "a tool's result belongs to no call right before it"
        if message.role == "tool" and message.content.startswith("data:"):
            return "a tool's result may be an image"
    return None


def system(messages: list[Any]) -> list[Part]:
    return [{"text": message["content"]} for message in messages if message["role"] == "system"]


def contents(messages: list[Any], *, numbered: bool) -> list[Part]:
    """The turns. `numbered` says that the model knows calls by their ids, and wants their thoughts signed."""
    spoken = [message for message in messages if message["role"] != "system"]
    found: list[Part] = []
    names: dict[str, str] = {}
    for role, group in groupby(spoken, key=lambda message: message["role"]):
        parts: list[Part] = []
        for message in group:
            if role == "tool":
                parts.append(_result(message, names, numbered=numbered))
                continue
            if message["content"] is not None:
                parts.append({"text": message["content"]})
            if calls := message.get("tool_calls"):
                names = {call["id"]: call["function"]["name"] for call in calls}
                parts += _calls(calls, numbered=numbered)
        found.append({"role": "model" if role == "assistant" else "user", "parts": parts})
    return found or [{"role": "user", "parts": [{"text": "."}]}]


def _calls(calls: list[Any], *, numbered: bool) -> list[Part]:
    parts = [_call(call, numbered=numbered) for call in calls]
    if numbered:
        parts[0].setdefault("thoughtSignature", _UNSIGNED)
    return parts


def _call(call: dict[str, Any], *, numbered: bool) -> Part:
    function, (id, _, signature) = call["function"], call["id"].partition(SIGNED)
    made = {"name": function["name"], "args": json.loads(function["arguments"] or "{}")}
    part: Part = {"function_call": made | ({"id": id} if numbered and id else {})}
    return part | ({"thoughtSignature": signature} if signature else {})


def _result(message: dict[str, Any], names: dict[str, str], *, numbered: bool) -> Part:
    id = message["tool_call_id"]
    made = {"name": names[id], "response": _response(message["content"])}
    clean = id.partition(SIGNED)[0]
    return {"function_response": made | ({"id": clean} if numbered and clean else {})}


def _response(text: str) -> Part:
    """A result has to be an object; one that is none is put into one."""
    try:
        value = json.loads(text) if text.strip().startswith("{") else None
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"content": text}
