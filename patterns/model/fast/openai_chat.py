"""OpenAI's chat completions, as OpenAI and many others speak them.

litellm's words for a request are this wire's words; little is left to do but to read the replies.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from patterns.exchange import Request
from patterns.model.fast import openai_reasoning as reasoning
from patterns.model.fast.cost import Bill
from patterns.model.fast.frames import DONE, event
from patterns.model.fast.troubles import APIResponseValidationError, MidStreamFallbackError
from patterns.model.fast.wire import Content
from patterns.model.outgoing import Arguments
from patterns.model.raw import common_finish

_HOME = "https://api.openai.com/v1"
_HOMES = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
_NOT_SENT = frozenset({"api_base", "api_key", "extra_headers", "max_retries", "num_retries", "_skip_mcp_handler"})
_WITHOUT_FORMAT = ("gpt-4", "gpt-3.5-turbo-16k")
_THOUGHT = re.compile(r"\s*<(think|thinking)>(.*?)</\1>(.*)", re.DOTALL)
"""Thoughts that a server has left in the text, in front of the answer."""


class Chat:
    """OpenAI's wire. It keeps nothing of a stream, so that one reads them all."""

    name = "openai.chat"
    variables = frozenset(
        {"OPENAI_ORGANIZATION", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS"}
        | {"EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"}
    )

    def obstacle(self, request: Request) -> str | None:
        name = request.model.removeprefix("openai/")
        if name in _WITHOUT_FORMAT and request.mode.startswith("json"):
            return "this model takes no response_format"
        return reasoning.obstacle(request, name)

    def url(self, request: Request, *, stream: bool) -> str:
        base = request.options.api_base or next(filter(None, map(os.environ.get, _HOMES)), _HOME)
        return f"{base.rstrip('/')}/chat/completions"

    def headers(self, key: str, content: Content) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"}

    def content(self, words: Arguments, *, stream: bool) -> Content:
        name = str(words["model"]).removeprefix("openai/")
        return reasoning.renamed({**written(words, stream=stream), "model": name}, name)

    def reading(self) -> Chat:
        return self

    def reply(self, data: bytes, headers: Mapping[str, str]) -> object:
        found = _parsed(data)
        if not (choices := getattr(found, "choices", None)) and getattr(found, "error", None):
            raise MidStreamFallbackError(json.loads(data)["error"])
        if not isinstance(choices, list):
            raise APIResponseValidationError(data.decode("utf-8", "replace"), headers)
        _tidy(found)
        if (counted := getattr(found, "usage", None)) is not None:
            counted.bill = self._billed(found)
        for choice in choices:
            if choice.finish_reason == "stop" and getattr(getattr(choice, "message", None), "tool_calls", None):
                choice.finish_reason = "tool_calls"
        return found

    def _billed(self, found: Any) -> Bill:
        return Bill(tier=str(getattr(found, "service_tier", None) or ""))

    def chunk(self, data: bytes) -> object | None:
        if data == DONE:
            return None
        found = _parsed(data)
        if not isinstance(found, SimpleNamespace):
            event(data)
            return SimpleNamespace()
        if getattr(found, "error", None):
            raise MidStreamFallbackError(json.loads(data)["error"])
        _tidy(found)
        return found


def written(words: Arguments, *, stream: bool) -> Content:
    """A request as it stands on the wire, but for the name of the model."""
    sent = {name: value for name, value in words.items() if name not in _NOT_SENT}
    messages = cast("list[dict[str, Any]]", words["messages"])
    sent["messages"] = [_spoken(message) for message in messages]
    return sent | ({"stream": True, "stream_options": {"include_usage": True}} if stream else {})


def _spoken(message: dict[str, Any]) -> dict[str, Any]:
    """A message without a content that is none, as beside calls."""
    return message if message["content"] is not None else {k: v for k, v in message.items() if k != "content"}


def _parsed(data: bytes) -> Any:
    try:
        return _decoded(data.decode(json.detect_encoding(data), "surrogatepass"))
    except (ValueError, RecursionError):
        return None


def _named(members: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**members)


_decoded = json.JSONDecoder(object_hook=_named).decode


def _tidy(found: Any) -> None:
    """Bring the dialects of this wire together, as litellm does, so that one reader understands them all."""
    for choice in getattr(found, "choices", None) or ():
        choice.finish_reason = common_finish(getattr(choice, "finish_reason", None))
        said = getattr(choice, "message", None) or getattr(choice, "delta", None)
        if said is None:
            continue
        said.refusal = getattr(said, "refusal", None) or None
        if not getattr(said, "reasoning_content", None):
            said.reasoning_content = getattr(said, "reasoning", None)
        if isinstance(content := getattr(said, "content", None), list):
            said.reasoning_content = _texts(content, "thinking") or said.reasoning_content
            said.content = _texts(content, "text")
        elif hasattr(choice, "message") and isinstance(content, str) and (split := _THOUGHT.match(content)):
            said.reasoning_content, said.content = said.reasoning_content or split[2], split[3]
        for index, call in enumerate(getattr(said, "tool_calls", None) or ()):
            _tidy_call(call, index)


def _tidy_call(call: Any, index: int) -> None:
    """Give a call its place, and its arguments as text."""
    if getattr(call, "index", None) is None:
        call.index = index
    if isinstance(arguments := getattr(getattr(call, "function", None), "arguments", None), SimpleNamespace):
        call.function.arguments = json.dumps(arguments, default=vars, ensure_ascii=False)


def _texts(parts: list[Any], kind: str) -> str:
    """The texts of one kind out of a content that comes in parts; thoughts hold parts of their own."""
    found = [getattr(part, kind, None) for part in parts if getattr(part, "type", None) == kind]
    return "".join(_texts(each, "text") if isinstance(each, list) else str(each or "") for each in found)
