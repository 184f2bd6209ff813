"""What OpenAI's reasoning models take of the parameters, by litellm's table and by its rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from patterns.exchange import Request
from patterns.model.known import facts

_SERIES = re.compile(r"gpt-(\d+)(?:\.(\d+))?(?=[.-]|$)")
_BRIDGED = (5, 4)
"""From here on reasoning models answer with tools on another API of OpenAI's, which litellm turns to."""
_WEIGHED = (
    *("temperature", "top_p", "stop", "frequency_penalty", "presence_penalty", "logit_bias"),
    *("reasoning_effort", "thinking"),
)
_NEVER = {
    "gpt": frozenset({"stop", "frequency_penalty", "presence_penalty", "logit_bias", "thinking"}),
    "o": frozenset({"top_p", "frequency_penalty", "presence_penalty", "thinking"}),
}


def family(name: str) -> str | None:
    """`gpt` for GPT-5 and later, `o` for the o-series, None for models that do not reason. `name` has no provider."""
    if ("gpt-5" in name or "gpt-6" in name) and "gpt-5-chat" not in name:
        return "gpt"
    return "o" if re.match(r"o\d", name) and facts(f"openai/{name}") else None


def obstacle(request: Request, name: str) -> str | None:
    """Why litellm must write this request to a reasoning model, in words; None when we can."""
    kind, known = family(name), facts(f"openai/{name}")
    if kind is None:
        told = request.options.reasoning_effort is not None or request.options.thinking is not None
        return "the words for thinking depend on the model" if told or re.match(r"o\d", name) else None
    given = {each: getattr(request.options, each) for each in _WEIGHED}
    if not known:
        wanted = request.tools or request.target or request.options.max_tokens or any(given.values())
        return "what this model takes, litellm knows" if wanted else None
    if asked := untaken(given, name) - request.options.wishes:
        return f"this model does not take {', '.join(sorted(asked))}"
    called = bool(request.tools) or (request.target is not None and request.mode == "tools")
    if called and (not known.get("supports_function_calling") or not known.get("supports_tool_choice")):
        return "this model is not known to call tools"
    if called and _version(name) >= _BRIDGED and request.options.reasoning_effort != "none":
        return "this model calls tools on another API"
    if request.target and request.mode.startswith("json") and not known.get("supports_response_schema"):
        return "this model is not known to take a schema"
    return None


def untaken(given: Mapping[str, object], name: str) -> frozenset[str]:
    """The parameters that are given and that this model does not take."""
    kind, known = family(name), facts(f"openai/{name}")
    if kind is None:
        return frozenset()
    effort = given.get("reasoning_effort")
    refused = {each for each in _NEVER[kind] if given.get(each) is not None}
    plain = kind == "gpt" and bool(known.get("supports_none_reasoning_effort")) and _rests(known, effort)
    if given.get("temperature") not in (None, 1) and not plain:
        refused.add("temperature")
    if given.get("top_p") is not None and not plain:
        refused.add("top_p")
    if kind == "gpt" and effort is not None and not _efforts(known, effort):
        refused.add("reasoning_effort")
    return frozenset(refused)


def renamed(sent: dict[str, Any], name: str) -> dict[str, Any]:
    """A request in the words that this model takes."""
    kind = family(name)
    if kind is None:
        return sent
    for each in untaken(sent, name):
        del sent[each]
    if "max_tokens" in sent:
        sent["max_completion_tokens"] = sent.pop("max_tokens")
    if kind == "o" and not facts(f"openai/{name}").get("supports_system_messages"):
        sent["messages"] = [_as_user(message) for message in sent["messages"]]
    return sent


def _as_user(message: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": message["content"]} if message["role"] == "system" else message


def _rests(known: Mapping[str, object], effort: object) -> bool:
    """Whether the model will not reason, so that it samples as others do."""
    return (known.get("default_reasoning_effort") if effort is None else effort) == "none"


def _efforts(known: Mapping[str, object], effort: object) -> bool:
    told = known.get(f"supports_{effort}_reasoning_effort")
    return effort == "max" or (told is True if effort == "xhigh" else told is not False)


def _version(name: str) -> tuple[int, int]:
    found = _SERIES.match(name)
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)
