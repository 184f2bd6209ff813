"""What an answer cost in US dollars, by litellm's table and as litellm reckons it, without litellm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patterns.exchange import Usage
from patterns.model.known import facts, provider_of
from patterns.model.prices import settled

_LONG = (512, 272, 200, 128, 100)
"""Thousands of tokens of input above which some models take more for each."""
_TIERS = {"priority": "_priority", "flex": "_flex"}


@dataclass(frozen=True, slots=True)
class Bill:
    """What a reply says that bears on its price, beside the counts: the tier and the region it was served in, how
    often the provider searched the web for it, how many of the tokens written to its cache it keeps for an hour, or
    the price itself, in US dollars.
    """

    tier: str = ""
    region: str = ""
    searches: int = 0
    kept: int = 0
    told: float | None = None


PLAIN = Bill()


def bill_of(counted: object) -> Bill:
    """The bill that a wire has put beside the counts of a reply, if any."""
    return getattr(counted, "bill", PLAIN)


def cost_of(asked: str, answered: str, usage: Usage | None, bill: Bill = PLAIN) -> float | None:
    """The cost of a count of tokens: by the name in the reply if it has a price, else by the name asked for."""
    if usage is None or usage.estimated or bill.told is not None:
        return settled(asked, bill.told)
    named = answered if answered.startswith(f"{provider_of(asked)}/") else f"{provider_of(asked)}/{answered}"
    found = next((f for f in map(facts, (named, asked)) if f.get("input_cost_per_token")), None)
    return settled(asked, None if found is None else _reckoned(found, usage, bill))


def _reckoned(found: Mapping[str, object], usage: Usage, bill: Bill) -> float:
    long = ""
    if usage.input_tokens > _LONG[-1] * 1000:
        long = next((f"_above_{k}k_tokens" for k in _LONG if _above(found, usage, k)), "")
    tier = _TIERS.get(bill.tier, "")

    def price(kind: str, otherwise: float = 0.0) -> float:
        if not (long or tier):
            value = found.get(kind)
            return float(value) if isinstance(value, int | float) else otherwise
        names = (f"{kind}{long}{tier}", f"{kind}{long}", f"{kind}{tier}", kind)
        return next((float(p) for n in names if isinstance(p := found.get(n), int | float)), otherwise)

    into, out = price("input_cost_per_token"), price("output_cost_per_token")
    fresh = max(usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens, 0)
    cost = fresh * into + (usage.output_tokens - usage.reasoning_tokens) * out
    # What most answers have none of is not looked up.
    if usage.cached_tokens:
        cost += usage.cached_tokens * price("cache_read_input_token_cost", into)
    if usage.cache_write_tokens or bill.kept:
        written = price("cache_creation_input_token_cost", into)
        cost += (usage.cache_write_tokens - bill.kept) * written
        cost += bill.kept * price("cache_creation_input_token_cost_above_1hr", written)
    if usage.reasoning_tokens:
        cost += usage.reasoning_tokens * _thought(found, tier, out)
    if bill.region:
        cost *= _among(found, "provider_specific_entry", bill.region.lower(), 1.0)
    if bill.searches:
        cost += bill.searches * _among(found, "search_context_cost_per_query", "search_context_size_medium", 0.0)
    return cost


def _thought(found: Mapping[str, object], tier: str, out: float) -> float:
    """The price of a token of thought: in a tier with prices of its own it is that of an answer, unless it is named."""
    name = "output_cost_per_reasoning_token"
    tiered = bool(tier) and f"output_cost_per_token{tier}" in found
    value = found.get(f"{name}{tier}", None if tiered else found.get(name))
    return float(value) if isinstance(value, int | float) else out


def _among(found: Mapping[str, object], table: str, name: str, otherwise: float) -> float:
    rows = found.get(table)
    value = rows.get(name) if isinstance(rows, dict) else None
    return float(value) if isinstance(value, int | float) else otherwise


def _above(found: Mapping[str, object], usage: Usage, thousands: int) -> bool:
    return usage.input_tokens > thousands * 1000 and f"input_cost_per_token_above_{thousands}k_tokens" in found
