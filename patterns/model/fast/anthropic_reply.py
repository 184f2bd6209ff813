"""Replies of Anthropic's messages API, in the shape of OpenAI's, which `incoming` and `growth` read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import SimpleNamespace as Made
from typing import Any

from patterns.model.fast.cost import Bill
from patterns.model.fast.frames import event
from patterns.model.fast.troubles import APIResponseValidationError, MidStreamFallbackError
from patterns.model.raw import true_finish

_FINISH = {
    "max_tokens": "length",
    "compaction": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
    "content_filtered": "content_filter",
}
_CALL = "tool_use"
"""Calls that the API answers itself, such as `server_tool_use`, are nobody's business."""
_THOUGHTS = ("thinking", "redacted_thinking")
"""Blocks that the API wants back with the results of tools, as they were."""
_SUMMED = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


class Reader:
    """Reads one reply. Of a stream it keeps the open block, the number of calls, and what was counted so far."""

    def __init__(self) -> None:
        self._counted: dict[str, Any] = {}
        self._open: Mapping[str, Any] = {}
        self._calls = 0
        self._written = False

    def reply(self, data: bytes, headers: Mapping[str, str]) -> object:
        body = _parsed(data)
        blocks = body.get("content")
        if blocks is None and (error := body.get("error")):
            raise MidStreamFallbackError(error)
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise APIResponseValidationError(data.decode("utf-8", "replace"), headers)
        calls = [_call(block, json.dumps(block.get("input"))) for block in blocks if block.get("type") == _CALL]
        message = Made(
            role="assistant",
            content=_joined(blocks, "text"),
            reasoning_content=_joined(blocks, "thinking"),
            thinking_blocks=[block for block in blocks if block.get("type") in _THOUGHTS],
            tool_calls=calls,
        )
        choice = Made(message=message, finish_reason=_finish(body.get("stop_reason")))
        return Made(id=body.get("id"), model=body.get("model"), choices=[choice], usage=_usage(body.get("usage")))

    def chunk(self, data: bytes) -> object | None:
        if (found := event(data)) is None:
            return None
        match found.get("type"):
            case "message_stop":
                return None
            case "error":
                raise MidStreamFallbackError(found.get("error") or found)
            case "message_start":
                message = _mapping(found.get("message"))
                return Made(id=message.get("id"), model=message.get("model"), usage=self._count(message))
            case "message_delta":
                finish = _finish(_mapping(found.get("delta")).get("stop_reason"))
                return Made(choices=[_piece(Made(), finish)], usage=self._count(found))
            case "content_block_start":
                return self._opened(_mapping(found.get("content_block")))
            case "content_block_delta":
                return self._grown(_mapping(found.get("delta")))
            case "content_block_stop":
                return self._closed()
            case None if error := found.get("error"):
                raise MidStreamFallbackError(error)
        return Made()

    def _opened(self, block: Mapping[str, Any]) -> object:
        self._open, self._written = block, False
        match block.get("type"):
            case "text":
                return _said(content=block.get("text"))
            case "thinking":
                return _said(reasoning_content=block.get("thinking"), thinking_blocks=[block])
            case "redacted_thinking":
                return _said(thinking_blocks=[block])
            case "tool_use":
                self._calls += 1
                return _said(tool_calls=[self._numbered(_call(block, ""))])
        return Made()

    def _grown(self, delta: Mapping[str, Any]) -> object:
        match delta.get("type"):
            case "text_delta":
                return _said(content=delta.get("text"))
            case "thinking_delta":
                thought = delta.get("thinking")
                return _said(reasoning_content=thought, thinking_blocks=[{"type": "thinking", "thinking": thought}])
            case "signature_delta":
                return _said(thinking_blocks=[{"type": "thinking", "signature": delta.get("signature")}])
            case "input_json_delta" if self._open.get("type") == _CALL and delta.get("partial_json"):
                self._written = True
                return _said(tool_calls=[self._numbered(_call({}, delta["partial_json"]))])
        return Made()

    def _closed(self) -> object:
        """A call whose arguments never came has those that it was opened with, none mostly."""
        block, self._open = self._open, {}
        if block.get("type") != _CALL or self._written:
            return Made()
        return _said(tool_calls=[self._numbered(_call({}, json.dumps(block.get("input") or {})))])

    def _numbered(self, call: Made) -> Made:
        call.index = self._calls - 1
        return call

    def _count(self, told: Mapping[str, Any]) -> object:
        """Counts grow along a stream, and later ones leave out what has not changed, or say null there."""
        self._counted |= {name: value for name, value in _mapping(told.get("usage")).items() if value is not None}
        return _usage(self._counted)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _joined(blocks: Iterable[Mapping[str, Any]], kind: str) -> str:
    return "".join(str(block.get(kind) or "") for block in blocks if block.get("type") == kind)


def _call(block: Mapping[str, Any], arguments: str) -> Made:
    return Made(id=block.get("id"), function=Made(name=block.get("name"), arguments=arguments))


def _said(**delta: Any) -> Made:
    return Made(choices=[_piece(Made(**delta), None)])


def _piece(delta: Made, finish: str | None) -> Made:
    return Made(index=0, delta=delta, finish_reason=finish)


def _finish(native: object) -> str | None:
    """litellm's word for the end of an answer where there is one, else the API's own."""
    word = native if isinstance(native, str) else None
    return true_finish(_FINISH.get(word or "", "stop"), word)


def _usage(told: object) -> object:
    """The count. What is read from the cache, and written to it, the API counts beside the input."""
    counted = _mapping(told)
    rounds = [each for each in counted.get("iterations") or () if isinstance(each, Mapping)]
    sums = {name: sum(_number(each.get(name)) for each in rounds or [counted]) for name in _SUMMED}
    written, read = sums["cache_creation_input_tokens"], sums["cache_read_input_tokens"]
    thoughts = [
        _number(_mapping(each.get("output_tokens_details")).get("thinking_tokens")) for each in rounds or [counted]
    ]
    return Made(
        prompt_tokens=sums["input_tokens"] + written + read,
        completion_tokens=sums["output_tokens"],
        prompt_tokens_details=Made(cached_tokens=read),
        cache_creation_input_tokens=written,
        completion_tokens_details=Made(reasoning_tokens=min(sum(thoughts), sums["output_tokens"])),
        bill=_bill(counted),
    )


def _bill(counted: Mapping[str, Any]) -> Bill:
    return Bill(
        tier=str(counted.get("service_tier") or ""),
        region=str(counted.get("inference_geo") or ""),
        searches=_number(_mapping(counted.get("server_tool_use")).get("web_search_requests")),
        kept=_number(_mapping(counted.get("cache_creation")).get("ephemeral_1h_input_tokens")),
    )


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
