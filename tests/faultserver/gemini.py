"""Gemini's wire: an answer as its generateContent writes it, at once and streamed. The model stands in the path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.faultserver.answers import Answer, Call

_PATH = re.compile(r"/models/(?P<model>[^/:]+):(?P<way>generateContent|streamGenerateContent)")
_FINISH = {"length": "MAX_TOKENS", "content_filter": "SAFETY", "tool_calls": "STOP", "function_call": "STOP"}


def asked(path: str) -> tuple[str, bool] | None:
    """The model, and whether a stream is wanted; None where the path is not of this wire."""
    found = _PATH.search(path)
    return (found["model"], found["way"].startswith("stream")) if found else None


def parts(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"text": answer.reasoning, "thought": True}] if answer.reasoning else []
    if answer.text is not None:
        found.append({"text": answer.text})
    return found + [
        {"functionCall": {"id": f"call_{i}", "name": name, "args": _object(arguments)}}
        for i, (name, arguments) in enumerate(answer.tool_calls)
    ]


def _object(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return {"cut": arguments}


def body(call: Call, answer: Answer, found: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": found}, "index": 0}
    usage = {"promptTokenCount": answer.input_tokens, "candidatesTokenCount": answer.output_tokens}
    if answer.reasoning:
        usage |= {"candidatesTokenCount": answer.output_tokens - 4, "thoughtsTokenCount": 4}
    usage["totalTokenCount"] = answer.input_tokens + answer.output_tokens
    made: dict[str, Any] = {"modelVersion": call.model, "responseId": "gemini-1"}
    made["candidates"] = [candidate | ({"finishReason": _word(finish)} if finish else {})]
    extra = {"candidates": answer.extra["choices"]} if answer.extra.get("choices") == [] else {}
    return made | ({"usageMetadata": usage} if answer.usage else {}) | extra


def _word(finish: str) -> str:
    return _FINISH.get(finish, finish.upper())


def frames(call: Call, answer: Answer) -> Iterator[bytes]:
    yield from begun(call, answer)
    yield frame(body(call, answer, [], answer.finish))


def begun(call: Call, answer: Answer) -> Iterator[bytes]:
    for part in parts(answer):
        text = part.get("text")
        cut = [part] if text is None else [part | {"text": text[i : i + 8]} for i in range(0, len(text), 8)]
        for piece in cut:
            yield frame(body(call, answer, [piece], None))


def frame(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\r\n\r\n"


def error(status: int, message: str, code: str | None) -> bytes:
    return json.dumps({"error": {"code": status, "message": message, "status": (code or "INVALID").upper()}}).encode()
