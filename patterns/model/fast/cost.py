"""What an answer cost in US dollars, by litellm's table and as litellm reckons it, without litellm."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.exchange import Usage
from patterns.model.known import facts, provider_of
from patterns.model.prices import settled

_LONG = (512, 272, 200, 128, 100)
"""Thousands of tokens of input above which some models take more for each."""
_TIERS = {"priority": "_priority", "flex": "_flex"}


def cost_of(asked: str, answered: str, usage: Usage | None, tier: object = None) -> float | None:
    """The cost of a count of tokens: by the name in the reply if it has a price, else by the name asked for."""
    if usage is None or usage.estimated:
        return settled(asked, None)
    named = answered if answered.startswith(f"{provider_of(asked)}/") else f"{provider_of(asked)}/{answered}"
    found = next((f for f in map(facts, (named, asked)) if f.get("input_cost_per_token")), None)
    return settled(asked, None if found is None else _reckoned(found, usage, _TIERS.get(str(tier), "")))


def _reckoned(found: Mapping[str, object], usage: Usage, tier: str) -> float:
    long = next((f"_above_{k}k_tokens" for k in _LONG if _above(found, usage, k)), "")

    def price(kind: str, otherwise: float = 0.0) -> float:
        names = (f"{kind}{long}{tier}", f"{kind}{long}", f"{kind}{tier}", kind)
        return next((float(p) for n in names if isinstance(p := found.get(n), int | float)), otherwise)

    into, out = price("input_cost_per_token"), price("output_cost_per_token")
    fresh = max(usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens, 0)
    said = usage.output_tokens - usage.reasoning_tokens
    return (
        fresh * into
        + usage.cached_tokens * price("cache_read_input_token_cost")
        + usage.cache_write_tokens * price("cache_creation_input_token_cost")
        + said * out
        + usage.reasoning_tokens * price("output_cost_per_reasoning_token", out)
    )


def _above(found: Mapping[str, object], usage: Usage, thousands: int) -> bool:
    return usage.input_tokens > thousands * 1000 and f"input_cost_per_token_above_{thousands}k_tokens" in found
