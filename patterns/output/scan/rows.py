"""Quoted strings in a row without brackets around them: `"a", "b"`, one a line, or `"a" and "b"`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.output.scan.account import written
from patterns.output.scan.closing import CLOSERS
from patterns.output.scan.elisions import elided_behind
from patterns.output.scan.escapes import decode
from patterns.output.scan.source import Source
from patterns.output.scan.tokens import word_node
from patterns.output.tree import Node

_OPENING = "\"'“„«「"
_AND = r"(?:and|und|et|y|e|i|&)"
_SIGN = r"[,;，；、]"
_OVER = rf"(?:[ \t\r]*+(?:{_SIGN}|\n|[.,;]?\s*+\Z|```|//|\(|\#)|[ \t]++{_AND}[ \t]++[{_OPENING}]|[ \t]++[{_OPENING}])"
_SCALAR = re.compile(rf"(?:-?(?:0|[1-9]\d{{0,18}}+)(?:\.\d{{1,18}}+)?+|true|false|null)(?={_OVER})").match
_BETWEEN = re.compile(rf"\s*+({_SIGN})?\s*+(?:({_AND})[ \t]++)?").match
_INNER = re.compile(r'(?<!\\)"').finditer
_REST = re.compile(r"[.,;]?\s*+\Z|[.,;]?(?:\s*+```|[ \t]*+\n[ \t]*+\n)").match
_LEAD = re.compile(rf":\s++(?=[{_OPENING}])").search


def _item(opening: str) -> re.Pattern[str]:
    """Build the pattern of a string: a closing mark is one only where the row may go on or end."""
    close = re.escape(CLOSERS[opening])
    return re.compile(rf"{opening}((?:[^\\\n{close}]|\\.|[{close}](?!{_OVER}))*+)[{close}](?={_OVER})")


_ITEMS = {opening: _item(opening).match for opening in _OPENING}


def read_row(source: Source, pos: int) -> Node | None:
    """Read the row from `pos` to the end of the text, or of the fence; None where there is none."""
    source.mend("implied list", pos, pos, "[")
    items = list(_items(source, pos))
    past = items[-1].end if items else pos
    over = _REST(source.text, past) or elided_behind(source.text, past)
    if len(items) < 2 or not over:
        source.begin()
        return None
    source.mend("implied list", past, past, "]")
    return Node("array", items, pos, past, not source.partial)


def after_colon(text: str, start: int) -> int:
    """Give where a row may begin behind words that end in a colon, -1 for nowhere."""
    lead = _LEAD(text, start)
    return lead.end() if lead else -1


def _items(source: Source, pos: int) -> Iterator[Node]:
    text = source.text
    while (node := _string(source, pos) or _scalar(text, pos)) is not None:
        yield node
        between = _BETWEEN(text, node.end)
        assert between is not None
        sign, word = between.groups()
        pos = between.end()
        if pos >= source.end or (text[pos] not in _ITEMS and not _SCALAR(text, pos)):
            return
        if not sign and not word:
            source.mend("missing comma", node.end, node.end, ",")
        elif word or sign != ",":
            at = between.start(1) if sign else between.start(2)
            source.mend("wrong sign", at, between.end(2) if word else at + 1, ",")


def _string(source: Source, pos: int) -> Node | None:
    text = source.text
    found = _ITEMS[text[pos]](text, pos) if pos < source.end and text[pos] in _ITEMS else None
    if found is None:
        return None
    inside = [quote.end() - 1 for quote in _INNER(text, *found.span(1))] if text[pos] == '"' else []
    if len(inside) % 2 or (inside and not text[inside[0] - 1].isspace()):
        return None
    for at in inside:
        source.mend("inner quote", at, at + 1, '\\"')
    value, bent = decode(found[1])
    value = source.characters(value, *found.span(1))
    if bent:
        source.mend("escape", *found.span(1), written(value))
    if text[pos] != '"':
        source.mend("quotes", pos, found.end(), f'"{written(value)}"')
    return Node("string", value, pos, found.end())


def _scalar(text: str, pos: int) -> Node | None:
    found = _SCALAR(text, pos)
    return word_node(found[0], pos) if found else None
