"""Requests, responses and results as attributes of spans and metrics, under the names of `conventions`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from patterns import conventions as names
from patterns.errors import ModelError, PatternsError
from patterns.exchange import Request, Response, Result, ToolRun, Usage
from patterns.messages import Message, ToolCall
from patterns.model.known import provider_of
from patterns.redact import redact

Value: TypeAlias = str | bool | int | float | Sequence[str]
Attributes: TypeAlias = dict[str, Value]


def bare(model: str) -> str:
    """The model's own name, without litellm's word for its provider."""
    return model.partition("/")[2] or model


def kind(error: PatternsError | None) -> str:
    return type(error).__name__


def of_target(request: Request) -> Attributes:
    """Whom a request goes to: what its spans and its metrics have in common."""
    provider = provider_of(request.model) or "unknown"
    found: Attributes = {
        names.OPERATION: names.CHAT,
        names.PROVIDER: names.PROVIDERS.get(provider, provider),
        names.REQUEST_MODEL: bare(request.model),
    }
    if request.options.api_base:
        address = urlsplit(request.options.api_base)
        found |= {names.SERVER_ADDRESS: address.hostname or ""}
        found |= {names.SERVER_PORT: address.port} if address.port else {}
    return found


def of_request(request: Request) -> Attributes:
    options = request.options
    given: Mapping[str, Value | None] = {
        names.TEMPERATURE: options.temperature,
        names.TOP_P: options.top_p,
        names.MAX_TOKENS: options.max_tokens,
        names.FREQUENCY_PENALTY: options.frequency_penalty,
        names.PRESENCE_PENALTY: options.presence_penalty,
        names.SEED: options.seed,
        names.STOP: options.stop,
        names.CHOICES: options.n,
        names.OUTPUT_TYPE: "text" if request.target is None else "json",
    }
    return _given(given)


def of_response(response: Response) -> Attributes:
    return _given(
        {
            names.RESPONSE_ID: response.id or None,
            names.RESPONSE_MODEL: response.model,
            names.FINISH_REASONS: tuple(choice.finish_reason or "unknown" for choice in response.choices),
            names.COST: response.cost,
        }
    ) | ({} if response.usage is None else _of_usage(response.usage))


def _of_usage(usage: Usage) -> Attributes:
    return _given(
        {
            names.INPUT_TOKENS: usage.input_tokens,
            names.OUTPUT_TOKENS: usage.output_tokens,
            names.CACHE_READ_TOKENS: usage.cached_tokens or None,
            names.CACHE_WRITE_TOKENS: usage.cache_write_tokens or None,
            names.REASONING_TOKENS: usage.reasoning_tokens or None,
            names.ESTIMATED: usage.estimated or None,
        }
    )


def of_result(result: Result[object]) -> Attributes:
    """What a call came to in all. Its tokens have names of our own, or they would be summed with its requests' own."""
    return _given(
        {
            names.ATTEMPTS: len(result.attempts),
            names.REPAIRS: len(result.repairs),
            names.TOOL_RUNS: len(result.tool_runs) or None,
            names.CACHED: result.cached,
            names.FALLBACK_MODEL: result.fallback_model,
            names.ALL_INPUT_TOKENS: result.usage.input_tokens,
            names.ALL_OUTPUT_TOKENS: result.usage.output_tokens,
            names.COST: result.cost,
        }
    )


def of_call(call: ToolCall) -> Attributes:
    """What is known of a tool before it runs."""
    return _given(
        {
            names.OPERATION: names.EXECUTE_TOOL,
            names.TOOL_NAME: call.name,
            names.TOOL_TYPE: names.FUNCTION,
            names.TOOL_CALL_ID: call.id,
        }
    )


def of_run(run: ToolRun) -> Attributes:
    """What was said to a tool and by it: texts, which are recorded only on wish."""
    told = run.output if run.error is None else run.error
    return {names.TOOL_CALL_ARGUMENTS: _json(run.arguments), names.TOOL_CALL_RESULT: redact(told)}


def of_error(error: PatternsError) -> Attributes:
    status = error.status if isinstance(error, ModelError) else None
    return _given({names.ERROR_TYPE: kind(error), names.STATUS_CODE: status})


def _given(values: Mapping[str, Value | None]) -> Attributes:
    return {name: value for name, value in values.items() if value is not None}


def texts(request: Request, response: Response | None) -> Attributes:
    """What was said, in the JSON of the conventions."""
    found: Attributes = {names.INPUT_MESSAGES: _json([_said(message) for message in request.messages])}
    if response is not None:
        answers = [
            {"role": "assistant", "parts": [_text(choice.text)], "finish_reason": choice.finish_reason or "unknown"}
            for choice in response.choices
        ]
        found[names.OUTPUT_MESSAGES] = _json(answers)
    return found


def _said(message: Message) -> dict[str, object]:
    if message.role == "tool":
        answer = {"type": "tool_call_response", "id": message.tool_call_id, "response": message.text}
        return {"role": "tool", "parts": [answer]}
    parts = [_text(message.text)] if message.content else []
    calls = [
        {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments or call.raw}
        for call in message.tool_calls
    ]
    return {"role": message.role, "parts": [*parts, *calls]}


def _text(content: str) -> dict[str, object]:
    return {"type": "text", "content": content}


def _json(value: object) -> str:
    return redact(json.dumps(value, ensure_ascii=True, default=str))
