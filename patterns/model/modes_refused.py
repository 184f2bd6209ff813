"""Tells whether a provider has refused the way a shape was asked for, and what else that refusal holds for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from patterns.errors import BadRequest, ModelError, UnknownModel
from patterns.exchange import Mode, Options, Request
from patterns.messages import Json
from patterns.model.saved import to_bytes

ANY, THINKING, TOOLS = "", "thinking", "tools"
"""What a refusal holds for: every request, those of a model that thinks, those with tools of the caller's. Any other
scope is the key of one schema."""

_SPEAKS_OF: Mapping[Mode, re.Pattern[str]] = {
    "json_schema": re.compile(
        r"response_?format|response_?schema|response_?json_?schema|json_?schema|json schema|structured.?outputs?"
        r"|output_format|output_config|schema|guided|grammar|response mime type|additionalProperties|nesting",
        re.I,
    ),
    "tools": re.compile(
        r"\btool|function|input_schema|parameters\b.*schema|schema|nesting|additionalProperties"
        r"|no endpoints found that (?:support|can handle)",
        re.I,
    ),
    "json_object": re.compile(r"response_?format|json_object|json.?mode|response mime type", re.I),
}
"""What a refusal of each mode speaks of."""
_FAILED = re.compile(r"failed to generate|failed_generation|tool call validation|tool_use_failed", re.I)
"""Words for an answer that went wrong, which is no refusal of the question."""
_SCHEMA = re.compile(
    r"invalid schema|invalid json schema|nesting|in context=|too (?:complex|many|large|deep)|recurs|\$ref|\$defs"
    r"|keyword|propert|for '\w+' type|is not permitted|additionalProperties|anyOf|oneOf|minimum|maximum|minItems",
    re.I,
)
"""Words about one schema, where another may well be taken."""
_WHOLE = re.compile(
    r"(?:not|n't|un|never)\W*(?:support|available|allowed|implement|recogni[sz]e|permitted)"
    r"|unknown (?:parameter|field|name|argument)|extra inputs|unrecogni[sz]ed|must be (?:one of|'?text)|not a valid"
    r"|no endpoints found",
    re.I,
)
"""Words about the mode as such."""
_THINKS = re.compile(r"\bthinking\b|\breasoning\b", re.I)
_TOOLS = re.compile(r"\btools?\b|\bfunctions?\b", re.I)
_FORMAT = re.compile(r"response_?format", re.I)
_BY_NAME = re.compile(r"json_?schema|json_?object|json schema|\btype\b", re.I)
_WORDS = frozenset({"description", "title", "examples", "default", "$comment"})


def scope_of(request: Request, error: ModelError) -> str | None:
    """What a refusal of the request's mode holds for, None for an error that does not refuse it."""
    words, speaks = error.message, _SPEAKS_OF.get(request.mode)
    if not isinstance(error, BadRequest | UnknownModel) or speaks is None or not speaks.search(words):
        return None
    if isinstance(error, UnknownModel) and "no endpoints found" not in words.lower():
        return None
    if _FAILED.search(words) or any(f"'{tool.name}'" in words for tool in request.tools):
        return None
    if _THINKS.search(words) and THINKING in scopes(request):
        return THINKING
    if request.tools and request.mode != "tools" and _TOOLS.search(words):
        return TOOLS
    return ANY if _WHOLE.search(words) and not _SCHEMA.search(words) else key_of(_schema(request))


def refused_with(request: Request, scope: str, error: ModelError) -> tuple[Mode, ...]:
    """The modes that one refusal refuses: who knows no `response_format` at all has no second use for it either."""
    whole = request.mode == "json_schema" and scope == ANY and not _BY_NAME.search(error.message)
    return ("json_schema", "json_object") if whole and _FORMAT.search(error.message) else (request.mode,)


def scopes(request: Request) -> tuple[str, ...]:
    """All that a refusal may hold for so that it holds for this request."""
    return scopes_of(request.options, bool(request.tools), _schema(request))


def scopes_of(options: Options, tools: bool, schema: Mapping[str, Json]) -> tuple[str, ...]:
    """The same by what is asked: its options, whether the caller has tools, the full schema of the answer."""
    thinks = (THINKING,) if options.thinking or options.reasoning_effort else ()
    return (ANY, *thinks, *((TOOLS,) if tools else ()), key_of(schema))


def _schema(request: Request) -> Mapping[str, Json]:
    if request.task is not None:
        return request.task.schema
    return request.target.schema if request.target is not None else {}


def key_of(schema: Mapping[str, Json]) -> str:
    """The key of a schema's shape, without what it says about it: sixteen hexadecimal digits.

    It is remembered for the very same mapping, since schemas are kept and are long.
    """
    found = _keys.get(id(schema))
    if found is None or found[0] is not schema:
        if len(_keys) >= _MOST_KEPT:
            _keys.clear()
        found = _keys[id(schema)] = (schema, sha256(to_bytes(_bare(schema))).hexdigest()[:16])
    return found[1]


_MOST_KEPT = 256
_keys: dict[int, tuple[object, str]] = {}


def _bare(value: Json) -> Json:
    """A schema without words. Names of members that look like such keywords are rare, and only make keys alike."""
    if isinstance(value, Mapping):
        kept: Iterable[tuple[str, Json]] = value.items()
        return {k: _bare(v) for k, v in kept if k not in _WORDS or not isinstance(v, str | list)}
    return [_bare(each) for each in value] if isinstance(value, list) else value
