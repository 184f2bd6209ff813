"""The ways to ask a model for a shape, the strongest first, by what is known of it beforehand."""

from __future__ import annotations

from collections.abc import Mapping
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
_THINKS_ALWAYS = (
    *("deepseek-reasoner", "deepseek-r1", "deepseek-v4", "kimi-k2", "qwq", "qwen3.", "magistral", "-thinking"),
    *("glm-4.5", "glm-4.6", "glm-4.7", "glm-5", "minimax-m"),
)
"""Models, by a part of their names, that think unless told not to, and take no forced tool then."""
_SWITCHES = frozenset(
    {"thinking", "enable_thinking", "reasoning", "reasoning_effort", "thinking_budget", "thinking_config"}
)
"""Names under which providers have thinking switched on."""
_WITHIN = frozenset({"extra_body", "chat_template_kwargs", "generation_config", "generationConfig", "thinkingConfig"})
"""Where such names may stand in what is sent as it is."""
_OFF = frozenset({"disabled", "none", "off"})


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
    return not thinks(options) and _obeys(model)


def thinks(options: Options) -> bool:
    """Whether thinking is asked for in a call, in whatever words: of ours, or of the provider's in `extra`."""
    said = (options.thinking, options.reasoning_effort)
    return any(value and _on(value) for value in said) or bool(options.extra and _asks(options.extra))


def _asks(words: Mapping[str, object]) -> bool:
    return any(
        (name in _SWITCHES and _on(value)) or (name in _WITHIN and isinstance(value, Mapping) and _asks(value))
        for name, value in words.items()
    )


def _on(value: object) -> bool:
    """Whether thinking is on by this value: a flag, tokens to think with, how much, or an object with one of them."""
    if isinstance(value, Mapping):
        said = [value[name] for name in ("type", "enabled", "effort", "max_tokens") if name in value]
        return all(map(_on, said)) if said else True
    return value.lower() not in _OFF if isinstance(value, str) else bool(value)


@lru_cache(maxsize=512)
def _obeys(model: str) -> bool:
    known = facts(model)
    if known.get("supports_forced_tool_use") is False or known.get("supports_tool_choice") is False:
        return False
    return not any(part in model.lower() for part in _THINKS_ALWAYS)
