"""What a request will take, before it is made: tokens, and the range of its cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from patterns.exchange import Request, Response
from patterns.model.known import facts, provider_of
from patterns.model.prices import NONE, Given, free, highest, prices
from patterns.model.tokens import at_most, input_tokens

ASSUMED_OUTPUT = 4096
"""Tokens that an answer without max_tokens is taken to need at most, where the model's own limit is higher."""
ASSUMED_THOUGHT = 16_384
"""The same of a model that thinks before it answers, for its thoughts are paid for as output."""
SLACK = 1.35
"""Other providers' tokenizers, which would have to be downloaded, cut a text into up to a third more tokens."""
INSTRUCTIONS = 600
"""Tokens at most that other providers add to a request with tools: their own words on how to call one."""
ROUGH = 50
"""A bound will do while what is left pays for this many requests at the bound."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`input_tokens` as OpenAI's tokenizer counts them, `output_tokens` the most that may come back.

    `low` and `high` are in US dollars, for no answer at all and for the longest; None when the price is unknown.
    """

    model: str
    input_tokens: int
    output_tokens: int
    low: float | None
    high: float | None


def estimate(request: Request, given: Given = NONE) -> Estimate:
    """Count a request and price it, by the user's own prices first. litellm is imported for its tokenizer."""
    tokens, made = input_tokens(request), output_tokens(request)
    price = prices(request.model, given)
    low = None if price is None else tokens * price[0]
    return Estimate(request.model, tokens, made, low, _high(request, _slack(request, tokens), given))


def worst(request: Request, room: float = 0.0, given: Given = NONE) -> float | None:
    """The most that a request may cost in US dollars, None when the price is unknown; 0 for a free model.

    While `room`, what may be spent, is wide enough, that is the cost of a bound that needs no tokenizer.
    """
    if free(request.model) and not given:
        return 0.0
    rough = _high(request, at_most(request) + INSTRUCTIONS, given)
    if rough is None or rough * ROUGH <= room:
        return rough
    return min(rough, _high(request, _slack(request, input_tokens(request)), given) or 0.0)


def limited(request: Request) -> Request:
    """Give the request a max_tokens if it has none: without one, no worst case would be the worst."""
    if request.options.max_tokens is not None or free(request.model):
        return request
    return replace(request, options=replace(request.options, max_tokens=_longest(request)))


def charged(request: Request, response: Response, given: Given = NONE) -> float | None:
    """What an answer cost: what is known of that, else by the estimate of its tokens; None where no price is known."""
    usage, price = response.usage, prices(request.model, given)
    if response.cost is not None or usage is None or price is None:
        return response.cost
    slack = SLACK if usage.estimated and not _counts_alike(request.model) else 1.0
    return slack * (usage.input_tokens * price[0] + usage.output_tokens * price[1])


def output_tokens(request: Request) -> int:
    """The most that may come back, in all candidates."""
    return (request.options.max_tokens or _longest(request)) * (request.options.n or 1)


def _longest(request: Request) -> int:
    """Tokens of one candidate at most: thoughts with a limit of their own come on top."""
    most = facts(request.model).get("max_output_tokens")
    budget = (request.options.thinking or {}).get("budget_tokens")
    assumed = ASSUMED_OUTPUT + budget if isinstance(budget, int) else _assumed(request)
    return min(most, assumed) if isinstance(most, int) else assumed


def _assumed(request: Request) -> int:
    """Claude thinks when it is told to; the other models that can, do."""
    options = request.options
    thinks = facts(request.model).get("supports_reasoning") and "claude" not in request.model
    return ASSUMED_THOUGHT if thinks or options.reasoning_effort or options.thinking else ASSUMED_OUTPUT


def _high(request: Request, tokens: float, given: Given) -> float | None:
    price = highest(request.model, int(tokens), given)
    return None if price is None else tokens * price[0] + output_tokens(request) * price[1]


def _slack(request: Request, tokens: int) -> float:
    """Tokens of the model's own tokenizer at most, going by a count of OpenAI's."""
    if _counts_alike(request.model):
        return tokens
    told_how = request.tools or request.mode == "tools"
    return tokens * SLACK + (INSTRUCTIONS if told_how else 0)


def _counts_alike(model: str) -> bool:
    return provider_of(model) in ("openai", "azure")
