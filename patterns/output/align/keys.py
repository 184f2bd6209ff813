"""Which field a key of the answer means: the exact name, another spelling of it, or a misspelling within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from patterns.output.align.spelling import fold, misspelled


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
        """Find the field whose name this is but for case, accents, punctuation, and a unit behind it in brackets."""
        if len(key) >= 200:
            return None
        field = self._folded.get(fold(key))
        if field is None and key.endswith(")") and (unit := key.rfind("(")) > 0:
            return self._folded.get(fold(key[:unit]))
        return field

    def misspelled(self, keys: Iterable[str], free: Iterable[int]) -> Mapping[str, tuple[int, int]]:
        """Pair keys with the fields, among those still free, that they misspell: key → (field, wrong letters).

        A key that could be two fields is left alone, and so are two keys that could be one. The letters wrong in
        all may be no more than one for each free field and one over: a text full of them is about something else.
        """
        wanted = set(free)
        spellings = [(spelling, field) for spelling, field in self.exact.items() if field in wanted]
        meant: dict[str, tuple[int, int]] = {}
        for key in list(keys)[:64]:
            found = {(field, wrong) for spelling, field in spellings if (wrong := misspelled(key, spelling))}
            if len({field for field, _ in found}) == 1:
                meant[key] = min(found)
        claimed = [field for field, _ in meant.values()]
        alone = {key: match for key, match in meant.items() if claimed.count(match[0]) == 1}
        return alone if sum(wrong for _, wrong in alone.values()) <= len(wanted) + 1 else {}
