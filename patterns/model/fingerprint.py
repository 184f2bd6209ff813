"""What a request depends on, as canonical JSON: the key that equal requests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from hashlib import sha256
from typing import TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from patterns.errors import InputError
from patterns.exchange import Options, Request, Target
from patterns.messages import Json, Message, Part, Tool
from patterns.model.saved import from_bytes, to_bytes

T = TypeVar("T")

WIRE = 1
"""The version of the way from a request to a provider's words. Raise it when the same request is put differently."""

Content: TypeAlias = dict[str, Json]

_APART = frozenset({"timeout", "api_base", "extra", "wishes", "logit_bias"})
_SAMPLING = tuple(each.name for each in fields(Options) if each.name not in _APART)
_REAL = frozenset({"temperature", "top_p", "frequency_penalty", "presence_penalty"})
_MOST_KEPT = 256


def fingerprint(request: Request) -> str:
    """Give the key of a request, 64 hexadecimal digits: equal for equal content, whatever the order of mappings.

    How long to wait (`timeout`), and what of `api_base` is not its host or path, do not count. Raises InputError for
    options and schemas that JSON cannot hold.
    """
    return _hashed(_canonical(_asked(request)), _kept(request.target, _target), _kept(request.tools, _tools))


def content(request: Request) -> Content:
    """Give all that the key is made of, without what is not set. Raises as `fingerprint`."""
    whole = _asked(request)
    if request.target is not None:
        whole["target"] = _target(request.target)
    if request.tools:
        whole["tools"] = _tools(request.tools)
    return cast("Content", from_bytes(_canonical(whole)))


def key_of(found: Content) -> str:
    """Give the key of a `content`, for one that was changed: from which secrets were struck out, say."""
    rest = {name: value for name, value in found.items() if name not in ("target", "tools")}
    long = (_canonical(found[name]) if name in found else b"" for name in ("target", "tools"))
    return _hashed(_canonical(rest), *long)


def _hashed(*parts: bytes) -> str:
    """Hash canonical JSON; no line break stands in it, so that the parts stay apart."""
    return sha256(b"\n".join(parts)).hexdigest()


def _asked(request: Request) -> Content:
    options = request.options
    found: Content = {"wire": WIRE, "model": request.model, "mode": request.mode}
    found["messages"] = [_message(message) for message in request.messages]
    for name in _SAMPLING:
        if (value := getattr(options, name)) is not None:
            found[name] = float(value) if name in _REAL else value
    if options.api_base:
        found["api_base"] = _place(options.api_base)
    if options.logit_bias is not None:
        found["logit_bias"] = {str(token): float(bias) for token, bias in options.logit_bias.items()}
    if options.extra:
        found["extra"] = options.extra
    if options.wishes:
        found["wishes"] = list[Json](sorted(options.wishes))
    return found


def _message(message: Message) -> Json:
    told: Content = {"content": _said(message), "role": message.role}
    if message.tool_calls:
        told["tool_calls"] = [
            {"arguments": call.arguments, "id": call.id, "name": call.name, "raw": call.raw}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        told["tool_call_id"] = message.tool_call_id
    if message.thoughts is not None:
        told["thoughts"] = {"blocks": list(message.thoughts.blocks), "model": message.thoughts.model}
    return told


def _said(message: Message) -> Json:
    """Text as it is; of a part its hash, and what else of it is sent."""
    if isinstance(message.content, str):
        return message.content
    return [piece if isinstance(piece, str) else _part(piece) for piece in message.content]


def _part(part: Part) -> Json:
    """An address may hold a signature: its host and path are told, and the whole of it is hashed."""
    told: Content = {"part": part.kind, "media_type": part.media_type, "sha256": part.digest}
    if part.name:
        told["name"] = part.name
    return told | ({"url": _place(part.url)} if part.url else {"bytes": len(part.data)})


def _target(target: Target) -> Json:
    return {"name": target.name, "schema": target.schema, "strict": target.strict, "wrapped": target.wrapped}


def _tools(tools: tuple[Tool, ...]) -> Json:
    return [{"description": tool.description, "name": tool.name, "parameters": tool.parameters} for tool in tools]


def _place(api_base: str) -> str:
    """Host, port and path of an address: no user, no password, no query, for these may be keys."""
    try:
        parts = urlsplit(api_base)
    except ValueError:
        return "no address"
    return f"{parts.netloc.rpartition('@')[2].lower()}{parts.path.rstrip('/')}"


def _canonical(value: Json) -> bytes:
    try:
        return to_bytes(value)
    except (TypeError, ValueError, RecursionError) as error:
        hint = "give options, tools and schemas that JSON can hold"
        raise InputError(f"the request has no key: {error}", hint=hint) from None


_bytes: dict[int, tuple[object, bytes]] = {}
"""Canonical bytes by the identity of a value, beside the value itself, which keeps its identity by that."""


def _kept(value: T | None, plain: Callable[[T], Json]) -> bytes:
    """Write a target or tools, which are long and stay the same from call to call; nothing for none."""
    if not value:
        return b""
    found = _bytes.get(id(value))
    if found is None or found[0] is not value:
        if len(_bytes) >= _MOST_KEPT:
            _bytes.clear()
        found = _bytes[id(value)] = (value, _canonical(plain(value)))
    return found[1]
