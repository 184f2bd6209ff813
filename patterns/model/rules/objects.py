"""Which value goes to which field of an object: each place in the text is given away once, ties to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from patterns.model.rules.found import MARGIN, Found
from patterns.model.rules.labels import Meaning

_DERIVED = frozenset({"currency", "choice", "flag"})
_PARTS = frozenset({"forename", "surname", "first", "last", "given", "family"})
_UNSHAKEN = 0.87
"""From this confidence on a field keeps its place, whoever else claims it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a field asks for, best first. A sharing field may read its value off a place given to another."""

    name: str
    shares: bool
    found: tuple[Found, ...]
    wide: bool = False
    """The value is a stretch of text, and what others ask for may stand inside it."""

    def minus(self, first: int) -> Claim:
        return Claim(self.name, self.shares, self.found[first:], self.wide)


def claim(meaning: Meaning, found: Iterable[Found]) -> Claim:
    shares = meaning.kind in _DERIVED or (meaning.kind == "person" and bool(meaning.own & _PARTS))
    return Claim(meaning.field.name, shares, tuple(found), meaning.kind in ("text", "free"))


def assign(claims: Sequence[Claim]) -> dict[str, Found]:
    """Settle the claims of sibling fields, surest first."""
    given: dict[str, Found] = {}
    taken: list[tuple[Found, bool]] = []
    waiting = {one.name: one for one in claims if one.found}
    while waiting:
        first = max(waiting.values(), key=lambda one: one.found[0].confidence)
        best = first.found[0]
        rivals = [other for other in waiting.values() if other is not first and _contest(first, other)]
        if _blocked(first, best, taken):
            dropped = [first]
        elif rivals and best.confidence < _UNSHAKEN:
            dropped = [first, *rivals]
        else:
            dropped = []
            if not _tied(first, taken):
                given[first.name] = best
                taken += [] if first.shares else [(best, first.wide)]
            del waiting[first.name]
        for one in dropped:
            rest = one.minus(1)
            waiting.pop(one.name)
            if rest.found:
                waiting[one.name] = rest
    return given


def _blocked(claim: Claim, one: Found, taken: Sequence[tuple[Found, bool]]) -> bool:
    """Whether the place is given away; inside a stretch of text there is room for others, and around them for it."""
    return not claim.shares and any(
        one.overlaps(other) and not (wide and _holds(other, one)) and not (claim.wide and _holds(one, other))
        for other, wide in taken
    )


def _holds(outer: Found, inner: Found) -> bool:
    return outer.end - outer.start > inner.end - inner.start and outer.start <= inner.start and inner.end <= outer.end


def _contest(one: Claim, other: Claim) -> bool:
    """Whether two fields claim the same place about as strongly."""
    if one.shares or other.shares:
        return False
    best, rival = one.found[0], other.found[0]
    return best.overlaps(rival) and best.confidence - rival.confidence < MARGIN


def _tied(claim: Claim, taken: Sequence[tuple[Found, bool]]) -> bool:
    """Whether a different value speaks for itself as well as the best one does."""
    best = claim.found[0]
    return any(
        other.value != best.value
        and best.confidence - other.confidence < MARGIN
        and not other.overlaps(best)
        and not _blocked(claim, other, taken)
        for other in claim.found[1:]
    )
