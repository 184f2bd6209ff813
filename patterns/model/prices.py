"""What calls cost in US dollars, from litellm's price table: None where the price is not known, never 0 for unknown."""

from __future__ import annotations

from patterns.model.client import loaded
from patterns.model.known import facts, provider_of, registered

_LOCAL = frozenset({"ollama", "ollama_chat", "lemonade", "lm_studio", "llamafile"})
"""Providers on the user's own machine. Of hosted ones a 0 in the table mostly means that nobody knows."""
_WITHIN = frozenset({"rules", "installed"})
"""Answered within this process: by the rules engine, or by a gateway in the place of a model that nobody named."""


def settled(model: str, told: object) -> float | None:
    """The cost of a call as litellm computed it; its 0 counts only for a model that is known to be free."""
    if isinstance(told, int | float) and told > 0:
        return float(told)
    return 0.0 if free(model) else None


def cost_of(model: str, counted: object) -> float | None:
    """The cost of a count of tokens as litellm holds it; cached and reasoning tokens at their own prices."""
    module = loaded()
    if module is None or counted is None:
        return None
    try:
        return settled(model, sum(module.cost_per_token(model=model, usage_object=counted)))
    except Exception:  # litellm raises bare exceptions for a model that is not in its table
        return None


def prices(model: str) -> tuple[float, float] | None:
    """US dollars per token of input and of output; None when unknown."""
    if free(model):
        return 0.0, 0.0
    given, made = _price(model, "input"), _price(model, "output")
    return (given, made) if given and made else None


def free(model: str) -> bool:
    """Tell whether a call surely costs nothing: the model runs here, is offered free, or was registered at 0."""
    if model in _WITHIN:
        return True
    if provider_of(model) in _LOCAL:
        return not model.endswith("cloud")
    return model.endswith(":free") or (registered(model) and _price(model, "input") == _price(model, "output") == 0)


def _price(model: str, side: str) -> float | None:
    value = facts(model).get(f"{side}_cost_per_token")
    return float(value) if isinstance(value, int | float) else None
