"""A stretch of an input text: its lines, sentences, blocks and labelled values, each found once."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from patterns.model.rules.logs import pairs_of_log
from patterns.model.rules.pairs import Pair, pairs_of
from patterns.model.rules.words import Word, words_in


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of the whole input."""

    start: int
    end: int


_LINE = re.compile(r"[^\r\n]+")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)|\r?\n[ \t]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|no|nr|mr|mrs|ms|dr|prof|st|vs|approx|tel|inc|ltd|co|e\.g|i\.e)$", re.I
)
_WRAPPED, _FULL = 90, 72
"""Characters of a full line of wrapped text."""


@dataclass(frozen=True)
class Passage:
    """Characters `start` to `end` of the input named `input`; every span it gives counts from the whole text."""

    input: str
    text: str
    start: int
    end: int

    @classmethod
    def whole(cls, name: str, text: str) -> Passage:
        return cls(name, text, 0, len(text))

    def part(self, start: int, end: int) -> Passage:
        """The same text, looked at through a smaller window."""
        return Passage(self.input, self.text, max(start, self.start), min(end, self.end))

    @cached_property
    def lines(self) -> tuple[Span, ...]:
        """Lines that are not blank, without the white space around them."""
        found = (self.trim(m.start(), m.end()) for m in _LINE.finditer(self.text, self.start, self.end))
        return tuple(span for span in found if span.start < span.end)

    @cached_property
    def blocks(self) -> tuple[Passage, ...]:
        """Paragraphs: what blank lines set apart."""
        edges = [self.start, *(m.end() for m in _BLANK.finditer(self.text, self.start, self.end)), self.end]
        spans = (self.trim(a, b) for a, b in itertools.pairwise(edges))
        return tuple(self.part(*span) for span in spans if span.start < span.end)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences. A line break ends one too, unless the line was a long one: text is often wrapped."""
        spans, at = [], self.start
        for stop in _STOP.finditer(self.text, self.start, self.end):
            if not self._goes_on(at, stop.start(), stop.end()):
                spans.append(self.trim(at, stop.end()))
                at = stop.end()
        spans.append(self.trim(at, self.end))
        return tuple(span for span in spans if span.start < span.end)

    def _goes_on(self, start: int, stop: int, after: int) -> bool:
        """Whether what looks like the end of a sentence is an abbreviation or a wrapped line."""
        if self.text[stop] == ".":
            return bool(_ABBREVIATION.search(self.text, max(start, stop - 7), stop))
        if self.text[stop] not in "\r\n":
            return False
        border = self.text.rfind("\n", max(self.start, stop - _WRAPPED), stop)
        length = stop - border - 1 if border >= 0 else min(stop - self.start, _WRAPPED)
        going = after < self.end and (self.text[after].islower() or (length >= _FULL and self.text[after].isalpha()))
        return length > _WRAPPED // 2 and going

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Labelled values, in order of the text."""
        return (*self.logged, *pairs_of(self.text, self.lines))

    @cached_property
    def logged(self) -> tuple[Pair, ...]:
        """What the lines of a log hold, by the layout of the line."""
        return tuple(pair for start, end in self.lines for pair in pairs_of_log(self.text, start, end))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(words_in(self.text, self.start, self.end))

    def labelled_alike(self, mention: int, value: int) -> bool:
        """Whether a word belongs with a value: the label of one line says nothing of the value of another."""
        at = bisect_right(self._labels, (mention, self.end + 1)) - 1
        if at < 0 or mention >= self._labels[at][1]:
            return True
        return self._labels[at][0] <= value < self._labels[at][2]

    @cached_property
    def _labels(self) -> list[tuple[int, int, int]]:
        """Where each label starts, its value starts, and its value ends."""
        return sorted((pair.start, pair.value_start, pair.value_end) for pair in self.pairs if not pair.section)

    def line_start(self, at: int) -> int:
        """Where the line of an offset begins."""
        return max(self.start, self.text.rfind("\n", self.start, at) + 1)

    def glued(self, at: int, glue: re.Pattern[str]) -> bool:
        """Whether what begins here goes on from the character before; where the passage begins, nothing does."""
        return at > self.start and bool(glue.match(self.text, at - 1))

    def trim(self, start: int, end: int) -> Span:
        """The span without white space at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Span(start, end)
