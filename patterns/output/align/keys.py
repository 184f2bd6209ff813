"""Which field a key of the answer means: the exact name, another spelling of it, or a misspelling within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from patterns.output.align.spelling import distance, fold, tolerance


class Names:
    """The names of some fields, by number, ready to look keys up in."""

    __slots__ = ("_folded", "exact")

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        self.exact: dict[str, int] = {}
        for field, spellings in enumerate(names):
            for spelling in spellings:
                self.exact.setdefault(spelling, field)
        folded: dict[str, set[int]] = {}
        for spelling, field in self.exact.items():
            folded.setdefault(fold(spelling), set()).add(field)
        self._folded = {spelling: min(fields) for spelling, fields in folded.items() if len(fields) == 1}

    def respelled(self, key: str) -> int | None:
        """Find the field whose name this is but for case, accents and punctuation."""
        return self._folded.get(fold(key)) if len(key) < 200 else None

    def misspelled(self, keys: Iterable[str], free: Iterable[int]) -> Mapping[str, tuple[int, int]]:
        """Pair keys with the fields, among those still free, that they misspell: key → (field, wrong letters).

        A key as near to two fields is left alone, and so are two keys as near to one. The letters wrong in all
        may be no more than one for each free field and one over: a text full of them is about something else.
        """
        wanted = set(free)
        spellings = [(spelling, field) for spelling, field in self._folded.items() if field in wanted]
        budget = len(wanted) + 1
        pairs: list[tuple[int, str, int]] = []
        for key in list(keys)[:64]:
            near = _near(fold(key), spellings)
            if near is not None:
                pairs.append((near[1], key, near[0]))
        claims: dict[int, list[int]] = {}
        for wrong, _, field in pairs:
            claims.setdefault(field, []).append(wrong)
        chosen: dict[str, tuple[int, int]] = {}
        for wrong, key, field in sorted(pairs):
            if wrong <= budget and claims[field].count(min(claims[field])) == 1 and wrong == min(claims[field]):
                chosen[key] = (field, wrong)
                budget -= wrong
        return chosen


def _near(key: str, spellings: Sequence[tuple[str, int]]) -> tuple[int, int] | None:
    """Find the one field that a folded key misspells, and the number of wrong letters."""
    best: set[int] = set()
    least = 99
    for spelling, field in spellings:
        limit = min(tolerance(max(len(key), len(spelling))), least)
        wrong = distance(key, spelling, limit) if limit else 99
        if wrong <= limit:
            best = {field} if wrong < least else best | {field}
            least = wrong
    return (best.pop(), least) if len(best) == 1 else None
