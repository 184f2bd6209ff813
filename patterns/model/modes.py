"""The ways to ask a model for a shape, the strongest first, by what is known of it beforehand."""

from __future__ import annotations

from functools import lru_cache

from patterns.exchange import Mode, Options
from patterns.model.known import facts, provider_of

LADDER: tuple[Mode, ...] = ("json_schema", "tools", "json_object", "prompted")
"""From enforced by the provider to asked for in words."""

_BY_PROVIDER: dict[str, Mode] = {
    # Ollama constrains every model to the schema it is given.
    "ollama": "json_schema",
    "ollama_chat": "json_schema",
    # So does llama.cpp.
    "local": "json_schema",
}
_THINKS_ALWAYS = ("deepseek-reasoner", "deepseek-r1", "deepseek-v4", "kimi-k2", "qwq", "magistral")
"""Models, by a part of their names, that think unless told not to, and take no forced tool then."""


_UNSEEN = frozenset({"ollama", "ollama_chat", "local"})
"""Providers that hold a model to a schema without a word of it to the model."""


def shows_schema(model: str) -> bool:
    """Tell whether the model is shown the schema of a request, beside being held to it."""
    return provider_of(model) not in _UNSEEN


def mode_of(model: str) -> Mode:
    """Take the strongest mode that litellm's table vouches for; `prompted` for models it does not know."""
    if (mode := _BY_PROVIDER.get(provider_of(model))) is not None:
        return mode
    known = facts(model)
    if known.get("supports_response_schema"):
        return "json_schema"
    if known.get("supports_function_calling") and known.get("supports_tool_choice", True):
        return "tools"
    return "prompted"


@lru_cache(maxsize=512)
def rungs(model: str, start: Mode, json_object: bool = True) -> tuple[Mode, ...]:
    """The modes from `start` down that the model may know. Without `json_object`, its provider has no such mode."""
    known = facts(model)
    without = {
        *(() if json_object else ("json_object",)),
        *(() if not known or known.get("supports_function_calling") else ("tools",)),
    }
    below = LADDER[LADDER.index(start) :]
    return tuple(mode for mode in below if mode == start or mode not in without)


def insists(model: str, options: Options) -> bool:
    """Whether the model may be made to call a tool: one that thinks, or that takes no choice, is left to choose."""
    return not (options.thinking or options.reasoning_effort) and _obeys(model)


@lru_cache(maxsize=512)
def _obeys(model: str) -> bool:
    known = facts(model)
    if known.get("supports_forced_tool_use") is False or known.get("supports_tool_choice") is False:
        return False
    return not any(part in model.lower() for part in _THINKS_ALWAYS)
