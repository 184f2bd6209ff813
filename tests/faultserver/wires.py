"""The wire formats: an answer as OpenAI and as Anthropic write it, at once and streamed; Gemini's is beside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.faultserver import gemini
from tests.faultserver.answers import Answer, Call, Raw, Reply

STREAM = "text/event-stream"
_STOP = {"openai": "stop", "anthropic": "end_turn", "gemini": "STOP"}
_WORDS = {"length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}


def wire_of(path: str) -> str:
    if gemini.asked(path):
        return "gemini"
    return "anthropic" if path.endswith("/messages") else "openai"


def said(call: Call, answer: Answer) -> Answer:
    """The answer as this call wants it: through the tool it insists on, with the wire's own words."""
    calls, text = list(answer.tool_calls), answer.text
    if call.forced_tool and text and not answer.refusal:
        calls, text = [(call.forced_tool, text), *calls], None
    wire = wire_of(call.path)
    finish = answer.finish or ("tool_calls" if calls else _STOP[wire])
    finish = _WORDS.get(finish, finish) if wire == "anthropic" else finish
    return Answer(**{**answer.__dict__, "text": text, "tool_calls": calls, "finish": finish})


def encode(call: Call, answer: Answer) -> Reply | Raw:
    answer = said(call, answer)
    wire = wire_of(call.path)
    if call.stream:
        return Raw(list(_FRAMES[wire](call, answer)), type=STREAM)
    return Reply(body=dumps(_BODIES[wire](call, answer)))


def dumps(value: Any) -> bytes:
    return json.dumps(value).encode()


def pieces(text: str, size: int = 8) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def error(call: Call, status: int, message: str, code: str | None = None, kind: str = "invalid_request_error") -> bytes:
    if wire_of(call.path) == "anthropic":
        return dumps({"type": "error", "error": {"type": code or kind, "message": message}})
    if wire_of(call.path) == "gemini":
        return gemini.error(status, message, code)
    return dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


# OpenAI chat completions


def openai_usage(answer: Answer) -> dict[str, Any]:
    reasoning = {"completion_tokens_details": {"reasoning_tokens": 4}} if answer.reasoning else {}
    total = answer.input_tokens + answer.output_tokens
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": total,
    } | reasoning


def openai_calls(answer: Answer) -> list[dict[str, Any]]:
    return [
        {"id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for i, (name, arguments) in enumerate(answer.tool_calls)
    ]


def openai_body(call: Call, answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": answer.role, "content": answer.text, "refusal": answer.refusal}
    if answer.reasoning:
        message["reasoning_content"] = answer.reasoning
    if answer.tool_calls:
        message["tool_calls"] = openai_calls(answer)
    if answer.old_call:
        message["function_call"] = {"name": answer.old_call[0], "arguments": answer.old_call[1]}
    choices = [
        {"index": i, "message": message, "finish_reason": answer.finish} for i in range(int(call.body.get("n") or 1))
    ]
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": call.model,
        "choices": choices,
    }
    return body | ({"usage": openai_usage(answer)} if answer.usage else {}) | dict(answer.extra)


def openai_chunk(call: Call, delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": call.model}
    return b"data: " + dumps(chunk | {"choices": choices} | more) + b"\n\n"


def openai_frames(call: Call, answer: Answer) -> Iterator[bytes]:
    yield openai_chunk(call, {"role": answer.role, "content": ""})
    yield from openai_deltas(call, answer)
    yield openai_chunk(call, {}, answer.finish)
    if answer.usage and (call.body.get("stream_options") or {}).get("include_usage"):
        yield openai_chunk(call, None, usage=openai_usage(answer))
    yield b"data: [DONE]\n\n"


def openai_deltas(call: Call, answer: Answer) -> Iterator[bytes]:
    for name, text in (("reasoning_content", answer.reasoning), ("content", answer.text), ("refusal", answer.refusal)):
        for piece in pieces(text or ""):
            yield openai_chunk(call, {name: piece})
    for index, (name, arguments) in enumerate(answer.tool_calls):
        head = {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
        yield openai_chunk(call, {"tool_calls": [head]})
        for piece in pieces(arguments):
            yield openai_chunk(call, {"tool_calls": [{"index": index, "function": {"arguments": piece}}]})


# Anthropic messages


def anthropic_blocks(answer: Answer) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if answer.reasoning:
        blocks.append({"type": "thinking", "thinking": answer.reasoning, "signature": "s"})
    if answer.text is not None:
        blocks.append({"type": "text", "text": answer.text})
    for i, (name, arguments) in enumerate(answer.tool_calls):
        blocks.append({"type": "tool_use", "id": f"toolu_{i}", "name": name, "input": _object(arguments)})
    return blocks


def _object(arguments: str) -> Any:
    """The arguments as the wire has them; what is no JSON, it can only hold as the text that it is."""
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def anthropic_body(call: Call, answer: Answer) -> dict[str, Any]:
    usage: dict[str, Any] = {"input_tokens": answer.input_tokens, "output_tokens": answer.output_tokens}
    if answer.reasoning:
        usage["output_tokens_details"] = {"thinking_tokens": 4}
    body = {
        "id": "msg_1",
        "type": "message",
        "role": answer.role,
        "model": call.model,
        "content": anthropic_blocks(answer),
    }
    return body | {"stop_reason": answer.finish, "stop_sequence": None, "usage": usage} | dict(answer.extra)


def event(kind: str, **data: Any) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + dumps({"type": kind} | data) + b"\n\n"


def anthropic_frames(call: Call, answer: Answer) -> Iterator[bytes]:
    yield from anthropic_start(call, answer)
    delta = {"stop_reason": answer.finish, "stop_sequence": None}
    yield event("message_delta", delta=delta, usage={"output_tokens": answer.output_tokens})
    yield event("message_stop")


def anthropic_start(call: Call, answer: Answer) -> Iterator[bytes]:
    message = anthropic_body(call, answer) | {"content": [], "stop_reason": None}
    yield event("message_start", message=message)
    for i, block in enumerate(anthropic_blocks(answer)):
        yield from anthropic_block(i, block)


def _arguments(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def anthropic_block(index: int, block: dict[str, Any]) -> Iterator[bytes]:
    kind = block["type"]
    field, delta, text = {
        "text": ("text", "text_delta", block.get("text", "")),
        "thinking": ("thinking", "thinking_delta", block.get("thinking", "")),
        "tool_use": ("partial_json", "input_json_delta", _arguments(block.get("input"))),
    }[kind]
    empty = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}[kind]
    yield event("content_block_start", index=index, content_block=block | empty)
    for piece in pieces(text):
        yield event("content_block_delta", index=index, delta={"type": delta, field: piece})
    if signature := block.get("signature"):
        yield event("content_block_delta", index=index, delta={"type": "signature_delta", "signature": signature})
    yield event("content_block_stop", index=index)


def gemini_body(call: Call, answer: Answer) -> dict[str, Any]:
    return gemini.body(call, answer, gemini.parts(answer), answer.finish)


_BODIES = {"openai": openai_body, "anthropic": anthropic_body, "gemini": gemini_body}
_FRAMES = {"openai": openai_frames, "anthropic": anthropic_frames, "gemini": gemini.frames}
