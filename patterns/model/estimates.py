"""What a request will take, before it is made: tokens counted on this machine, and the range of its cost."""

from __future__ import annotations

import json
from dataclasses import dataclass

from patterns.exchange import Request
from patterns.model.client import litellm
from patterns.model.known import facts, provider_of
from patterns.model.outgoing import arguments
from patterns.model.prices import free, prices

ASSUMED_OUTPUT = 4096
"""Tokens that an answer without max_tokens is taken to need at most, where the model's own limit is higher."""
SLACK = 1.35
"""Other providers' tokenizers, which would have to be downloaded, cut a text into up to a third more tokens."""
COUNTED_BY = "gpt-4o"


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


def estimate(request: Request) -> Estimate:
    """Count a request and price it. Nothing is sent; litellm is imported for its tokenizer."""
    given, made = input_tokens(request), _output_tokens(request)
    low = high = None
    if (price := prices(request.model)) is not None:
        slack = 1.0 if provider_of(request.model) in ("openai", "azure") else SLACK
        low = given * price[0]
        high = given * slack * price[0] + made * price[1]
    return Estimate(request.model, given, made, low, high)


def worst(request: Request) -> float | None:
    """The most that a request may cost in US dollars, None when the price is unknown; 0 for a free model."""
    return 0.0 if free(request.model) else estimate(request).high


def input_tokens(request: Request) -> int:
    words = arguments(request)
    count = litellm().token_counter
    shape = {name: words[name] for name in ("response_format", "tools") if name in words}
    tokens = int(count(model=COUNTED_BY, messages=words["messages"]))
    return tokens + (int(count(model=COUNTED_BY, text=json.dumps(shape))) if shape else 0)


def _output_tokens(request: Request) -> int:
    limit = request.options.max_tokens
    if limit is None:
        known = facts(request.model).get("max_output_tokens")
        limit = min(known, ASSUMED_OUTPUT) if isinstance(known, int) else ASSUMED_OUTPUT
    return limit * (request.options.n or 1)
