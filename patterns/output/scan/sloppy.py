"""Stretches without quotes: keys as JavaScript writes them, and single words, a member or an item by one pattern."""

from __future__ import annotations

import re

from patterns.output.scan.elisions import last_item
from patterns.output.scan.sound import scalar
from patterns.output.scan.source import Source
from patterns.output.scan.words import LITERALS
from patterns.output.tree import Node

_KEY = r"([^\W\d][\w$-]{0,80}+)\s*+:\s*+"
_PLAIN = r'[^"\\\x00-\x1f]'
_STRING = rf'"({_PLAIN}*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN}*+)*+)"'
_NUMBER = r"(-?(?:0|[1-9]\d{0,100}+)(?:\.\d{1,100}+)?+(?:[eE][+-]?\d{1,2}+)?+)(?![\w.])"
_LITERAL = r"((?:true|false|null|True|False|None)(?![\w-]))"
_WORD = r"([^\W\d][\w-]{0,80}+)"
_NEXT = r"(?:}|,(?=\s*+(?:[^\W\d][\w$-]{0,80}+\s*+:|[\"'}])))"
_ITEM = re.compile(rf"\s*+{_WORD}\s*+(?:\]|,(?=\s*+[^\W\d][\w-]{{0,80}}+\s*+[,\]]))").match
_MEMBER = re.compile(rf"\s*+{_KEY}(?:(?:{_STRING}|{_NUMBER}|{_LITERAL}|{_WORD})\s*+{_NEXT}|([{{\[]))").match


def read_sloppy(source: Source, pos: int, members: list[tuple[Node, Node]]) -> tuple[int, Node | None, bool]:
    """Read members whose keys have no quotes, while that is all that is odd about them.

    Gives what `read_members` gives: the position reached, the key of the container there, whether the object closed.
    """
    text = source.text
    while found := _MEMBER(text, pos):
        start, past = found.span(1)
        which = found.lastindex or 0
        if which == 5 and found[5] in LITERALS:
            break
        key = Node("string", found[1], start, past)
        source.mend("unquoted key", start, past, None)
        if which == 6:
            return found.start(6), key, False
        members.append((key, _word(source, found, 5) if which == 5 else scalar(source, found, which, which)))
        pos = found.end()
        if text[pos - 1] == "}":
            return pos, None, True
    return pos, None, False


def read_sloppy_items(source: Source, pos: int, items: list[Node]) -> tuple[int, bool]:
    """Read items that are single words: the position reached, and whether the list closed."""
    text = source.text
    while (found := _ITEM(text, pos)) and found[1] not in LITERALS and not _is_more(text, found):
        items.append(_word(source, found, 1))
        pos = found.end()
        if text[pos - 1] == "]":
            return pos, True
    return pos, False


def _is_more(text: str, found: re.Match[str]) -> bool:
    """Tell a last word that stands for more of them."""
    return text[found.end() - 1] == "]" and last_item(text, found.start(1)) is not None


def _word(source: Source, found: re.Match[str], group: int) -> Node:
    start, past = found.span(group)
    source.mend("unquoted text", start, past, None)
    return Node("bare", found[group], start, past, True, found[group])
