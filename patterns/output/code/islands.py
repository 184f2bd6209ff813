"""Code that stands in prose without a fence: where Python begins and ends among lines of text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patterns.output.code.python_source import LONGEST, Broken, Parser

_START = re.compile(
    r"""[ \t]*(?:
        (?:async[ \t]+)?def[ \t]+\w+[ \t]*\(
      | class[ \t]+\w+[ \t]*[(:]
      | import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*(?:,|\#|$)
      | from[ \t]+[\w.]+[ \t]+import[ \t]
      | @\w[\w.]*
      | (?:for|while|with|if)\b[^\n]*:[ \t]*(?:\#.*)?$
      | try:
      | [A-Za-z_][\w.]*(?:\[[^\]\n]*\])?(?:[ \t]*,[ \t]*\w+)*   # an assignment
        [ \t]*(?::[ \t]*[\w\[\],.][\w\[\],. ]*)?(?:[-+*/|&%]|//|\*\*)?=[^=\n]
      | (?:await[ \t]+)?[A-Za-z_][\w.]*\([^\n]*\)[ \t]*(?:\#.*)?$  # a call
      | \#[^\#\n]
      | \"{3} | '{3}
    )""",
    re.VERBOSE,
)
"""The first line of a statement that prose does not begin with."""

_MORE = re.compile(
    r"""[ \t]*(?:
        (?:elif|else|except|finally|return|yield|raise|assert|del|global|nonlocal|pass|break|continue|match|case|type
          |lambda|print|await|async)\b
      | [)\]}]
      | \#[^\#]
      | [rbfuRBFU]{0,2}[\"']
      | >>>
      | [A-Za-z_][\w.]*[ \t]*\(
    )""",
    re.VERBOSE,
)
"""Further lines that go on where code has begun."""

_TRIPLE = re.compile(r"\"\"\"|'''")
_HEADER = re.compile(r"expected an indented block after .* on line (\d+)")
_DEFINES = re.compile(r"[ \t]*(?:(?:async[ \t]+)?def|class)\b|[ \t]*@")
_TRIES = 8
_MISSES = 12
_MOST = 20_000
"""Lines of a text that are searched."""
_TAIL = 15
"""Lines at the end of a text that a cut may have left unfinished."""


@dataclass(frozen=True, slots=True)
class Island:
    """A run of lines that parses: `first` and `last` number them from 0, `last` exclusive."""

    first: int
    last: int
    source: str
    tree: ast.Module
    cut: bool = False
    """The text ends within it: what follows `last` belongs to it and does not parse."""


def find_islands(lines: Sequence[str], parser: Parser) -> Iterator[Island]:
    """Find the runs of lines that are Python, in order; each try moves on, and the parser's budget ends them all."""
    at, misses = 0, 0
    lines = _without_end(lines[:_MOST])
    while at < len(lines) and misses < _MISSES and not parser.spent:
        if not _START.match(lines[at]):
            at += 1
            continue
        end = _extent(lines, at)
        island = _parsing(lines, at, end, parser)
        if island is None:
            misses += 1
            at += 1
        else:
            at = max(island.last, at + 1)
            yield island


def _without_end(lines: Sequence[str]) -> Sequence[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def dedent(lines: Sequence[str]) -> list[str]:
    """Take away the indentation that all lines share, tabs and blanks as they stand."""
    shared = _shared([line[: _margin(line)] for line in lines if line.strip()])
    return [line[len(shared) :] if line.startswith(shared) else "" for line in lines]


def _shared(margins: Sequence[str]) -> str:
    if not margins:
        return ""
    low, high = min(margins), max(margins)
    return low[: next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))]


def _extent(lines: Sequence[str], first: int) -> int:
    """Give the line after the last that may belong to the code that begins at `first`: itself when that is too much."""
    margin = _margin(lines[first])
    quote = ""
    depth = 0
    end = first
    size = 0
    for number in range(first, len(lines)):
        line = lines[number]
        size += len(line) + 1
        if size > LONGEST:
            return first
        inside = bool(quote) or depth > 0
        if line.strip() and not inside and _margin(line) <= margin and number > first and not _goes_on(line):
            break
        quote = _quote_after(line, quote)
        if not quote:
            depth = max(depth + _balance(line), 0) if depth < 200 else 0
        if line.strip():
            end = number + 1
    return end


def _goes_on(line: str) -> bool:
    return bool(_START.match(line) or _MORE.match(line))


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _quote_after(line: str, quote: str) -> str:
    """Follow triple quotes over a line: which one is open at its end."""
    for mark in _TRIPLE.finditer(line):
        if not quote:
            quote = mark[0]
        elif quote == mark[0]:
            quote = ""
    return quote


def _balance(line: str) -> int:
    if "'" in line or '"' in line or "#" in line:
        line = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#.*", "", line)
    return sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))


def _parsing(lines: Sequence[str], first: int, end: int, parser: Parser) -> Island | None:
    """Find the longest run from `first` that parses, giving up lines from where the parser stopped."""
    last = end
    for _ in range(_TRIES):
        block = dedent(lines[first:last])
        found = parser.parse("\n".join(block))
        if not isinstance(found, Broken):
            rest = lines[last : end + 1]
            cut = last < end and (end == len(lines) or any(line[:1].isspace() for line in rest if line.strip()))
            return Island(first, last, "\n".join(block), found, cut) if found.body else None
        last = first + _before(block, found)
        if last <= first:
            return None
    return None


def _before(block: Sequence[str], broken: Broken) -> int:
    """Give the number of lines to keep: up to the statement that the parser could not read.

    Within a definition that is no end of the text, all of the definition goes: half of one is not code.
    """
    header = _HEADER.search(broken.message)
    line = int(header[1]) if header else broken.line
    at = min(line, len(block)) - 1 if line > 0 else len(block) - 1
    if block[at][:1].isspace() and at < len(block) - _TAIL:
        while at > 0 and not _DEFINES.match(block[at]):
            at -= 1
    while at > 0 and (not block[at - 1].strip() or block[at - 1].lstrip().startswith("@")):
        at -= 1
    return at
