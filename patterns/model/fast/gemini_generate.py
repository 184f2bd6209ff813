"""Gemini's generateContent: a request on it, made of litellm's words as litellm makes it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from patterns.exchange import Options, Request
from patterns.model.fast import gemini_thinking as thinking
from patterns.model.fast import gemini_turns as turns
from patterns.model.fast.gemini_reply import Reader
from patterns.model.fast.gemini_schema import declared
from patterns.model.fast.inlining import endless
from patterns.model.fast.wire import Content, Reading
from patterns.model.known import facts
from patterns.model.outgoing import Arguments

_HOME = "https://generativelanguage.googleapis.com"
_PREFIX = "gemini/"
_SPOKEN = frozenset(
    {"temperature", "top_p", "max_tokens", "stop", "seed", "n", "frequency_penalty", "presence_penalty"}
    | {"reasoning_effort", "thinking", "tool_choice", "timeout", "api_base", "extra", "wishes"}
)
_UNSPOKEN = tuple(field.name for field in fields(Options) if field.name not in _SPOKEN)
_CONFIG = {
    "temperature": "temperature",
    "top_p": "top_p",
    "n": "candidate_count",
    "stop": "stop_sequences",
    "max_tokens": "max_output_tokens",
    "seed": "seed",
}
_PENALTIES = ("frequency_penalty", "presence_penalty")
_UNPENALIZED = "gemini-2.5-pro-preview-06-05"
_OTHERS = re.compile(r"tts|image|live|audio|embedding|robotics|computer-use")
_SCHEMA = re.compile(r"gemini-(?:[2-9]|[1-9]\d+)[.-]")
"""Models that take a JSON Schema as it is."""
_MODES = {"none": "NONE", "auto": "AUTO", "required": "ANY"}


class Generate:
    """Gemini's wire, as Google AI Studio speaks it."""

    name = "gemini.generate"
    variables = frozenset(thinking.VARIABLES)

    def obstacle(self, request: Request) -> str | None:
        model, options = _model(request.model), request.options
        if asked := {name for name in _UNSPOKEN if getattr(options, name) is not None} - options.wishes:
            return f"this model does not take {', '.join(sorted(asked))}"
        if _OTHERS.search(model):
            return "the model has an API of its own"
        if any(message.role == "system" for message in request.messages) and not _takes_system(request.model):
            return "this model is not known to take system messages"
        return turns.obstacle(request.messages) or thinking.obstacle(request.model, options) or _shape(request)

    def url(self, request: Request, *, stream: bool) -> str:
        model = _model(request.model)
        version = "v1alpha" if thinking.newer(model) else "v1beta"
        base = request.options.api_base or os.environ.get("GEMINI_API_BASE") or f"{_HOME}/{version}"
        way = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"{base.rstrip('/')}/models/{model}:{way}"

    def headers(self, key: str, content: Content) -> dict[str, str]:
        return {"x-goog-api-key": key}

    def content(self, words: Arguments, *, stream: bool) -> Content:
        model, messages = _model(str(words["model"])), words["messages"]
        assert isinstance(messages, list)
        sent: Content = {"contents": turns.contents(messages, numbered=thinking.newer(model))}
        if system := turns.system(messages):
            sent["system_instruction"] = {"parts": system}
        if isinstance(tools := words.get("tools"), list):
            sent["tools"] = [{"function_declarations": [_tool(tool["function"]) for tool in tools]}]
        if (choice := words.get("tool_choice")) is not None:
            sent["toolConfig"] = {"functionCallingConfig": _choice(choice)}
        if config := _config(model, words):
            sent["generationConfig"] = config
        return sent

    def reading(self) -> Reading:
        return Reader()


def _model(name: str) -> str:
    return name.removeprefix(_PREFIX)


def _takes_system(model: str) -> bool:
    return bool(facts(model).get("supports_system_messages"))


def _shape(request: Request) -> str | None:
    """Why the tools or the schema cannot be written as litellm writes them."""
    schemas = [tool.parameters for tool in request.tools]
    if request.target is not None and request.mode == "tools":
        schemas.append(request.target.schema)
    if any("allOf" in str(each) or endless(each) for each in schemas):
        return "a tool has a schema that litellm rewrites"
    if request.target is not None and request.mode == "json_schema" and not _SCHEMA.search(_model(request.model)):
        return "this model is not known to take a JSON Schema"
    return None


def _config(model: str, words: Arguments) -> Content:
    found: Content = {"temperature": 1.0} if thinking.newer(model) else {}
    found |= {name: words[word] for word, name in _CONFIG.items() if word in words}
    if not thinking.newer(model) and model != _UNPENALIZED:
        found |= {name: words[name] for name in _PENALTIES if name in words}
    if isinstance(wanted := words.get("response_format"), Mapping):
        found["response_mime_type"] = "application/json"
        if wanted.get("type") == "json_schema":
            found["response_json_schema"] = wanted["json_schema"]["schema"]
    told = thinking.written(model, words.get("reasoning_effort"), words.get("thinking"))
    if told is not None:
        found["thinkingConfig"] = told
    return found


def _tool(function: Mapping[str, Any]) -> Content:
    return {
        "name": function["name"],
        "description": function["description"],
        "parameters": declared(function["parameters"]),
    }


def _choice(choice: object) -> Content:
    if isinstance(choice, Mapping):
        return {"mode": "ANY", "allowed_function_names": [choice["function"]["name"]]}
    return {"mode": _MODES[str(choice)]}
