"""Answers written as lines: `key: value`, YAML with its indents, Markdown lists with bold names."""

from __future__ import annotations

import re

from patterns.output.scan.limits import MAX_DEPTH
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate, Node

_LINE = re.compile(r"([ \t]*+)((?:[-*•+]|\d{1,3}[.)])[ \t]++)?+([^\n]*+)(?:\n|\Z)")
_PAIR = re.compile(
    r"""(\*\*|__|["'`])?+([^\W_][^:：\n*"'`]{0,60}+)(?:\*\*|__|["'`])?+[ \t]*+[:：](?:\*\*|__)?+(?:[ \t]++|\Z)(.*)""",
    re.S,
).fullmatch
_MAX_WORDS = 6
"""A key of more words than this is a sentence with a colon in it."""


def read_pairs(text: str, start: int) -> list[Candidate]:
    """Read the lines of the text as members and items; an empty list when they are prose."""
    lines = _Lines(text)
    lines.read(start)
    root = lines.root
    if root is None or lines.paired < 1 or 2 * lines.other > lines.paired + lines.items:
        return []
    return [Candidate(root, "pairs", cost=1.0 + lines.other + (lines.paired < 2) * 10, outside=lines.outside)]


class _Lines:
    """The tree that lines build by their indents."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Node | None = None
        self.open: list[tuple[int, Node]] = []
        self.waiting: tuple[int, Node, Node] | None = None
        self.paired = self.items = self.other = 0
        self.outside = ""

    def read(self, pos: int) -> None:
        """Take in one line after the other."""
        for line in _LINE.finditer(self.text, pos):
            if line[3].strip():
                self._line(len(line[1].expandtabs()), line[2] or "", line[3].strip(), line.start(3))

    def _line(self, indent: int, bullet: str, body: str, pos: int) -> None:
        pair = _PAIR(body)
        if pair and not pair[3] and not indent and len(pair[2].split()) > 2:
            self.outside = (self.outside + "\n" + body)[:2_000]
        elif pair and len(pair[2].split()) <= _MAX_WORDS:
            self.paired += 1
            value = pair[3].strip().removeprefix("**").strip()
            self._member(indent, "" if pair[1] else bullet, pair[2].strip(), value, pos, pos + len(body))
        elif bullet:
            self.items += 1
            self._item(indent, self._word(body, pos), pos)
        else:
            self.other += 1
            self.outside = (self.outside + "\n" + body)[:2_000]

    def _word(self, body: str, pos: int) -> Node:
        if len(body) > 1 and body[0] == body[-1] and body[0] in "\"'`":
            return Node("string", body[1:-1], pos, pos + len(body))
        return read_word(self.text, pos, pos + len(body)) or Node("bare", "", pos, pos)

    def _member(self, indent: int, bullet: str, name: str, value: str, pos: int, past: int) -> None:
        key = Node("string", name, pos, pos + len(name))
        node = self._word(value, past - len(value)) if value else Node("bare", "", past, past)
        dashed = bullet.startswith("-") and self._listing(indent)
        if dashed:
            holder = Node("object", [], pos, past)
            self._item(indent, holder, pos)
            indent += len(bullet)
            self.open.append((indent, holder))
        else:
            holder = self._holder(indent, "object", pos)
        if holder.kind == "object" and isinstance(holder.value, list):
            holder.value.append((key, node))
        if not value and len(self.open) < MAX_DEPTH:
            self.waiting = (indent, holder, key)
        else:
            self.waiting = None
        self._reach(past)

    def _listing(self, indent: int) -> bool:
        """A dash opens an item where a key waits for a list, or a list is open at this indent."""
        if self.waiting is not None and indent >= self.waiting[0]:
            return True
        return any(level == indent and node.kind == "array" for level, node in self.open)

    def _item(self, indent: int, node: Node, pos: int) -> None:
        holder = self._holder(indent, "array", pos)
        if holder.kind == "array" and isinstance(holder.value, list):
            holder.value.append(node)
        self._reach(node.end)

    def _holder(self, indent: int, kind: str, pos: int) -> Node:
        """Give the container that a line at this indent belongs to; open it under the key that waits for it."""
        while self.open and self.open[-1][0] > indent and len(self.open) > 1:
            self.open.pop()
        if self.waiting and (indent > self.waiting[0] or (kind == "array" and indent == self.waiting[0])):
            node = Node("object" if kind == "object" else "array", [], pos, pos)
            _, holder, key = self.waiting
            assert isinstance(holder.value, list)
            holder.value[-1] = (key, node)
            self.open.append((indent, node))
        elif self.open and kind == "object" and self.open[-1][1].kind == "array" and len(self.open) > 1:
            self.open.pop()
        self.waiting = None
        if not self.open:
            self.root = Node("object" if kind == "object" else "array", [], pos, pos)
            self.open.append((indent, self.root))
        return self.open[-1][1]

    def _reach(self, past: int) -> None:
        for _, node in self.open:
            node.end = max(node.end, past)
