"""What a request will take, before it is made: tokens, and the range of its cost."""

from __future__ import annotations

from dataclasses import dataclass

from patterns.exchange import Options, Request, Response, changed
from patterns.model.known import facts
from patterns.model.prices import NONE, Given
from patterns.model.tariffs import Tariff, tariff_of, ways_of
from patterns.model.tokens import at_most, input_tokens
from patterns.model.weights import part_tokens
from patterns.same import of_the_same

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
    if (tariff := tariff_of(request.model, given)) is None:
        return Estimate(request.model, tokens, made, None, None)
    heard = _heard(request, tariff)
    high = tariff.worst(_slack(request, tokens), made) + heard + _dearer(request, tariff)
    return Estimate(request.model, tokens, made, tokens * tariff.into + heard, high)


def worst(request: Request, room: float = 0.0, given: Given = NONE) -> float | None:
    """The most that a request may cost in US dollars, None when the price is unknown; 0 for a free model.

    While `room`, what may be spent, is wide enough, that is the cost of a bound that needs no tokenizer.
    """
    tariff = tariff_of(request.model, given)
    if tariff is None or not (tariff.into or tariff.out):
        return None if tariff is None else 0.0
    made, more = output_tokens(request), _heard(request, tariff) + _dearer(request, tariff)
    rough = tariff.worst(at_most(request) + INSTRUCTIONS, made) + more
    if rough * ROUGH <= room:
        return rough
    return min(rough, tariff.worst(_slack(request, input_tokens(request)), made) + more)


def limited(request: Request) -> Request:
    """Give the request a max_tokens if it has none: without one, no worst case would be the worst."""
    if request.options.max_tokens is not None or ways_of(request.model).free:
        return request
    return changed(request, options=_capped(request.options, _longest(request)))


@of_the_same(64)
def _capped(options: Options, most: int) -> Options:
    """The options with a max_tokens, made once for those that the calls of a pattern share."""
    return changed(options, max_tokens=most)


def charged(request: Request, response: Response, given: Given = NONE) -> float | None:
    """What an answer cost: what is known of that, else by the estimate of its tokens; None where no price is known."""
    usage = response.usage
    if response.cost is not None or usage is None or (tariff := tariff_of(request.model, given)) is None:
        return response.cost
    slack = SLACK if usage.estimated and not ways_of(request.model).alike else 1.0
    return slack * (usage.input_tokens * tariff.into + usage.output_tokens * tariff.out)


def output_tokens(request: Request) -> int:
    """The most that may come back, in all candidates."""
    return (request.options.max_tokens or _longest(request)) * (request.options.n or 1)


def _longest(request: Request) -> int:
    """Tokens of one candidate at most: thoughts with a limit of their own come on top."""
    options, ways = request.options, ways_of(request.model)
    budget = (options.thinking or {}).get("budget_tokens")
    thinks = ways.thinks or options.reasoning_effort or options.thinking
    assumed = ASSUMED_THOUGHT if thinks else ASSUMED_OUTPUT
    if isinstance(budget, int):
        assumed = ASSUMED_OUTPUT + budget
    return assumed if ways.most is None else min(ways.most, assumed)


def _dearer(request: Request, tariff: Tariff) -> float:
    """What is paid at most, in US dollars, because the provider is asked to keep what it reads."""
    price = facts(request.model).get("cache_creation_input_token_cost") if request.marks else None
    if not isinstance(price, int | float):
        return 0.0
    return SLACK * at_most(request) * max(0.0, price - tariff.into)


def _heard(request: Request, tariff: Tariff) -> float:
    """What sound costs on top of what as many tokens of text would, in US dollars."""
    sounds = [part for message in request.messages for part in message.parts if part.kind == "audio"]
    price = facts(request.model).get("input_cost_per_audio_token") if sounds else None
    if not isinstance(price, int | float):
        return 0.0
    return sum(part_tokens(part, request.model) for part in sounds) * max(0.0, price - tariff.into)


def _slack(request: Request, tokens: int) -> float:
    """Tokens of the model's own tokenizer at most, going by a count of OpenAI's."""
    if ways_of(request.model).alike:
        return tokens
    told_how = request.tools or request.mode == "tools"
    return tokens * SLACK + (INSTRUCTIONS if told_how else 0)
