"""Examples ranked by what they mean: what is not known yet, an embedding model is asked under the terms of the call."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from patterns.exchange import Attempt, Options, Request, Task
from patterns.model.calls import host
from patterns.model.embeddings import Received, embedding, price, requests
from patterns.model.likeness import Likeness, needs_numpy
from patterns.model.policies.budget import budgeted
from patterns.model.policies.deadline import within
from patterns.model.policies.retry import retrying
from patterns.model.policies.telling import telling
from patterns.model.steps import Ask, Steps
from patterns.model.trip import Deadline, Trip
from patterns.model.vectors import vectors
from patterns.prompt.choosing import Ranked
from patterns.prompt.pool import Pool
from patterns.prompt.selection import Selection
from patterns.spending import book_at
from patterns.terms import Terms

_kept: WeakKeyDictionary[Pool, dict[object, Likeness]] = WeakKeyDictionary()


def by_meaning(
    pool: Pool, on: tuple[str, ...], text: str, selection: Selection, terms: Terms, pattern: str
) -> Steps[tuple[Ranked, tuple[Attempt, ...]]]:
    """Rank the examples by their likeness to a text; give the requests that were paid for it, too.

    Vectors that were received once are kept on disk: each text is paid for once by all programs of this user.
    """
    needs_numpy()
    key = (on, selection.model, selection.api_base)
    known = _kept.setdefault(pool, {}).get(key)
    texts = pool.texts(on) if known is None else ()
    received, paid = yield from _received((*texts, text), selection, terms, pattern)
    if known is None:
        nothing = (0.0,) * max(map(len, received.values()), default=1)
        known = _kept[pool][key] = Likeness([received.get(each, nothing) for each in texts])
    return known.nearest(received[text], len(pool)) if text in received else [], paid


def _received(
    texts: tuple[str, ...], selection: Selection, terms: Terms, pattern: str
) -> Steps[tuple[Received, tuple[Attempt, ...]]]:
    """The vectors of all texts that are not blank: those that are kept, and the others from the model."""
    model, options = selection.model or "", Options(api_base=selection.api_base)
    where = host(Request(model, (), options))
    wanted = [text for text in dict.fromkeys(texts) if text.strip()]
    received: Received = dict(vectors().find(model, where, wanted))
    missing = [text for text in wanted if text not in received]
    paid: list[Attempt] = []
    if missing:
        trip = Trip(paid, Deadline.starting(terms.deadline))
        for request in requests(model, missing, options):
            fresh: Received = {}
            asked = replace(request, task=Task(pattern, "", {}, {}))
            response = yield from _policies(embedding(fresh), terms)(asked, trip)
            vectors().keep(model, where, fresh)
            received.update(fresh)
            paid.append(Attempt(asked, response))
    return received, tuple(paid)


def _policies(inner: Ask, terms: Terms) -> Ask:
    """What stands around every paid request: the account of it, the budgets, retries, the deadline."""
    note = None if terms.usage is False else book_at(terms.usage).taker(terms.profile)
    policy = telling(inner, prices=terms.prices, note=note)
    if terms.ledgers:
        policy = budgeted(policy, terms.ledgers, lambda request, room: price(request, terms.prices))
    policy = retrying(policy, retries=terms.retries)
    return policy if terms.deadline is None else within(policy)
