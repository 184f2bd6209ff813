"""Tells whether a provider has refused the way a shape was asked for, and what else that refusal holds for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from patterns.errors import BadRequest, ModelError, UnknownModel
from patterns.exchange import Mode, Options, Request
from patterns.messages import Json
from patterns.model.modes import thinks
from patterns.model.saved import to_bytes

ANY, THINKING, TOOLS = "", "thinking", "tools"
"""What a refusal holds for: every request, those of a model that thinks, those with tools of the caller's. Any other
scope is the key of one schema."""

_SPEAKS_OF: Mapping[Mode, re.Pattern[str]] = {
    "json_schema": re.compile(
        r"response_?format|response_?schema|response_?json_?schema|json_?schema|json schema|structured.?outputs?"
        r"|output.?format|output_?config|text_?format|schema|guided|constrained decoding|grammar|response mime type"
        r"|json.?mode|additionalProperties|nesting|properties count|no endpoints found that can handle",
        re.I,
    ),
    "tools": re.compile(
        r"\btool|function|input_?schema|parameters\b.*schema|schema|nesting|additionalProperties|grammar"
        r"|no endpoints found that (?:support|can handle)",
        re.I,
    ),
    "json_object": re.compile(
        r"response_?format|json_object|json.?mode|response mime type|grammar|no endpoints found that can handle", re.I
    ),
}
"""What a refusal of each mode speaks of."""
_FAILED = re.compile(r"failed to generate|failed_generation|tool call validation|tool_use_failed", re.I)
"""Words for an answer that went wrong, which is no refusal of the question."""
_OTHERS = re.compile(
    r"(?:^|['\"\s])messages(?:\[|\.\d|:)|tool_result|tool_call_id|tool_calls'? must|role\W+tool|role of tool"
    r"|function (?:response|call) (?:parts|turn)|functionCall parts|thought_signature|supported values are: 'system'"
    r"|context (?:length|window)|does not exist",
    re.I,
)
"""Words about what was said to the model: calls of tools in it, their order, its length; or about its name."""
_SCHEMA = re.compile(
    r"invalid schema|invalid json schema|nesting|in context=|too (?:complex|many|large|deep)|recurs|\$ref|\$defs"
    r"|\$schema|keyword|propert|for '\w+' type|is not permitted|additionalProperties|anyOf|oneOf|minimum|maximum"
    r"|minItems|could not (?:understand|translate)|conversion failed|features not supported|failed to (?:parse|compile)"
    r"|input_?schema",
    re.I,
)
"""Words about one schema, where another may well be taken."""
_BY_TYPE = re.compile(
    r"response_format\.type|'response_format', 'type'|property '(?:response_format|tools|tool_choice)'", re.I
)
"""Words about the mode as such, though they look like words about a schema."""
_WHOLE = re.compile(
    r"(?:not|n't|un|never)\W*(?:be )?(?:support|available|allowed|implement|recogni[sz]e|permitted|enabled|valid)"
    r"|disabled|unknown (?:parameter|field|name|argument)|extra inputs|unrecogni[sz]ed"
    r"|must (?:either )?be (?:one of|set|a named)"
    r"|must be '?(?:text|json_schema)|enabled only|only '?auto|requires? --|incompatible|input should be"
    r"|not one of the allowed|no endpoints found",
    re.I,
)
"""Words about the mode as such."""
_BARE = re.compile(r"\W*request contains an invalid argument\W*", re.I)
"""All that Google says, of a schema with too much in it as well as of a file that cannot be read."""
_NUMBERED = re.compile(
    r"(?:tools\.|tools\[|function_declarations\[)(\d+)(?!.*(?:tools\.|function_declarations\[)\d)", re.I
)
"""The number of a tool, the last one that is named."""
_LONG = 8
"""Characters of a name beyond which it is no word that a refusal needs."""
_THINKS = re.compile(r"\bthinking\b|\breasoning\b", re.I)
_TOOLS = re.compile(r"\btools?\b|\btool_?(?:choice|config)|\bfunctions?\b", re.I)
_FORMAT = re.compile(r"response_?format", re.I)
_BY_NAME = re.compile(r"json_?schema|json_?object|json schema|\btype\b", re.I)
_WORDS = frozenset({"description", "title", "examples", "default", "$comment"})


def scope_of(request: Request, error: ModelError) -> str | None:
    """What a refusal of the request's mode holds for, None for an error that does not refuse it."""
    if not isinstance(error, BadRequest | UnknownModel) or request.mode not in _SPEAKS_OF:
        return None
    words = _said(request, error)
    if not _speaks(request, words) or _FAILED.search(words) or _OTHERS.search(words) or _of_theirs(request, words):
        return None
    if isinstance(error, UnknownModel) and "no endpoints found" not in words.lower():
        return None
    if _THINKS.search(words) and THINKING in scopes(request):
        return THINKING
    if request.tools and request.mode != "tools" and _TOOLS.search(words):
        return TOOLS
    whole = _WHOLE.search(words) and (_BY_TYPE.search(words) or not _SCHEMA.search(words))
    return ANY if whole else key_of(_schema(request))


def _said(request: Request, error: ModelError) -> str:
    """The words of an error without the model's name, which may speak of tools, schemas and reasoning itself."""
    name = request.model.rpartition("/")[2]
    words = error.message.removeprefix(f"{request.model}: ").replace(request.model, "")
    return words.replace(name, "") if len(name) > _LONG else words


def _speaks(request: Request, words: str) -> bool:
    """Whether these words are about the request's mode.

    litellm puts a schema into a forced tool for models without a mode of their own for it, which is refused as such.
    """
    if _SPEAKS_OF[request.mode].search(words):
        return True
    if request.mode == "json_schema" and not request.tools and _TOOLS.search(words) and _WHOLE.search(words):
        return True
    return request.mode != "json_object" and bool(_BARE.fullmatch(words)) and not _shows(request)


def _shows(request: Request) -> bool:
    return any(not isinstance(message.content, str) for message in request.messages)


def _of_theirs(request: Request, words: str) -> bool:
    """Whether it is a tool of the caller's that is refused: by its name, or its number behind the answer's own."""
    if not request.tools:
        return False
    numbered = _NUMBERED.search(words)
    own = 1 if request.mode == "tools" else 0
    return (numbered is not None and int(numbered[1]) >= own) or any(
        f"'{tool.name}'" in words for tool in request.tools
    )


def refused_with(request: Request, scope: str, error: ModelError) -> tuple[Mode, ...]:
    """The modes that one refusal refuses: who knows no `response_format` at all has no second use for it either."""
    words = _said(request, error)
    whole = request.mode == "json_schema" and scope == ANY and not _BY_NAME.search(words)
    return ("json_schema", "json_object") if whole and _FORMAT.search(words) else (request.mode,)


def scopes(request: Request) -> tuple[str, ...]:
    """All that a refusal may hold for so that it holds for this request."""
    return scopes_of(request.options, bool(request.tools), _schema(request))


def scopes_of(options: Options, tools: bool, schema: Mapping[str, Json]) -> tuple[str, ...]:
    """The same by what is asked: its options, whether the caller has tools, the full schema of the answer."""
    thinking = (THINKING,) if thinks(options) else ()
    return (ANY, *thinking, *((TOOLS,) if tools else ()), key_of(schema))


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
