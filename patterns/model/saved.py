"""Responses as JSON bytes and back, losslessly; what is read is checked, for a file can be changed by anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from pydantic_core import to_json

from patterns.exchange import Choice, Response, Source, Usage
from patterns.messages import Json, ToolCall

T = TypeVar("T")

_CODEC = ("utf-8", "surrogatepass")
_MISSING = object()


class Unsound(ValueError):
    """What was read is no response."""


def to_bytes(value: Json) -> bytes:
    """Write canonical JSON: sorted, without spaces. Halves of surrogate pairs stay halves.

    Escaped, two halves side by side would look like the whole. Raises TypeError, ValueError or RecursionError for what
    JSON cannot hold.
    """
    return _encode(value).encode(*_CODEC)


def written(answer: Response) -> bytes:
    """Write a response, whose answer it is (`request`) apart. Raises as `to_bytes`."""
    try:
        return to_json(answer if answer.request is None else replace(answer, request=None), inf_nan_mode="constants")
    except ValueError:  # halves of surrogate pairs, or a mapping of a class of its own
        return to_bytes(plain(answer))


def from_bytes(written: bytes) -> Json:
    """Read what `to_bytes` wrote. Raises Unsound for anything else."""
    try:
        return cast("Json", json.loads(written.decode(*_CODEC)))
    except (ValueError, RecursionError) as error:
        raise Unsound(str(error)) from None


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode
_USAGE = tuple(each.name for each in fields(Usage))


def plain(response: Response) -> dict[str, Json]:
    """A response as JSON values, without what is as it mostly is. Whose answer it is (`request`) is not kept."""
    found: dict[str, Json] = {"choices": [_choice(choice) for choice in response.choices], "model": response.model}
    if response.usage is not None:
        found["usage"] = {name: getattr(response.usage, name) for name in _USAGE}
    if response.sources:
        found["sources"] = [{each.name: getattr(s, each.name) for each in fields(Source)} for s in response.sources]
    return found | _told(response, cost=None, engine="litellm", id="")


def _choice(choice: Choice) -> Json:
    found: dict[str, Json] = {"text": choice.text, "finish_reason": choice.finish_reason}
    if choice.tool_calls:
        found["tool_calls"] = [
            {"id": call.id, "name": call.name, "arguments": call.arguments, "raw": call.raw}
            for call in choice.tool_calls
        ]
    if choice.thoughts:
        found["thoughts"] = list(choice.thoughts)
    return found | _told(choice, reasoning="", refusal=None, role="assistant")


def _told(value: object, **usual: Json) -> dict[str, Json]:
    return {name: given for name, default in usual.items() if (given := getattr(value, name)) != default}


def response(found: Json) -> Response:
    """Read a response that `plain` made. Raises Unsound for what is none."""
    given = _mapping(found)
    usage = given.get("usage")
    return Response(
        choices=tuple(_read_choice(_mapping(choice)) for choice in _items(given, "choices")),
        model=_take(given, "model", str),
        usage=None if usage is None else _read_usage(_mapping(usage)),
        cost=_number(given, "cost"),
        engine=_take(given, "engine", str, "litellm"),
        id=_take(given, "id", str, ""),
        sources=tuple(_read_source(_mapping(source)) for source in _items(given, "sources")),
    )


def _read_usage(given: Mapping[str, Json]) -> Usage:
    """Counts by their names; one that was not written stands as it is by default."""
    counts: Any = {each.name: _take(given, each.name, type(each.default), each.default) for each in fields(Usage)}
    return Usage(**counts)


def _read_choice(given: Mapping[str, Json]) -> Choice:
    return Choice(
        text=_take(given, "text", str),
        finish_reason=_text_or_none(given, "finish_reason"),
        reasoning=_take(given, "reasoning", str, ""),
        refusal=_text_or_none(given, "refusal"),
        tool_calls=tuple(_read_call(_mapping(call)) for call in _items(given, "tool_calls")),
        role=_take(given, "role", str, "assistant"),
        thoughts=tuple(_mapping(block) for block in _items(given, "thoughts")),
    )


def _read_call(given: Mapping[str, Json]) -> ToolCall:
    arguments = given.get("arguments")
    return ToolCall(
        id=_take(given, "id", str),
        name=_take(given, "name", str),
        arguments=None if arguments is None else _mapping(arguments),
        raw=_take(given, "raw", str),
    )


def _read_source(given: Mapping[str, Json]) -> Source:
    return Source(
        path=_take(given, "path", str),
        input=_take(given, "input", str),
        start=_take(given, "start", int),
        end=_take(given, "end", int),
        text=_take(given, "text", str),
        confidence=_number(given, "confidence") or 0.0,
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise Unsound(f"{type(value).__name__} where an object was written")
    return value


def _items(given: Mapping[str, Json], name: str) -> Sequence[Json]:
    return _take(given, name, list, [])


def _take(given: Mapping[str, Json], name: str, kind: type[T], default: object = _MISSING) -> T:
    value = given.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unsound(f"{name} is not a {kind.__name__}")
    return value


def _text_or_none(given: Mapping[str, Json], name: str) -> str | None:
    return None if given.get(name) is None else _take(given, name, str)


def _number(given: Mapping[str, Json], name: str) -> float | None:
    value = given.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Unsound(f"{name} is not a number")
    return value
