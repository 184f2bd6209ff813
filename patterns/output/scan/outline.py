"""The tree that lines build by their indents: `key: value`, YAML's lists and texts, Markdown's lists."""

from __future__ import annotations

import re
import textwrap

from patterns.exchange import Repair
from patterns.output.scan.account import COSTS, SHOWN, account
from patterns.output.scan.elisions import is_elision
from patterns.output.scan.escapes import decode
from patterns.output.scan.limits import MAX_DEPTH
from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.words import read_word
from patterns.output.tree import Node

_LINE = re.compile(r"([ \t]*+(?:>[ \t]++)?+)((?:[-*•+]|\d{1,3}[.)])[ \t]++)?+([^\n]*+)(?:\n|\Z)")
_DRESS = r"""(?:\*\*?|__?|["'`])"""
_PAIR = re.compile(
    rf"""({_DRESS})?+([^\W_][^:：\n*"'`]{{0,60}}+){_DRESS}?+[ \t]*+[:：](?:\*\*?|__?)?+(?:[ \t]++|\Z|(?<=：))(.*)""",
    re.S,
).fullmatch
_BLOCK = re.compile(r"[|>][+-]?").fullmatch
_YAML_COMMENT = re.compile(r"(?:^|\s)#\s.*")
_MORE = re.compile(r"[ \t,;]*+(?!\#)[^\s,;]").match
"""Something else on the line behind a list or object."""
_USUAL = frozenset({"unquoted key", "unquoted text", "quotes", "trailing comma", "comment", "literal"})
"""What is no damage in YAML."""
_MARKS = ("---", "...", "```", "~~~")
_MAX_WORDS = 6
"""A key of more words than this is a sentence with a colon in it."""
_OUTSIDE = 2_000


class Outline:
    """What the lines from one place to another say: `root`, and how many of them said it in which way."""

    def __init__(self, text: str, start: int, end: int, *, yaml: bool = False) -> None:
        self.root: Node | None = None
        self.paired = self.items = self.other = 0
        self.outside = ""
        self.mends: list[Repair] = []
        self._text = text
        self._yaml = yaml
        self._document = text.startswith("---", start)
        self._lists = _dashes_list(text, start, end)
        self._open: list[tuple[int, Node]] = []
        self._waiting: tuple[int, Node, Node] | None = None
        self._block: _Block | None = None
        self._source = Source(text)
        self._source.end = self._end = end
        self._past = start
        for line in _LINE.finditer(text, start, end):
            if line.start() >= self._past:
                self._line(line)
        self._end_block(end)

    def _line(self, line: re.Match[str]) -> None:
        """Take in one line."""
        indent, body = len(line[1].expandtabs()), line[3].strip()
        if self._block is not None:
            if not body or indent > self._block.indent:
                self._block.lines.append(line[0])
                return
            self._end_block(line.start())
        if self._yaml and "#" in body:
            body = _YAML_COMMENT.sub("", body).rstrip()
        if body and not self._yaml and is_elision(body) and not (self._document and body == "..."):
            self._elide(line.start(3), line.end(3))
            return
        if body.startswith(_MARKS) or not body:
            return
        self._content(indent, line[2] or "", body, line.start(3) + len(line[3]) - len(line[3].lstrip()))

    def _content(self, indent: int, bullet: str, body: str, pos: int) -> None:
        pair = _PAIR(body)
        if pair and not pair[3] and not (indent or self._yaml) and len(pair[2].split()) > 2:
            self._note(body)
        elif pair and len(pair[2].split()) <= _MAX_WORDS:
            self.paired += 1
            value = pair[3].strip().removeprefix("**").strip()
            self._member(indent, "" if pair[1] else bullet, pair[2].strip(), value, pos, pos + len(body))
        elif bullet:
            self.items += 1
            self._item(indent, self._word(body, pos), pos)
        else:
            self.other += 1
            self._note(body)

    def _elide(self, start: int, end: int) -> None:
        """Mark what is open as shortened: this line says that it goes on."""
        self.mends.append(Repair("ellipsis", "$", (start, end), self._text[start:end][:SHOWN], "", COSTS["ellipsis"]))
        for _, node in self._open:
            node.complete = False

    def _note(self, body: str) -> None:
        if len(self.outside) < _OUTSIDE:
            self.outside = (self.outside + "\n" + body)[:_OUTSIDE]

    def _word(self, body: str, pos: int) -> Node:
        """Read what stands in one line: quoted, in brackets, or bare."""
        past = pos + len(body)
        if len(body) > 1 and body[0] == body[-1] and body[0] in "\"'`":
            return Node("string", _unquoted(body), pos, past)
        if self._yaml and body == "~":
            return Node("null", None, pos, past, True, body)
        inner = self._container(pos, past) if body[0] in "{[" else None
        return inner or read_word(self._text, pos, past) or Node("bare", "", pos, pos)

    def _container(self, pos: int, past: int) -> Node | None:
        """Read the list or object that a line holds, or begins; None where the line merely begins with a bracket."""
        source = self._source
        if source.fuel < 0 or source.nodes < 1_000:
            return None
        source.begin()
        try:
            root, end = read_container(source, pos)
        except TooMuch:
            source.fuel -= self._end - pos
            return None
        source.fuel -= end - pos
        if not root.complete or source.cost > 2 + (end - pos) / 10 or _MORE(self._text, end, self._end):
            return None
        self._past = end
        self.mends += [mend for mend in account(self._text, source.mends) if mend.kind not in _USUAL]
        return root

    def _member(self, indent: int, bullet: str, name: str, value: str, pos: int, past: int) -> None:
        key = Node("string", name, pos, pos + len(name))
        block = _BLOCK(value)
        node = self._word(value, past - len(value)) if value and not block else Node("bare", "", past, past)
        if bullet.startswith("-") and self._listing(indent):
            holder = Node("object", [], pos, past)
            self._item(indent, holder, pos)
            indent += len(bullet)
            self._open.append((indent, holder))
        else:
            holder = self._holder(indent, "object", pos)
        if holder.kind == "object" and isinstance(holder.value, list):
            holder.value.append((key, node))
        if block:
            self._block = _Block(indent, value[0] == ">", node)
        waits = not value and holder.kind == "object" and len(self._open) < MAX_DEPTH
        self._waiting = (indent, holder, key) if waits else None
        self._reach(past)

    def _end_block(self, past: int) -> None:
        """Put the lines of a text together, below the key that a bar or an angle stood behind."""
        block, self._block = self._block, None
        if block is not None:
            node = block.node
            node.kind, node.value, node.end = "string", block.value(), past
            self._reach(past)

    def _listing(self, indent: int) -> bool:
        """A dash opens an item where a key waits for a list, or a list is open at this indent, or should be."""
        if self._waiting is not None and indent >= self._waiting[0]:
            return True
        if self._lists and not self._open:
            return True
        return any(level == indent and node.kind == "array" for level, node in self._open)

    def _item(self, indent: int, node: Node, pos: int) -> None:
        holder = self._holder(indent, "array", pos)
        if holder.kind == "array" and isinstance(holder.value, list):
            holder.value.append(node)
        self._reach(node.end)

    def _holder(self, indent: int, kind: str, pos: int) -> Node:
        """Give the container that a line at this indent belongs to; open it under the key that waits for it."""
        while self._open and self._open[-1][0] > indent and len(self._open) > 1:
            self._open.pop()
        if self._waiting and (indent > self._waiting[0] or (kind == "array" and indent == self._waiting[0])):
            node = Node("object" if kind == "object" else "array", [], pos, pos)
            _, holder, key = self._waiting
            assert isinstance(holder.value, list)
            holder.value[-1] = (key, node)
            self._open.append((indent, node))
        elif self._open and kind == "object" and self._open[-1][1].kind == "array" and len(self._open) > 1:
            self._open.pop()
        self._waiting = None
        if not self._open:
            self.root = Node("object" if kind == "object" else "array", [], pos, pos)
            self._open.append((indent, self.root))
        return self._open[-1][1]

    def _reach(self, past: int) -> None:
        for _, node in self._open:
            node.end = max(node.end, past)


class _Block:
    """The lines of a text in YAML, set off by their indent."""

    def __init__(self, indent: int, folded: bool, node: Node) -> None:
        self.indent = indent
        self.folded = folded
        self.node = node
        self.lines: list[str] = []

    def value(self) -> str:
        body = textwrap.dedent("".join(self.lines)).strip("\n")
        return re.sub(r"(?<!\n)\n(?!\n)", " ", body) if self.folded else body


def _unquoted(body: str) -> str:
    """Take the quotes off a text, and decode what is escaped in it."""
    inner = body[1:-1]
    if body[0] == "'":
        return inner.replace("''", "'")
    return decode(inner)[0] if "\\" in inner and body[0] == '"' else inner


def _dashes_list(text: str, start: int, end: int) -> bool:
    """Say whether dashes part objects: a key comes again behind one, or plain keys are indented below them."""
    names: set[str] = set()
    dashed = -1
    for line in _LINE.finditer(text, start, end):
        pair = _PAIR(line[3].strip())
        if not pair or pair[1]:
            dashed = -1 if not line[2] else dashed
        elif line[2]:
            if not line[2].startswith("-") or line[1]:
                return False
            if pair[2] in names:
                return True
            names.add(pair[2])
            dashed = len(line[2]) if pair[3] else -1
        else:
            return len(line[1]) == dashed
    return False
