"""What calls cost in US dollars: by the user's own prices, else by litellm's table; None where no price is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import TypeAlias

from patterns.exchange import Usage
from patterns.model.client import loaded
from patterns.model.known import facts, provider_of, registered, without_route

_LOCAL = frozenset({"local", "ollama", "ollama_chat", "lemonade", "lm_studio", "llamafile"})
"""Providers on the user's own machine. Of hosted ones a 0 in the table mostly means that nobody knows."""
_WITHIN = frozenset({"rules", "installed"})
"""Answered within this process: by the rules engine, or by a gateway in the place of a model that nobody named."""
_MILLION = 1_000_000

Given: TypeAlias = Mapping[str, tuple[float, float]]
"""The user's own prices, which go before all others: US dollars per million tokens of input and of output, by model."""
NONE: Given = {}


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
    held = _held(module, counted)
    try:
        return settled(model, sum(module.cost_per_token(model=without_route(model), usage_object=held)))
    except Exception:  # litellm raises bare exceptions for a model that is not in its table
        return settled(model, None)


def _held(module: ModuleType, counted: object) -> object:
    """A count of tokens as an object of litellm's, which its reckoning asks for."""
    if isinstance(counted, module.Usage):
        return counted
    names = ("prompt_tokens", "completion_tokens")
    details = {n: vars(d) for n in names if (d := getattr(counted, f"{n}_details", None))}
    return module.Usage(
        **{n: getattr(counted, n, None) or 0 for n in names}, **{f"{n}_details": d for n, d in details.items()}
    )


def prices(model: str, given: Given = NONE) -> tuple[float, float] | None:
    """US dollars per token of input and of output; None when unknown."""
    if (own := own_price(model, given)) is not None:
        return own[0] / _MILLION, own[1] / _MILLION
    if free(model):
        return 0.0, 0.0
    into, out = _price(model, "input"), _price(model, "output")
    return (into, out) if into and out else None


def by_own_prices(model: str, usage: Usage | None, given: Given) -> float | None:
    """The cost of a count of tokens at the user's prices; None without a count, or without a price for this model."""
    own = own_price(model, given)
    return None if own is None or usage is None else _product(usage, own) / _MILLION


def own_price(model: str, given: Given) -> tuple[float, float] | None:
    """What the user says of a model, by its whole name or the one without its provider."""
    return (given.get(model) or given.get(model.partition("/")[2])) if given else None


def _product(usage: Usage, price: tuple[float, float]) -> float:
    return usage.input_tokens * price[0] + usage.output_tokens * price[1]


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
