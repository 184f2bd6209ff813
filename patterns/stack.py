"""The policies of one call in their order, as its terms want them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from patterns.exchange import Request
from patterns.ledger import Ledger
from patterns.model.estimates import charged, limited, worst
from patterns.model.gateway import Gateway
from patterns.model.modes_learnt import LEARNT
from patterns.model.policies.breaker import guarded
from patterns.model.policies.budget import budgeted
from patterns.model.policies.cache import caching
from patterns.model.policies.deadline import within
from patterns.model.policies.fallback import falling_back
from patterns.model.policies.retry import retrying
from patterns.model.policies.stepping import stepping_down
from patterns.model.policies.telling import Note, noting_hits, telling
from patterns.model.policies.throttle import throttled
from patterns.model.steps import Ask, ask
from patterns.model.store import Store, store_at
from patterns.model.tokens import input_tokens
from patterns.same import of_the_same
from patterns.spending import Book, book_at
from patterns.terms import Terms


def stacked(terms: Terms, gateway: Gateway) -> Ask:
    """Put the policies around each other: once for the same terms, if no budget is the call's own.

    It is not only quicker: everything that a call holds while it waits is looked at by the garbage collector, again
    and again, and with many calls at once that is what it does most.

    A gateway that stands in for the models, as in tests, has no circuits: what it does says nothing of them.
    """
    real: bool = getattr(gateway, "cacheable", False)
    note = _note(terms) if getattr(gateway, "paid", False) else None
    store = store_at(terms.cache) if terms.cache is not False and real else None
    return (_kept if terms.max_cost is None else _made)(terms, real, note, store)


def _made(terms: Terms, real: bool, note: Note | None, store: Store | None) -> Ask:
    waits = partial(_waits, terms.fallbacks)
    policy = _counted(terms, telling(ask, prices=terms.prices, note=note))
    if terms.rpm is not None or terms.tpm is not None:
        policy = throttled(policy, rpm=terms.rpm, tpm=terms.tpm, count=input_tokens)
    if terms.breaker and real:
        policy = guarded(policy, waits=waits)
    policy = retrying(policy, retries=terms.retries, waits=waits)
    if store is not None:
        policy = caching(policy, store, ttl=terms.cache_ttl)
        policy = noting_hits(policy, note) if note else policy
    policy = stepping_down(policy, LEARNT if real else None)
    if terms.fallbacks:
        policy = falling_back(policy, terms.fallbacks, on_refusal=terms.fallback_on_refusal)
    return policy if terms.deadline is None else within(policy)


_kept = of_the_same(32)(_made)


def _waits(fallbacks: Sequence[str], request: Request) -> bool:
    """Only the last model is waited for; before it, the next one is asked."""
    return not fallbacks or request.model == fallbacks[-1]


def _note(terms: Terms) -> Note | None:
    """What writes down what was spent, where the terms want that."""
    return None if terms.usage is False else _taker(book_at(terms.usage), terms.profile)


@of_the_same(32)
def _taker(book: Book, profile: str | None) -> Note:
    return book.taker(profile)


def _counted(terms: Terms, inner: Ask) -> Ask:
    """See that every single request fits into the budgets, of which the call's own `max_cost` is one."""
    own = () if terms.max_cost is None else (Ledger(terms.max_cost, "max_cost"),)
    if not (ledgers := (*terms.ledgers, *own)):
        return inner

    most, charge = partial(worst, given=terms.prices), partial(charged, given=terms.prices)
    return budgeted(inner, ledgers, most, charge=charge, limited=limited)
