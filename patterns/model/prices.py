"""What calls cost in US dollars, from litellm's price table: None where the price is not known, never 0 for unknown."""

from __future__ import annotations

from patterns.model.client import loaded
from patterns.model.known import facts


def settled(model: str, told: object) -> float | None:
    """The cost of a call as litellm computed it; its 0 counts only for a model that the table knows to be free."""
    if not isinstance(told, int | float):
        return None
    return float(told) if told > 0 or prices(model) == (0.0, 0.0) else None


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
    found = facts(model)
    given, made = found.get("input_cost_per_token"), found.get("output_cost_per_token")
    if not isinstance(given, int | float) or not isinstance(made, int | float):
        return None
    return float(given), float(made)
