"""The policies of one call in their order, as its terms want them."""

from __future__ import annotations

from patterns.exchange import Attempt, Request
from patterns.model.estimates import input_tokens, worst
from patterns.model.gateway import Gateway
from patterns.model.policies.breaker import guarded
from patterns.model.policies.budget import budgeted
from patterns.model.policies.cache import caching
from patterns.model.policies.deadline import Deadline, within
from patterns.model.policies.fallback import Adapt, falling_back
from patterns.model.policies.retry import retrying
from patterns.model.policies.throttle import throttled
from patterns.model.steps import Ask, ask
from patterns.model.store import store_at
from patterns.terms import Terms


def stacked(terms: Terms, trail: list[Attempt], adapt: Adapt, gateway: Gateway) -> Ask:
    """Put the policies around each other; the clock of the deadline starts here.

    A gateway that stands in for the models, as in tests, has no circuits: what it does says nothing of them.
    """
    deadline = Deadline.starting(terms.deadline)

    def waits(request: Request) -> bool:
        """Only the last model is waited for; before it, the next one is asked."""
        return not terms.fallbacks or request.model == terms.fallbacks[-1]

    real: bool = getattr(gateway, "cacheable", False)
    policy: Ask = ask
    for ledger in terms.ledgers:
        policy = budgeted(policy, ledger, worst)
    if terms.rpm is not None or terms.tpm is not None:
        policy = throttled(policy, deadline, rpm=terms.rpm, tpm=terms.tpm, count=input_tokens)
    if terms.breaker and real:
        policy = guarded(policy, trail, deadline, waits=waits)
    policy = retrying(policy, trail, deadline, retries=terms.retries, waits=waits)
    if terms.cache is not False and real:
        policy = caching(policy, store_at(terms.cache), ttl=terms.cache_ttl)
    if terms.fallbacks:
        policy = falling_back(policy, trail, terms.fallbacks, adapt=adapt, on_refusal=terms.fallback_on_refusal)
    return policy if terms.deadline is None else within(policy, deadline)
