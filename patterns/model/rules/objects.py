"""Which value goes to which field of an object: each place in the text is given away once, ties to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patterns.model.rules.found import MARGIN, Found
from patterns.model.rules.kinds import Kind

_DERIVED = frozenset({"currency", "choice", "flag"})
"""Kinds that may be read off a place that holds another value too."""


def assign(claims: Mapping[str, tuple[Kind, Sequence[Found]]]) -> dict[str, Found]:
    """Settle the claims of sibling fields, surest first."""
    given: dict[str, Found] = {}
    taken: list[tuple[str, Found]] = []
    waiting = {name: list(found) for name, (_, found) in claims.items() if found}
    while waiting:
        name = max(waiting, key=lambda n: waiting[n][0].confidence)
        best = waiting[name][0]
        kind = claims[name][0]
        if _blocked(kind, best, taken, claims):
            _drop(waiting, name)
            continue
        rivals = [n for n in waiting if n != name and _contests(kind, best, claims[n][0], waiting[n][0])]
        if rivals and best.confidence < 0.9:
            for loser in (name, *rivals):
                _drop(waiting, loser)
            continue
        if not _tied(best, waiting[name][1:], taken, kind, claims):
            given[name] = best
            taken.append((name, best))
        del waiting[name]
    return given


def _drop(waiting: dict[str, list[Found]], name: str) -> None:
    waiting[name].pop(0)
    if not waiting[name]:
        del waiting[name]


def _blocked(
    kind: Kind, one: Found, taken: Sequence[tuple[str, Found]], claims: Mapping[str, tuple[Kind, Sequence[Found]]]
) -> bool:
    return kind not in _DERIVED and any(one.overlaps(other) and claims[n][0] not in _DERIVED for n, other in taken)


def _contests(kind: Kind, one: Found, other_kind: Kind, other: Found) -> bool:
    """Whether another field claims the same place about as strongly."""
    if kind in _DERIVED or other_kind in _DERIVED:
        return False
    return one.overlaps(other) and abs(one.confidence - other.confidence) < MARGIN


def _tied(
    best: Found,
    others: Sequence[Found],
    taken: Sequence[tuple[str, Found]],
    kind: Kind,
    claims: Mapping[str, tuple[Kind, Sequence[Found]]],
) -> bool:
    """Whether a different value speaks for itself as well as the best one does."""
    return any(
        other.value != best.value
        and best.confidence - other.confidence < MARGIN
        and not other.overlaps(best)
        and not _blocked(kind, other, taken, claims)
        for other in others
    )
