"""Tables in a text: Markdown, tabs, columns held by blanks, comma and semicolon separated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import tokens

Cells: TypeAlias = Callable[[Passage, Span], list[Span]]

_GAP = re.compile(r"\S+(?:[ ]\S+)*")
_RULE = re.compile(r"[\s|:+=_-]+$")
_SUMS = vocabulary("total subtotal tax discount shipping balance sum net amount")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, as many cells in each; an empty cell has no characters."""

    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


def tables_in(passage: Passage) -> Iterator[Table]:
    """Every stretch of lines that share a way to set cells apart; its first line is taken as the header."""
    for cells in (_pipes, _tabs, _gaps, _separated(","), _separated(";")):
        index = 0
        while index < len(passage.lines):
            header = cells(passage, passage.lines[index])
            index += 1
            if len(header) >= 2:
                rows, index = _rows(passage, index, header, cells)
                if rows:
                    yield Table(tuple(header), tuple(rows))


def _rows(passage: Passage, at: int, header: Sequence[Span], cells: Cells) -> tuple[list[tuple[Span, ...]], int]:
    """The rows under a header, and the line after them. Rules are skipped, rows that sum up end the table."""
    rows: list[tuple[Span, ...]] = []
    while at < len(passage.lines):
        line = passage.lines[at]
        if not _RULE.match(passage.text, *line):
            row = cells(passage, line)
            placed = _aligned(passage, row, header) if cells is _gaps else row if len(row) == len(header) else None
            if placed is None or _is_sum(passage, row) or (rows and _parted(passage, at)):
                break
            rows.append(tuple(placed))
        at += 1
    return rows, at


def _parted(passage: Passage, at: int) -> bool:
    """Whether a blank line stands before this line."""
    return passage.text.count("\n", passage.lines[at - 1].end, passage.lines[at].start) > 1


def _aligned(passage: Passage, row: Sequence[Span], header: Sequence[Span]) -> list[Span] | None:
    """The cells under the headings they start or end with; None when two fall under one."""
    if len(row) < 2 or len(row) > len(header):
        return None
    if len(row) == len(header):
        return list(row)
    placed = [Span(row[0].start, row[0].start)] * len(header)
    for cell in row:
        column = min(range(len(header)), key=lambda i: _distance(passage, cell, header[i]))
        if placed[column].start < placed[column].end:
            return None
        placed[column] = cell
    return placed


def _distance(passage: Passage, cell: Span, heading: Span) -> int:
    left, right = (passage.text.rfind("\n", 0, span.start) + 1 for span in (cell, heading))
    return min(abs((cell.start - left) - (heading.start - right)), abs((cell.end - left) - (heading.end - right)))


def _is_sum(passage: Passage, row: Sequence[Span]) -> bool:
    """Whether a row sums up the ones above it."""
    first = next((passage.text[slice(*cell)] for cell in row if cell.start < cell.end), "")
    words = tokens(first)
    return bool(words) and words[0] in _SUMS | {"grand"} and len(words) <= 3


def _pipes(passage: Passage, line: Span) -> list[Span]:
    if "|" not in passage.text[line.start : line.end]:
        return []
    start = line.start + (passage.text[line.start] == "|")
    end = line.end - (passage.text[line.end - 1] == "|" and line.end > start)
    return [*_cut(passage, start, end, "|")]


def _tabs(passage: Passage, line: Span) -> list[Span]:
    return [*_cut(passage, *line, "\t")] if "\t" in passage.text[line.start : line.end] else []


def _gaps(passage: Passage, line: Span) -> list[Span]:
    if "  " not in passage.text[line.start : line.end]:
        return []
    return [Span(*match.span()) for match in _GAP.finditer(passage.text, *line)]


def _separated(mark: str) -> Cells:
    def cells(passage: Passage, line: Span) -> list[Span]:
        return [*_cut(passage, *line, mark)] if mark in passage.text[line.start : line.end] else []

    return cells


def _cut(passage: Passage, start: int, end: int, mark: str) -> Iterator[Span]:
    """The cells between separators; one inside double quotes does not separate."""
    at = start
    while at <= end:
        opened = passage.trim(at, end).start
        closing = passage.text.find('"', opened + 1, end) if passage.text.startswith('"', opened, end) else -1
        stop = passage.text.find(mark, max(at, closing + 1), end)
        stop = end if stop < 0 else stop
        yield Span(opened + 1, closing) if closing > 0 else passage.trim(at, stop)
        at = stop + 1
