"""Sound stretches of JSON, read a member or an item at a time by one pattern each."""

from __future__ import annotations

import re

from patterns.output.tree import Node

_TEXT = r'[^"\\\x00-\x1f]'
_SCALAR = (
    rf'"({_TEXT}*+)"'
    r"|(-?(?:0|[1-9]\d{0,300}+)(?:\.\d{1,300}+)?+(?:[eE][+-]?\d{1,3}+)?+)"
    r"|(true|false|null)"
)
_MEMBER = re.compile(
    rf'\s*+"({_TEXT}*+)"\s*+:\s*+'
    rf'(?:(?:{_SCALAR})\s*+(?:}}|,(?=\s*+"{_TEXT}{{0,200}}+"\s*+:))|([{{\[]))'
).match
_ITEM = re.compile(rf'\s*+(?:(?:{_SCALAR})\s*+(?:\]|,(?=\s*+["{{\[\dtfn-]))|([{{\[]))').match
_LITERAL = {"true": True, "false": False, "null": None}


def read_members(text: str, pos: int, members: list[tuple[Node, Node]]) -> tuple[int, Node | None, bool]:
    """Read members while they are sound.

    Gives the position reached, the key whose container opens there (None: no container), and whether the
    object closed. A comma is passed only when a sound key follows it, so no quote is mistaken.
    """
    while found := _MEMBER(text, pos):
        start, past = found.span(1)
        key = Node("string", found[1], start - 1, past + 1)
        which = found.lastindex
        if which == 5:
            return found.start(5), key, False
        members.append((key, _scalar(found, which or 0)))
        pos = found.end()
        if text[pos - 1] == "}":
            return pos, None, True
    return pos, None, False


def read_items(text: str, pos: int, items: list[Node]) -> tuple[int, bool, bool]:
    """Read items while they are sound: the position reached, whether a container opens there, whether the array closed."""
    while found := _ITEM(text, pos):
        which = found.lastindex
        if which == 4:
            return found.start(4), True, False
        items.append(_scalar(found, (which or 0) + 1))
        pos = found.end()
        if text[pos - 1] == "]":
            return pos, False, True
    return pos, False, False


def _scalar(found: re.Match[str], which: int) -> Node:
    """Make the node of a scalar; `which` is 2 for a string, 3 for a number, 4 for a literal."""
    group = found.lastindex or 0
    written = found[group]
    start, past = found.span(group)
    if which == 2:
        return Node("string", written, start - 1, past + 1)
    if which == 3:
        return Node("number", _number(written), start, past, True, written)
    value = _LITERAL[written]
    return Node("null" if value is None else "bool", value, start, past, True, written)


def _number(written: str) -> int | float:
    try:
        return int(written)
    except ValueError:
        return float(written)
