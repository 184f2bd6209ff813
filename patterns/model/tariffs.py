"""All that is known of what a model takes for its answers, as one value that is put together once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from patterns.model.known import facts, provider_of
from patterns.model.prices import NONE, Given, free, own_price, prices

_LONG = (100, 128, 200, 272, 512)
"""Thousands of tokens above which some providers take more for each."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """US dollars per token of input and of output, and of thoughts where these are dearer.

    `longer` are the prices of requests above a number of tokens, the highest number first.
    """

    into: float
    out: float
    thought: float
    longer: tuple[tuple[int, float, float], ...] = ()

    def worst(self, tokens: float, made: int) -> float:
        """What a request with this many tokens, and an answer of so many, costs at most."""
        for limit, into, out in self.longer:
            if tokens > limit:
                return tokens * max(into, self.into) + made * max(out, self.thought)
        return tokens * self.into + made * self.thought


@dataclass(frozen=True, slots=True)
class Ways:
    """What is not about money: the longest answer in tokens (None: unknown), whether thoughts come before it,
    whether OpenAI's tokenizer is the model's own, and whether it surely costs nothing.
    """

    most: int | None
    thinks: bool
    alike: bool
    free: bool


def tariff_of(model: str, given: Given = NONE) -> Tariff | None:
    """The user's own prices, or those that litellm knows; None where nobody knows."""
    found = facts(model)
    own = own_price(model, given)
    return _tariff(model, own, found.get("input_cost_per_token"), found.get("output_cost_per_token"))


def ways_of(model: str) -> Ways:
    found = facts(model)
    return _ways(
        model, found.get("max_output_tokens"), found.get("input_cost_per_token"), found.get("output_cost_per_token")
    )


@lru_cache(maxsize=256)
def _tariff(model: str, own: tuple[float, float] | None, *known: object) -> Tariff | None:
    """`known` is what was known when this was looked up: prices may be registered while the program runs."""
    usual = prices(model, NONE if own is None else {model: own})
    if usual is None:
        return None
    into, out = usual
    if own is not None or not (into or out):
        return Tariff(into, out, out)
    found = facts(model)

    def price(name: str, least: float) -> float:
        value = found.get(name)
        return max(least, value) if isinstance(value, int | float) else least

    thought = price("output_cost_per_reasoning_token", out)
    tiers = [
        (
            limit * 1000,
            price(f"input_cost_per_token_above_{limit}k_tokens", 0.0),
            price(f"output_cost_per_token_above_{limit}k_tokens", 0.0),
        )
        for limit in reversed(_LONG)
    ]
    return Tariff(into, out, thought, tuple(tier for tier in tiers if tier[1] or tier[2]))


@lru_cache(maxsize=256)
def _ways(model: str, most: object, *known: object) -> Ways:
    # Claude thinks when it is told to; the other models that can, do.
    return Ways(
        most=most if isinstance(most, int) else None,
        thinks=bool(facts(model).get("supports_reasoning")) and "claude" not in model,
        alike=provider_of(model) in ("openai", "azure"),
        free=free(model),
    )
