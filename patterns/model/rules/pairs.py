"""Labelled values: `Label: value`, `key=value`, columns, and headings with the lines under them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patterns.model.rules.words import tokens

_MARK = re.compile(
    r"(?<!:):(?=\s|$|[*_\"'])|：|(?<=[A-Za-z\"]):(?=[^\s:/\\\"'*_])|=(?=[^\s=>])|(?<=\s)=(?=\s)|(?<=[#№])(?=\d)|\?(?=\s\S[^?.!\n]{0,40}$)"
)
_SPLIT = re.compile(r"[,;|•·\t({}]|\s{2,}|\s[-–—/]\s|[.!?]\s|\s(?=[\w.-]+=\S)")
_LEAD = re.compile(r"(?:[-*•>|◦‣]\s*|#{1,6}\s+|\d{1,2}[.)]\s+)*[*_\"'\[(]*")
_DECORATION = " \t*_\"'`|#"
_COLUMNS = re.compile(r"([^\W\d_][^\t\n:|]{0,40}?)(?:[ ]{2,}|\t+|[ ]?\.{3,}[ ]?|[ ]?…[ ]?)(\S[^\n]{0,200})$")
_HEADING = re.compile(r"#{1,6}\s+(?P<hash>[^\n#]{1,60}?)\s*#*$|\*\*(?P<bold>[^*\n]{1,60}?):?\*\*:?$")
_BULLET = re.compile(r"[-*•◦‣]\s+\S|\d{1,2}[.)]\s+\S")
_LETTER = re.compile(r"[^\W\d_]")
_SHORT_WORD = re.compile(r"(?:^|\W)[^\W\d_]{1,4}$")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_NESTED = 4
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and where its value stands. `section` marks a heading whose value is the lines under it."""

    label: str
    tokens: tuple[str, ...]
    start: int
    value_start: int
    value_end: int
    section: bool = False
    column: bool = False


def pairs_of(text: str, lines: Sequence[tuple[int, int]]) -> tuple[Pair, ...]:
    """Every labelled value of these lines, in order."""
    found: list[Pair] = []
    for index, (start, end) in enumerate(lines):
        found += _of_line(text, start, end) or _of_columns(text, start, end)
        heading = _heading(text, lines, index)
        if heading:
            under = _under(text, lines, index)
            if under[0] < under[1]:
                found.append(Pair(heading, _named(heading), start, *under, section=True))
    return tuple(found)


def _of_line(text: str, start: int, end: int) -> list[Pair]:
    """The pairs of one line: a value ends where the next label begins."""
    marks = list(_labels(text, start, end))
    if not marks:
        return []
    ends = [label_start for label_start, _, _ in marks[1:]] + [end]
    pairs = []
    for (label_start, label_end, value_start), value_end in zip(marks, ends, strict=True):
        label = text[label_start:label_end].strip(_DECORATION)
        span = _trim(text, value_start, value_end, last=value_end == end)
        if span[0] < span[1]:
            pairs.append(Pair(label, _named(label), label_start, *span))
    return pairs


def _named(label: str) -> tuple[str, ...]:
    """The canonical words of a label, without figures: `VAT 19%` is labelled VAT."""
    words = tokens(_ASIDE.sub("", label) or label)
    return tuple(word for word in words if not word.isdigit() and word != "percentage") or words


def _labels(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each label of a line starts and ends, and where its value starts."""
    lead = _LEAD.match(text, start, end)
    at = first = lead.end() if lead else start
    for mark in _MARK.finditer(text, at, end):
        cut = at
        for split in _SPLIT.finditer(text, max(at, mark.start() - _LONGEST - 4), mark.end() + 1):
            if (
                split.end() < mark.start()
                and text[split.end() : mark.start()].strip(_DECORATION)
                and not _joins(text, split, mark.start())
            ):
                cut = split.end()
        if cut == at and at > first and not text[at : at + 2].isspace():
            continue
        label = text[cut : mark.start()].strip(_DECORATION)
        if mark.start() - cut > _LONGEST or len(label.split()) > 6 or not _LETTER.search(label):
            cut = _last_words(text, max(cut, mark.start() - _LONGEST), mark.start())
            label = text[cut : mark.start()].strip(_DECORATION)
        if not _LETTER.search(label) or label.lower() in {"http", "https", "mailto", "ftp"}:
            continue
        yield cut, mark.start(), mark.end()
        at = mark.end()


def _joins(text: str, split: re.Match[str], end: int) -> bool:
    """Whether what looks like the border of a label is a part of it: `VAT (20%)`, `Inv. no.`."""
    if "(" in split.group():
        return ")" in text[split.end() : end]
    return split.group()[0] == "." and bool(_SHORT_WORD.search(text, max(0, split.start() - 5), split.start()))


def _last_words(text: str, start: int, end: int) -> int:
    """Where the last three words before `end` begin."""
    gaps = [found.end() for found in re.finditer(r"\s+", text[start:end].rstrip())]
    return start + (gaps[-3] if len(gaps) >= 3 else gaps[0] if gaps else 0)


def _of_columns(text: str, start: int, end: int) -> list[Pair]:
    """A label and a value set apart by white space or dots, or as the only two cells of a table row."""
    if text[start] == "|":
        cells = [(m.start(), m.end()) for m in re.finditer(r"[^|]+", text[start:end]) if m.group().strip(" -:")]
        if len(cells) != 2:
            return []
        (a, b), (c, d) = ((start + x, start + y) for x, y in cells)
    else:
        found = _COLUMNS.match(text, start, end)
        if not found:
            return []
        (a, b), (c, d) = found.span(1), found.span(2)
    label = text[a:b].strip(_DECORATION)
    span = _trim(text, c, d, last=True)
    return [Pair(label, _named(label), a, *span, column=True)] if _LETTER.search(label) and span[0] < span[1] else []


def _heading(text: str, lines: Sequence[tuple[int, int]], index: int) -> str:
    """The words of a line that heads the lines after it, or nothing."""
    start, end = lines[index]
    line = text[start:end]
    marked = _HEADING.match(line)
    if marked:
        return (marked["hash"] or marked["bold"]).strip(_DECORATION + ":")
    bare = line.strip(_DECORATION)
    if len(bare) > 60 or index + 1 >= len(lines) or _BULLET.match(line):
        return ""
    if bare.endswith((":", "：")):
        return bare[:-1].strip(_DECORATION)
    lists = bool(_BULLET.match(text, lines[index + 1][0]))
    shouted = bare.isupper() and len(bare) > 3 and not any(c.isdigit() for c in bare)
    return bare if (lists or shouted) and len(bare.split()) <= 5 and not bare.endswith((".", ",", "!", "?")) else ""


def _under(text: str, lines: Sequence[tuple[int, int]], index: int) -> tuple[int, int]:
    """The lines a heading stands over: to the next heading, or to a blank line after something was said."""
    hashed = text.startswith("#", lines[index][0])
    bulleted = index + 1 < len(lines) and bool(_BULLET.match(text, lines[index + 1][0]))
    first, last = index + 1, index
    for at in range(first, len(lines)):
        gap = text.count("\n", lines[at - 1][1], lines[at][0]) > 1
        over = bulleted and not _BULLET.match(text, lines[at][0]) and text[lines[at][0] - 1] == "\n"
        if (
            over
            or _heading(text, lines, at)
            or (gap and at > first and not hashed and not _BULLET.match(text, lines[at][0]))
        ):
            break
        last = at
    return (lines[first][0], lines[last][1]) if last >= first else (lines[index][1], lines[index][1])


def _trim(text: str, start: int, end: int, *, last: bool) -> tuple[int, int]:
    """The value without decoration, and without the separator before the next label or a bracket opened earlier."""
    tail = " \t*_`|" if last else " \t*_`|,;•·({-–—/."
    while start < end and text[start] in " \t*_`|":
        start += 1
    for _ in range(_NESTED):
        while end > start and text[end - 1] in tail:
            end -= 1
        if end > start and text[end - 1] in "}]" and not _opened(text, start, end):
            end -= 1
    if end - start >= 2 and text[start] == text[end - 1] and text[start] in "\"'":
        start, end = start + 1, end - 1
    return start, end


def _opened(text: str, start: int, end: int) -> bool:
    """Whether the bracket that closes the value was opened inside it."""
    opener = {"}": "{", "]": "["}[text[end - 1]]
    return text.count(opener, start, end) >= text.count(text[end - 1], start, end)
