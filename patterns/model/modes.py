"""The best way to ask a model for a shape, by what is known of it."""

from __future__ import annotations

from patterns.exchange import Mode
from patterns.model.known import facts, provider_of

_BY_PROVIDER: dict[str, Mode] = {
    # Ollama constrains every model to the schema it is given.
    "ollama": "json_schema",
    "ollama_chat": "json_schema",
    # So does llama.cpp.
    "local": "json_schema",
}


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
