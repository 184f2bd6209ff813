"""Markdown tables: a list of objects, one a row; where there are but two columns, names and values, one object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.exchange import Repair
from patterns.output.scan.account import COSTS, SHOWN
from patterns.output.scan.elisions import is_elision
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate, Node

_RULE = re.compile(r"^[ \t]*+\|?[ \t]*+:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-{1,}+:?[ \t]*+)*+\|?[ \t]*+$", re.M)
_CELL = re.compile(r"(?:[^|\\\n]|\\.)*+")
_DRESS = " \t*_`"
_VALUE = frozenset({"value", "values", "content", "details", "answer", "result"})
_MOST = 10_000


def read_tables(text: str) -> list[Candidate]:
    """Give the tables of a text, the first as a list of rows and, with two columns, as names and values."""
    if "|" not in text:
        return []
    for rule in _RULE.finditer(text):
        head = _line_before(text, rule.start())
        if head is not None and len(names := list(_cells(text, *head))) > 1:
            return _readings(text, names, list(_rows(text, rule.end() + 1)), head[0])
    return []


def _readings(text: str, names: list[Node], rows: list[list[Node]], start: int) -> list[Candidate]:
    left_out = tuple(_left_out(text, row) for row in rows if _is_elision(row))
    rows = [row for row in rows if not _is_elision(row)]
    if not rows:
        return []
    end, whole = rows[-1][-1].end, not left_out
    objects = [_object([_key(name) for name in names], row) for row in rows]
    outside = (text[max(0, start - 1_000) : start] + text[end : end + 1_000]).strip(" \n|")
    as_list = Candidate(Node("array", objects, start, end, whole), "pairs", left_out, 1.0, whole, outside)
    if len(names) != 2:
        return [as_list]
    pairs = [row for row in rows if len(row) == 2]
    root = _object([_key(row[0]) for row in pairs], [row[1] for row in pairs])
    root.start, root.end, root.complete = start, end, whole
    named = str(names[1].value).lower() in _VALUE
    return [as_list, Candidate(root, "pairs", left_out, 0.5 if named else 1.5, whole, outside)]


def _is_elision(row: list[Node]) -> bool:
    """Tell a row of dots, which stands for further ones."""
    written = [cell.raw for cell in row if cell.raw]
    return bool(written) and all(map(is_elision, written))


def _left_out(text: str, row: list[Node]) -> Repair:
    start, end = row[0].start, row[-1].end
    return Repair("ellipsis", "$", (start, end), text[start:end][:SHOWN], "", COSTS["ellipsis"])


def _line_before(text: str, at: int) -> tuple[int, int] | None:
    end = at - 1
    if end <= 0 or text[end] != "\n":
        return None
    return text.rfind("\n", 0, end) + 1, end


def _rows(text: str, pos: int) -> Iterator[list[Node]]:
    """Give the cells of each line that has any, up to the first that has none."""
    for _ in range(_MOST):
        end = text.find("\n", pos)
        end = len(text) if end < 0 else end
        if "|" not in text[pos:end]:
            return
        yield list(_cells(text, pos, end))
        pos = end + 1


def _cells(text: str, start: int, end: int) -> Iterator[Node]:
    """Give the cells of a line, without the bars around it and the marks of emphasis."""
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    while start < end and text[start] in " \t":
        start += 1
    start += text.startswith("|", start)
    end -= text.startswith("|", end - 1) and end > start
    while start <= end:
        match = _CELL.match(text, start, end)
        assert match is not None
        yield _cell(text, start, match.end())
        start = match.end() + 1


def _cell(text: str, start: int, end: int) -> Node:
    while start < end and text[start] in _DRESS:
        start += 1
    while end > start and text[end - 1] in _DRESS:
        end -= 1
    return read_word(text, start, end) or Node("null", None, start, end)


def _key(cell: Node) -> Node:
    return Node("string", cell.raw or str(cell.value or ""), cell.start, cell.end)


def _object(keys: list[Node], values: list[Node]) -> Node:
    members = list(zip(keys, values, strict=False))
    return Node("object", members, values[0].start if values else 0, values[-1].end if values else 0)
