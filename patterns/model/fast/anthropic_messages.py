"""Anthropic's messages API: a request on it, made of litellm's words as litellm makes it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from patterns.exchange import Options, Request
from patterns.model.fast import anthropic_thinking as thinking
from patterns.model.fast import anthropic_turns as turns
from patterns.model.fast.anthropic_reply import Reader
from patterns.model.fast.anthropic_schema import output_schema
from patterns.model.fast.inlining import endless
from patterns.model.fast.wire import Content, Reading
from patterns.model.known import facts
from patterns.model.outgoing import Arguments

_HOME = "https://api.anthropic.com"
_HOMES = ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL")
_PATH = "/v1/messages"
_MOST = 4_096
"""Tokens of an answer, which the API wants said, of a model that litellm's table does not hold."""
_SPOKEN = frozenset(
    {"temperature", "top_p", "max_tokens", "stop", "reasoning_effort", "thinking", "tool_choice", "n"}
    | {"timeout", "api_base", "extra", "wishes"}
)
_UNSPOKEN = tuple(field.name for field in fields(Options) if field.name not in _SPOKEN)
_SAMPLING = ("temperature", "top_p")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_SCHEMA = ("type", "properties", "additionalProperties", "required", "$defs", "strict")
"""Members of a tool's schema that the API knows; litellm leaves the others out."""
_OLD = frozenset({"definitions", "components"})
_OAUTH = "sk-ant-oat"
_OWN_HEADERS = ("anthropic-", "x-api-key", "authorization")


class Messages:
    """Anthropic's wire."""

    name = "anthropic.messages"
    variables = frozenset(
        {"LITELLM_ANTHROPIC_DISABLE_URL_SUFFIX", "DEFAULT_ANTHROPIC_CHAT_MAX_TOKENS", *thinking.VARIABLES}
    )

    def obstacle(self, request: Request) -> str | None:
        options = request.options
        if not os.environ.get("ANTHROPIC_API_KEY") and os.environ.get("ANTHROPIC_AUTH_TOKEN"):
            return "ANTHROPIC_AUTH_TOKEN is set, and no key"
        if asked := self._untaken(request) - options.wishes:
            return f"this model does not take {', '.join(sorted(asked))}"
        own = options.extra.get("extra_headers")
        if isinstance(own, Mapping) and any(str(name).lower().startswith(_OWN_HEADERS) for name in own):
            return "litellm puts such headers together with its own"
        return turns.obstacle(request.messages) or thinking.obstacle(request.model, options) or _shape(request)

    def url(self, request: Request, *, stream: bool) -> str:
        base = request.options.api_base or next(filter(None, map(os.environ.get, _HOMES)), _HOME)
        return base if base.endswith(_PATH) else f"{base.rstrip('/')}{_PATH}"

    def headers(self, key: str, content: Content) -> dict[str, str]:
        betas = ["structured-outputs-2025-11-13"] if "output_format" in content else []
        found = {"anthropic-version": "2023-06-01"}
        if key.startswith(_OAUTH):
            betas.append("oauth-2025-04-20")
            found |= {"authorization": f"Bearer {key}", "anthropic-dangerous-direct-browser-access": "true"}
        else:
            found["x-api-key"] = key
        return {**found, "anthropic-beta": ",".join(betas)} if betas else found

    def content(self, words: Arguments, *, stream: bool) -> Content:
        model, messages = str(words["model"]), words["messages"]
        assert isinstance(messages, list)
        sent: Content = {"model": model.removeprefix("anthropic/"), "messages": turns.turns(messages)}
        if system := turns.system(messages):
            sent["system"] = system
        sent |= thinking.written(model, words.get("reasoning_effort"), words.get("thinking"))
        sent["max_tokens"] = _most(model, words.get("max_tokens"), sent.get("thinking", {}))
        sent |= {name: words[name] for name in _SAMPLING if name in words and _takes(model, name, words[name])}
        if words.get("stop"):
            sent["stop_sequences"] = words["stop"]
        sent |= _tools(words) | _format(words)
        return sent | ({"stream": True} if stream else {})

    def reading(self) -> Reading:
        return Reader()

    def _untaken(self, request: Request) -> frozenset[str]:
        """What is set, and litellm refuses for this model: of a template's wishes it is left out."""
        options = request.options
        unspoken = {name for name in _UNSPOKEN if getattr(options, name) is not None}
        several = {"n"} if options.n not in (None, 1) else set()
        refused = {name for name in _SAMPLING if not _takes(request.model, name, getattr(options, name))}
        return frozenset(unspoken | several | refused)


def _takes(model: str, name: str, value: object) -> bool:
    """Tell whether a model takes a sampling parameter. The later ones take none, but a temperature of 1."""
    known = facts(model).get("supports_sampling_params")
    return value is None or known is True or (known is None and _older(model)) or (name == "temperature" and value == 1)


def _older(model: str) -> bool:
    return not re.search(r"fable|opus[-_]4[-_.][78]", model.lower())


def _most(model: str, told: object, thinking_: Mapping[str, Any]) -> object:
    if told is not None:
        return told
    if (budget := thinking_.get("budget_tokens")) is not None and thinking_.get("type") == "enabled":
        return budget + thinking.BESIDE
    known = facts(model)
    return known.get("max_output_tokens") or known.get("max_tokens") or _MOST


def _shape(request: Request) -> str | None:
    """Why the tools or the schema cannot be written as litellm writes them."""
    known, called = facts(request.model), any(message.tool_calls for message in request.messages)
    if called and not request.tools and not (request.target and request.mode == "tools"):
        return "tools were called, and none is given"
    schemas = [tool.parameters for tool in request.tools]
    if request.target is not None and request.mode == "tools":
        schemas.append(request.target.schema)
    if not all(_NAME.fullmatch(tool.name) for tool in request.tools) or any(_OLD & each.keys() for each in schemas):
        return "a tool has a name or a schema that litellm rewrites"
    if request.options.tool_choice not in (None, "auto", "none") and known.get("supports_forced_tool_use") is False:
        return "this model cannot be made to call a tool"
    if request.target is None or request.mode in ("prompted", "json_object"):
        return None
    if request.mode == "tools":
        forced = known.get("supports_forced_tool_use") is not False or request.options.tool_choice is not None
        return None if forced else "this model cannot be made to call a tool"
    if not known.get("supports_native_structured_output"):
        return "this model is not known to take a schema"
    return "the schema refers to itself" if endless(request.target.schema) else None


def _tools(words: Arguments) -> Content:
    found: Content = {}
    if isinstance(tools := words.get("tools"), list):
        found["tools"] = [_tool(tool["function"]) for tool in tools]
    if (choice := words.get("tool_choice")) is not None:
        found["tool_choice"] = _choice(choice)
    return found


def _tool(function: Mapping[str, Any]) -> Content:
    schema = {"properties": {}, **function["parameters"], "type": "object"}
    return {
        "type": "custom",
        "name": function["name"],
        "description": function["description"],
        "input_schema": {name: value for name, value in schema.items() if name in _SCHEMA},
    }


def _choice(choice: object) -> Content:
    if isinstance(choice, Mapping):
        return {"type": "tool", "name": choice["function"]["name"]}
    return {"type": "any" if choice == "required" else str(choice)}


def _format(words: Arguments) -> Content:
    """Of `json_object` nothing is sent: the API has no such mode."""
    wanted = words.get("response_format")
    if not isinstance(wanted, Mapping) or wanted.get("type") != "json_schema":
        return {}
    return {"output_format": {"type": "json_schema", "schema": output_schema(wanted["json_schema"]["schema"])}}
