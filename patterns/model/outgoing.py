"""A request in litellm's words: messages, sampling parameters, and the shape of the answer by mode."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter

from pydantic_core import from_json, to_json

from patterns.exchange import Options, Request, Target
from patterns.messages import Content, Json, Message, Tool
from patterns.model.known import provider_of
from patterns.model.media import part_words
from patterns.model.modes import insists

Arguments = dict[str, object]

_NAME = re.compile(r"[^a-zA-Z0-9_-]+")
_OURS = frozenset({"timeout", "extra", "wishes"})
_SAMPLING = tuple(field.name for field in fields(Options) if field.name not in _OURS)
_sampled = attrgetter(*_SAMPLING)
_MARKED = frozenset({"anthropic"})
"""Providers that want to be told what to keep of a prompt. The others keep what they like, by themselves."""
_FIXED: Mapping[str, object] = {
    # Retrying is the policies' work; a layer below that retries too multiplies the bill.
    "max_retries": 0,
    "num_retries": 0,
    # With tools, litellm imports its proxy and a package of an extra that we do not ask for.
    "_skip_mcp_handler": True,
}


def arguments(request: Request, dropped: frozenset[str] = frozenset()) -> Arguments:
    """Give the keyword arguments of `litellm.acompletion`. `dropped` are wishes that the model is known not to take.

    Schemas in it are the request's own: who lets others rewrite them takes them `apart` first.
    """
    options = request.options
    messages = [_message(m, request.model) for m in request.messages]
    if request.marks and provider_of(request.model) in _MARKED:
        for number in request.marks:
            messages[number] = _marked(messages[number])
    words: Arguments = {**options.extra, "model": request.model, "messages": messages}
    for name, value in zip(_SAMPLING, _sampled(options), strict=True):
        if value is not None and name not in dropped:
            words[name] = _plain(value)
    if options.tool_choice is not None:
        words["tool_choice"] = _chosen(options.tool_choice)
    tools = [_tool(tool) for tool in request.tools]
    if request.target is not None:
        _shape(words, request, request.target, tools)
    if tools:
        words["tools"] = tools
    return {**words, **_FIXED}


def apart(words: Arguments) -> Arguments:
    """The same arguments with copies of the schemas: those are kept and shared, and some adapters rewrite them."""
    copied = dict(words)
    wanted = words.get("response_format")
    if isinstance(wanted, dict) and "json_schema" in wanted:
        copied["response_format"] = {**wanted, "json_schema": _copied(wanted["json_schema"])}
    if isinstance(tools := words.get("tools"), list):
        copied["tools"] = [{**tool, "function": _copied(tool["function"])} for tool in tools]
    return copied


def target_name(target: Target) -> str:
    """The target's name as providers take it: letters, digits, `_` and `-`, 64 at most."""
    return _NAME.sub("_", target.name)[:64] or "answer"


def _shape(words: Arguments, request: Request, target: Target, tools: list[Json]) -> None:
    """Ask for the shape the way the mode says; `prompted` asks in the messages alone."""
    name = target_name(target)
    if request.mode == "json_schema":
        schema = {"name": name, "schema": target.schema, "strict": target.strict}
        words["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif request.mode == "json_object":
        words["response_format"] = {"type": "json_object"}
    elif request.mode == "tools":
        tools.insert(0, _function(name, "Give the answer.", target.schema))
        words.setdefault("tool_choice", _insistence(request, name))


def _chosen(choice: str) -> Json:
    """One of the API's own words, or the name of the tool to be called."""
    return choice if choice in ("auto", "none", "required") else {"type": "function", "function": {"name": choice}}


def _insistence(request: Request, name: str) -> Json:
    """How hard to insist on the answering tool: tools of the caller's may be called first; thinking rules force out."""
    if not insists(request.model, request.options):
        return "auto"
    return "required" if request.tools else {"type": "function", "function": {"name": name}}


def _message(message: Message, model: str) -> Json:
    words: dict[str, Json] = {"role": message.role, "content": _content(message.content)}
    if message.tool_calls:
        if not message.text.strip():
            words["content"] = None  # litellm puts words of its own into the place of an empty text
        words["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _arguments_text(call.raw, call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        words["tool_call_id"] = message.tool_call_id
    if message.thoughts is not None and message.thoughts.model == model:
        words["thinking_blocks"] = [dict(block) for block in message.thoughts.blocks]
    return words


def _marked(message: Json) -> Json:
    """Ask the provider to keep all that it read up to the end of this message."""
    assert isinstance(message, Mapping)
    content = message["content"]
    *before, last = content if isinstance(content, list) else [{"type": "text", "text": content}]
    assert isinstance(last, Mapping)
    return {**message, "content": [*before, {**last, "cache_control": {"type": "ephemeral"}}]}


def _content(content: Content) -> Json:
    if isinstance(content, str):
        return content
    return [{"type": "text", "text": piece} if isinstance(piece, str) else part_words(piece) for piece in content]


def _arguments_text(raw: str, arguments: Mapping[str, Json] | None) -> str:
    return raw or json.dumps(arguments or {}, ensure_ascii=False)


def _tool(tool: Tool) -> Json:
    return _function(tool.name, tool.description, tool.parameters or {"type": "object", "properties": {}})


def _function(name: str, description: str, parameters: Mapping[str, Json]) -> Json:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


def _copied(named: Mapping[str, Json]) -> Mapping[str, Json]:
    """A schema, or what holds its parameters, with its name; the schema inside is another one."""
    return {name: from_json(to_json(part)) if isinstance(part, Mapping) else part for name, part in named.items()}


def _plain(value: object) -> object:
    """Lists and dicts where litellm expects them."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(k): v for k, v in value.items()}
    return list(value) if isinstance(value, Sequence) else value
