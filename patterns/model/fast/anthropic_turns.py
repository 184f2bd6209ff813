"""Messages as Anthropic takes them: the system's apart, and turns of user and assistant that alternate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import groupby, takewhile
from typing import Any

from patterns.messages import Message

Block = dict[str, Any]
Turn = dict[str, Any]

_ID = re.compile(r"[a-zA-Z0-9_-]+")


def obstacle(messages: Iterable[Message]) -> str | None:
    """Why these messages cannot be written as litellm writes them, in words; None when they can."""
    spoken = False
    calls: set[str] = set()
    for message in messages:
        if not isinstance(message.content, str):
            return "a message has parts"
        if message.role == "system" and spoken:
            return "a system message stands after others"
        spoken = spoken or message.role != "system"
        if message.role in ("user", "assistant") and not message.content.strip() and not message.tool_calls:
            return "a message is empty"
        for call in message.tool_calls:
            if call.arguments is None or not _ID.fullmatch(call.id) or call.id in calls:
                return "a tool call has arguments or an id that this wire does not take"
            calls.add(call.id)
        if message.tool_call_id is not None and not _ID.fullmatch(message.tool_call_id):
            return "a tool's result has an id that this wire does not take"
    return None if spoken else "there are only system messages"


def system(messages: list[Any]) -> list[Block]:
    leading = takewhile(lambda message: message["role"] == "system", messages)
    return [block for message in leading if message["content"] for block in _texts(message["content"])]


def turns(messages: list[Any]) -> list[Turn]:
    """Neighbours of one side are one turn; results of tools are the user's. The last word cannot end in a space."""
    spoken = [message for message in messages if message["role"] != "system"]
    found: list[Turn] = [
        {"role": role, "content": [block for message in group for block in _blocks(message)]}
        for role, group in groupby(spoken, key=_side)
    ]
    if found and found[-1]["role"] == "assistant":
        for block in found[-1]["content"]:
            if block["type"] == "text":
                block["text"] = block["text"].rstrip()
    return found


def _side(message: dict[str, Any]) -> str:
    return "assistant" if message["role"] == "assistant" else "user"


def _blocks(message: dict[str, Any]) -> list[Block]:
    if message["role"] == "tool":
        return [{"type": "tool_result", "tool_use_id": message["tool_call_id"], "content": message["content"]}]
    content = message["content"] or ""
    said = _texts(content) if isinstance(content, list) or content.strip() else []
    return [*message.get("thinking_blocks", ()), *said, *(_call(call) for call in message.get("tool_calls", ()))]


def _call(call: dict[str, Any]) -> Block:
    function = call["function"]
    return {
        "type": "tool_use",
        "id": call["id"],
        "name": function["name"],
        "input": json.loads(function["arguments"] or "{}"),
    }


def _texts(content: str | list[Block]) -> list[Block]:
    """Text as a block; a list is made of such blocks already."""
    return [_text(content)] if isinstance(content, str) else content


def _text(text: str) -> Block:
    return {"type": "text", "text": text}
