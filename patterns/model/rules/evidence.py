"""Everything of a known form in a passage, looked for on demand, once."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from patterns.model.rules import contacts, dates, figures, money
from patterns.model.rules.passage import Passage, Span


@dataclass(frozen=True)
class Evidence:
    """The finders of one passage."""

    passage: Passage

    def part(self, start: int, end: int) -> Evidence:
        return Evidence(self.passage.part(start, end))

    @cached_property
    def dates(self) -> list[dates.When]:
        return dates.dates_in(self.passage)

    @cached_property
    def times(self) -> list[tuple[str, int, int]]:
        return dates.times_in(self.passage)

    @cached_property
    def money(self) -> list[money.Money]:
        return money.money_in(self.passage)

    @cached_property
    def numbers(self) -> list[figures.Amount]:
        """Numbers that are no part of a date."""
        taken = [(when.start, when.stop) for when in self.dates]
        return [a for a in figures.numbers_in(self.passage) if not inside(a.start, taken)]

    @cached_property
    def ratings(self) -> list[tuple[float, int, int, int]]:
        return figures.ratings_in(self.passage)

    @cached_property
    def emails(self) -> list[Span]:
        return contacts.emails_in(self.passage)

    @cached_property
    def urls(self) -> list[Span]:
        return contacts.urls_in(self.passage)

    @cached_property
    def phones(self) -> list[Span]:
        taken = [(when.start, when.stop) for when in self.dates]
        return [span for span in contacts.phones_in(self.passage) if not inside(span.start, taken)]

    @cached_property
    def ips(self) -> list[Span]:
        return contacts.ips_in(self.passage)

    @cached_property
    def uuids(self) -> list[Span]:
        return contacts.uuids_in(self.passage)


def inside(at: int, spans: list[tuple[int, int]]) -> bool:
    """Whether an offset lies in one of these spans, which are in order."""
    index = bisect_right(spans, (at, float("inf"))) - 1
    return index >= 0 and at < spans[index][1]
