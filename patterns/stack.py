"""The policies of one call in their order, as its terms want them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from patterns.exchange import Attempt, Request
from patterns.ledger import Ledger
from patterns.model.estimates import charged, limited, worst
from patterns.model.gateway import Gateway
from patterns.model.modes_learnt import LEARNT
from patterns.model.policies.breaker import guarded
from patterns.model.policies.budget import budgeted
from patterns.model.policies.cache import caching
from patterns.model.policies.deadline import Deadline, within
from patterns.model.policies.fallback import Adapt, falling_back
from patterns.model.policies.retry import retrying
from patterns.model.policies.stepping import Ways, stepping_down
from patterns.model.policies.telling import Note, noting_hits, telling
from patterns.model.policies.throttle import throttled
from patterns.model.steps import Ask, ask
from patterns.model.store import store_at
from patterns.model.tokens import input_tokens
from patterns.spending import book_at
from patterns.terms import Terms


def stacked(terms: Terms, trail: list[Attempt], adapt: Adapt, gateway: Gateway, ways: Ways | None = None) -> Ask:
    """Put the policies around each other; the clock of the deadline starts here.

    A gateway that stands in for the models, as in tests, has no circuits: what it does says nothing of them.
    """
    deadline = Deadline.starting(terms.deadline)
    waits = partial(_waits, terms.fallbacks)
    real: bool = getattr(gateway, "cacheable", False)
    note = _note(terms) if getattr(gateway, "paid", False) else None
    policy = _counted(terms, telling(ask, prices=terms.prices, note=note))
    if terms.rpm is not None or terms.tpm is not None:
        policy = throttled(policy, deadline, rpm=terms.rpm, tpm=terms.tpm, count=input_tokens)
    if terms.breaker and real:
        policy = guarded(policy, trail, deadline, waits=waits)
    policy = retrying(policy, trail, deadline, retries=terms.retries, waits=waits)
    if terms.cache is not False and real:
        policy = caching(policy, store_at(terms.cache), ttl=terms.cache_ttl)
        policy = noting_hits(policy, note) if note else policy
    if ways is not None:
        policy = stepping_down(policy, trail, ways, LEARNT if real else None)
    if terms.fallbacks:
        policy = falling_back(policy, trail, terms.fallbacks, adapt=adapt, on_refusal=terms.fallback_on_refusal)
    return policy if terms.deadline is None else within(policy, deadline)


def _waits(fallbacks: Sequence[str], request: Request) -> bool:
    """Only the last model is waited for; before it, the next one is asked."""
    return not fallbacks or request.model == fallbacks[-1]


def _note(terms: Terms) -> Note | None:
    """What writes down what was spent, where the terms want that."""
    return None if terms.usage is False else book_at(terms.usage).taker(terms.profile)


def _counted(terms: Terms, inner: Ask) -> Ask:
    """See that every single request fits into the budgets, of which the call's own `max_cost` is one."""
    own = () if terms.max_cost is None else (Ledger(terms.max_cost, "max_cost"),)
    if not (ledgers := (*terms.ledgers, *own)):
        return inner

    most, charge = partial(worst, given=terms.prices), partial(charged, given=terms.prices)
    return budgeted(inner, ledgers, most, charge=charge, limited=limited)
