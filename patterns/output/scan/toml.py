"""TOML, and the `key = value` lines that look like it: sections, lists of them, dotted names, texts of many lines."""

from __future__ import annotations

import re

from patterns.exchange import Repair
from patterns.output.scan.account import account
from patterns.output.scan.escapes import decode
from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.words import read_word
from patterns.output.tree import Node

_PART = r"(?:[A-Za-z0-9_-]{1,80}+|\"[^\"\n]{1,80}+\"|'[^'\n]{1,80}+')"
_PATH = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{0,15}}+"
_HEADER = re.compile(rf"[ \t]*+(?P<open>\[\[?)[ \t]*+(?P<path>{_PATH})[ \t]*+\]\]?[ \t]*+(?:#[^\n]*+)?(?:\n|\Z)").match
_PAIR = re.compile(rf"[ \t]*+(?P<path>{_PATH})[ \t]*+=(?![=>])[ \t]*+").match
_NOTHING = re.compile(r"[ \t\r]*+(?:[#;][^\n]*+)?(?:\n|\Z)").match
_NAMES = re.compile(_PART)
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*+)"').match
_LITERAL = re.compile(r"'([^'\n]*+)'").match
_REST = re.compile(r"[^\n]*+").match
_COMMENT = re.compile(r"[ \t]#")
_TOKEN = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"|\'\'\'(?:[^\']|\'(?!\'\'))*+\'\'\'|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'"
    r"|(?P<sign>[{}\[\]=])|(?P<comment>#[^\n]*+)",
    re.S,
).finditer
_USUAL = frozenset({"quotes", "trailing comma", "unquoted key", "comment"})
"""What is no damage in TOML."""

SIGN = re.compile(
    rf"^[ \t]*+(?:\[\[?[ \t]*+{_PATH}[ \t]*+\]\]?[ \t]*+$"
    rf"|{_PATH}[ \t]*+=(?![=>])[ \t]*+(?:[\"'\[{{\d+-]|true\b|false\b))",
    re.M,
).search
"""A line that TOML may begin with."""


class Toml:
    """What the lines between two places say: `root`, how many of them said it, and how many said something else."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.root = Node("object", [], start, start)
        self.told = self.other = 0
        self.mends: list[Repair] = []
        self.text = text
        self._end = end
        self._table = self.root
        self._members: dict[int, dict[str, Node]] = {}
        self._source: Source | None = None
        pos = start
        while pos < end:
            pos = self._line(pos)

    def _line(self, pos: int) -> int:
        """Take in one line, or a value over several; give where the next begins."""
        text, end = self.text, self._end
        if nothing := _NOTHING(text, pos, end):
            return nothing.end() if nothing.end() > pos else end
        if header := _HEADER(text, pos, end):
            self.told += 1
            self._open(header)
            return header.end()
        if pair := _PAIR(text, pos, end):
            self.told += 1
            return self._pair(pair)
        self.other += 1
        return self._next_line(pos)

    def _next_line(self, pos: int) -> int:
        line = _REST(self.text, pos, self._end)
        return min(line.end() + 1, self._end) if line else self._end

    # where a value belongs

    def _open(self, header: re.Match[str]) -> None:
        """Go to the table that a header names, and make it where it is new."""
        *path, last = _keys(self.text, *header.span("path"))
        holder = self._down(self.root, path, header.end())
        found = self._inside(holder).get(str(last.value))
        if header["open"] == "[[":
            if found is None or found.kind != "array":
                found = Node("array", [], header.start(), header.end())
                self._add(holder, last, found)
            table = Node("object", [], header.start(), header.end())
            found.value.append(table)  # type: ignore[attr-defined]
            found.end = header.end()
        elif found is None or found.kind != "object":
            table = Node("object", [], header.start(), header.end())
            self._add(holder, last, table)
        else:
            table = found
        self._table = table

    def _down(self, holder: Node, path: list[Node], past: int) -> Node:
        """Follow names down to a table; of a list of tables the last is meant."""
        for key in path:
            found = self._inside(holder).get(str(key.value))
            if found is not None and found.kind == "array" and found.value:
                found = found.value[-1]  # type: ignore[index]
            if found is None or found.kind != "object":
                found = Node("object", [], key.start, past)
                self._add(holder, key, found)
            found.end = max(found.end, past)
            holder = found
        return holder

    def _inside(self, holder: Node) -> dict[str, Node]:
        return self._members.setdefault(id(holder), {})

    def _add(self, holder: Node, key: Node, value: Node) -> None:
        holder.value.append((key, value))  # type: ignore[attr-defined]
        self._inside(holder)[str(key.value)] = value
        holder.end = max(holder.end, value.end)
        self.root.end = max(self.root.end, value.end)

    # values

    def _pair(self, pair: re.Match[str]) -> int:
        *path, last = _keys(self.text, *pair.span("path"))
        value, past = self._value(pair.end())
        holder = self._down(self._table, path, value.end)
        self._add(holder, last, value)
        self._table.end = max(self._table.end, value.end)
        return self._next_line(past)

    def _value(self, pos: int) -> tuple[Node, int]:
        text = self.text
        quote = text[pos : pos + 3]
        if quote in ('"""', "'''"):
            return self._long(pos, quote)
        if text[pos : pos + 1] in ("{", "[") and (found := self._container(pos)) is not None:
            return found
        if basic := _BASIC(text, pos, self._end):
            value = decode(basic[1])[0] if "\\" in basic[1] else basic[1]
            return Node("string", value, pos, basic.end()), basic.end()
        if literal := _LITERAL(text, pos, self._end):
            return Node("string", literal[1], pos, literal.end()), literal.end()
        rest = _REST(text, pos, self._end)
        past = rest.end() if rest else pos
        comment = _COMMENT.search(text, pos, past)
        end = comment.start() if comment else past
        return read_word(text, pos, end) or Node("bare", "", pos, pos), past

    def _long(self, pos: int, quote: str) -> tuple[Node, int]:
        close = self.text.find(quote, pos + 3, self._end)
        stop = self._end if close < 0 else close
        past = stop if close < 0 else close + 3
        body = self.text[pos + 3 : stop].removeprefix("\r").removeprefix("\n")
        if quote[0] == '"':
            body = decode(re.sub(r"\\[ \t\r]*+\n\s*+", "", body))[0] if "\\" in body else body
        return Node("string", body, pos, past, close >= 0), past

    def _container(self, pos: int) -> tuple[Node, int] | None:
        """Read a list or a table in braces; what follows it on its line is left alone."""
        if self._source is None:
            self._source = Source(_with_colons(self.text, self.root.start, self._end))
            self._source.end = self._end
        source = self._source
        if source.fuel < 0:
            return None
        source.begin()
        try:
            root, past = read_container(source, pos)
        except TooMuch:
            return None
        source.fuel -= past - pos
        self.mends += [mend for mend in account(source.text, source.mends) if mend.kind not in _USUAL]
        return root, past


def _with_colons(text: str, start: int, end: int) -> str:
    """Write the tables in braces as objects: a colon for each equals sign, and no comments; all keeps its place."""
    signs = list(text[:end])
    open_: list[str] = []
    for token in _TOKEN(text, start, end):
        sign = token["sign"]
        if sign and sign in "{[":
            open_.append(sign)
        elif sign and sign in "}]" and open_:
            open_.pop()
        elif sign == "=" and open_ and open_[-1] == "{":
            signs[token.start()] = ":"
        elif token["comment"] and open_:
            signs[token.start() : token.end()] = " " * (token.end() - token.start())
    return "".join(signs)


def _keys(text: str, start: int, end: int) -> list[Node]:
    """Give the names in a dotted path."""
    return [Node("string", part[0].strip("\"'"), *part.span()) for part in _NAMES.finditer(text, start, end)]
