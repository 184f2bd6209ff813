"""Sound stretches of JSON, or of what Python prints, read a member or an item at a time by one pattern each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patterns.output.scan.escapes import decode
from patterns.output.scan.source import Source
from patterns.output.tree import Node

_LITERALS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}


_FOREIGN = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How strings and literals are written: patterns of one member, one item, up to where the next is sure to begin."""

    member: re.Pattern[str]
    item: re.Pattern[str]


def _dialect(quote: str) -> Dialect:
    """Build the patterns. A comma is passed only before a sound key or item, or a bracket: no quote is mistaken."""
    plain = rf"""[^{quote}\\\x00-\x1f]"""
    string = rf"{quote}({plain}*+(?:\\(?:[{quote}\\/bfnrt]|u[0-9a-fA-F]{{4}}){plain}*+)*+){quote}"
    scalar = (
        rf"{string}"
        r"|(-?(?:0|[1-9]\d{0,100}+)(?:\.\d{1,100}+)?+(?:[eE][+-]?\d{1,2}+)?+)"
        r"|(true|false|null|True|False|None)"
    )
    member = (
        rf"\s*+{string}\s*+:\s*+"
        rf"(?:(?:{scalar})\s*+(?:}}|,(?=\s*+(?:{quote}{plain}{{0,200}}+{quote}\s*+:|[}}\]])))|([{{\[]))"
    )
    item = rf"\s*+(?:(?:{scalar})\s*+(?:\]|,(?=\s*+[\"'{{\[\dtfnTFN-]))|([{{\[]))"
    return Dialect(re.compile(member), re.compile(item))


JSON = _dialect('"')
DIALECTS = {'"': JSON, "'": _dialect("'")}
"""By the quote that a stretch begins with."""

sound_key = re.compile(r'"([^"\\\x00-\x1f]++)"(?=\s*+:)').match


def read_members(
    dialect: Dialect, source: Source, pos: int, members: list[tuple[Node, Node]]
) -> tuple[int, Node | None, bool]:
    """Read members while they are sound.

    Gives the position reached, the key whose container opens there (None: no container), and whether the
    object closed.
    """
    text = source.text
    match = dialect.member.match
    while found := match(text, pos):
        start, past = found.span(1)
        key = Node("string", _text(source, found[1], start), start - 1, past + 1)
        which = found.lastindex or 0
        if which == 5:
            return found.start(5), key, False
        members.append((key, scalar(source, found, which, which)))
        pos = found.end()
        if text[pos - 1] == "}":
            return pos, None, True
    return pos, None, False


def read_items(dialect: Dialect, source: Source, pos: int, items: list[Node]) -> tuple[int, bool, bool]:
    """Read items while they are sound: the position reached, whether a container opens, whether the list closed."""
    text = source.text
    match = dialect.item.match
    while found := match(text, pos):
        which = found.lastindex or 0
        if which == 4:
            return found.start(4), True, False
        items.append(scalar(source, found, which, which + 1))
        pos = found.end()
        if text[pos - 1] == "]":
            return pos, False, True
    return pos, False, False


def scalar(source: Source, found: re.Match[str], group: int, which: int) -> Node:
    """Make the node of a scalar; `which` is 2 for a string, 3 for a number, 4 for a literal."""
    written = found[group]
    start, past = found.span(group)
    if which == 2:
        return Node("string", _text(source, written, start), start - 1, past + 1)
    if which == 3:
        return Node("number", _number(written), start, past, True, written)
    value = _LITERALS[written]
    if written in _FOREIGN:
        source.mend("literal", start, past, _FOREIGN[written])
    return Node("null" if value is None else "bool", value, start, past, True, written)


def _text(source: Source, written: str, start: int) -> str:
    return source.characters(decode(written)[0], start, start + len(written)) if "\\" in written else written


def _number(written: str) -> int | float:
    try:
        return int(written)
    except ValueError:
        return float(written)
