"""Scalars of every spelling: quoted, escaped, prefixed, called, joined with a plus, or bare."""

from __future__ import annotations

import re

from patterns.output.scan.account import written
from patterns.output.scan.closing import QUOTES, Place
from patterns.output.scan.escapes import decode
from patterns.output.scan.limits import DAMAGE
from patterns.output.scan.source import Source
from patterns.output.scan.strings import read_quoted
from patterns.output.scan.words import read_bare
from patterns.output.tree import Node

_PREFIX = re.compile(r"""[rbfuRBFU]{1,2}(?=["'](?!\s*+[,}\]]))""").match
_CALL = re.compile(
    r"""(?:new\s++)?+[A-Za-z_$][\w$.]{0,60}+\(\s*+("[^"\\\n]{0,500}+"|'[^'\\\n]{0,500}+'|-?\d[\d.]{0,40}+)\s*+\)(?=\s*+[,}\]\n])"""
).match
_ESCAPED_QUOTE = re.compile(r'(\\++)"').search


def read_value(source: Source, pos: int, place: Place, objects: int, arrays: int) -> tuple[Node, int]:
    """Read the scalar at `pos`; give it and the position after it."""
    text = source.text
    sign = text[pos]
    if sign in QUOTES:
        node, past = read_quoted(source, pos, place, objects, arrays)
        return _joined(source, node, past, place) if place != "key" else (node, past)
    if sign == "\\" and text.startswith('\\"', pos):
        return _escaped(source, pos)
    if sign in "rbfuRBFU" and (prefix := _PREFIX(text, pos)):
        source.mend("literal", pos, prefix.end())
        return read_quoted(source, prefix.end(), place, objects, arrays)
    if call := _CALL(text, pos):
        source.mend("call", pos, call.end(), call[1])
        node, _ = read_value(source, call.start(1), "root", objects, arrays)
        return node, call.end()
    return read_bare(source, pos, place, objects, arrays)


def _joined(source: Source, node: Node, past: int, place: Place) -> tuple[Node, int]:
    """Join strings that a plus sign adds up."""
    text = source.text
    parts = [str(node.value)]
    while text.startswith("+", plus := source.peek(past)):
        start = source.peek(plus + 1)
        if start >= source.end or text[start] not in QUOTES:
            break
        source.mend("concatenation", plus, start)
        source.spend(DAMAGE)
        more, past = read_quoted(source, start, place, 0, 0)
        parts.append(str(more.value))
        node = Node("string", "", node.start, past, more.complete)
    node.value = "".join(parts)
    return node, past


def _escaped(source: Source, pos: int) -> tuple[Node, int]:
    r"""Read a string of a text that was escaped as a whole: its quotes are `\"`, those inside have more backslashes."""
    text = source.text
    at = pos + 2
    while match := _ESCAPED_QUOTE(text, at):
        at = match.end()
        if match.end(1) - match.start(1) == 1:
            break
    complete = match is not None
    stop = match.start() if match else source.end
    value = source.characters(decode(decode(text[pos + 2 : stop])[0])[0], pos + 2, stop)
    past = match.end() if match else source.end
    source.mend("escape", pos, past, f'"{written(value)}' + '"' * complete)
    if not complete:
        source.mend("cut", past, past, '"')
    return Node("string", value, pos, past, complete), past
