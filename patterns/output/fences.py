"""Markdown fences in a text: what each holds, the language it claims, and whether it was closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from patterns.output.languages import is_known, language_of

Origin: TypeAlias = Literal["fence", "tag", "prose"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that may be code: `start` and `end` bound its content in the raw text.

    `tag` is the language claimed for it, as written; `outer` bounds the fence around it.
    """

    text: str
    start: int
    end: int
    tag: str = ""
    closed: bool = True
    origin: Origin = "fence"
    outer: tuple[int, int] = (0, 0)


_RUN = re.compile(r"`{3,}|~{3,}")
_LEAD = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,3}[.)])[ \t]*)*")
_INFO = re.compile(r"[ \t]*(?P<tag>\{?\.?[A-Za-z][\w+#.-]*)?(?P<rest>[^\n]*)")
_DEPTH = 3
"""How many fences may be open at once: a document, an example in it, one more."""
_MOST = 2000
"""Blocks read from one text; what follows them is left alone."""


@dataclass(slots=True)
class _Open:
    mark: str
    tag: str
    fence: int
    """Where the opening run stands."""
    start: int
    lead: int
    """How far the opening run is indented."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of fence characters with what stands before and after it on its line."""

    mark: str
    start: int
    end: int
    line_end: int
    leads: bool
    lead: int
    tag: str
    rest: str

    @property
    def bare(self) -> bool:
        return not self.tag and not self.rest


def find_fences(text: str) -> list[Block]:
    """Find the fenced blocks, in the order in which they open; inner blocks of a Markdown document follow it."""
    blocks: list[Block] = []
    stack: list[_Open] = []
    skip = 0
    for run in _runs(text):
        if run.start < skip:
            continue
        if len(blocks) >= _MOST:
            break
        if stack and _ends(run, stack[-1]):
            blocks.append(_block(text, stack.pop(), run.start, run.end))
        elif not stack or _opens_inside(run, stack[-1]):
            if stack and (len(stack) >= _DEPTH or language_of(stack[-1].tag) != "markdown"):
                blocks.append(_block(text, stack.pop(), _line_start(text, run), run.start, closed=False))
            if (inline := _inline(text, run)) is not None:
                skip = inline.outer[1]
                blocks.append(inline)
            elif run.leads or not run.rest:
                stack.append(_Open(run.mark, run.tag, run.start, min(run.line_end + 1, len(text)), run.lead))
    blocks += [_block(text, left, len(text), len(text), closed=False) for left in stack]
    return sorted(blocks, key=lambda block: block.start)


def _runs(text: str) -> Iterator[_Run]:
    line_start = line_end = lead_end = -1
    for found in _RUN.finditer(text):
        if found.start() > line_end:
            line_start = text.rfind("\n", 0, found.start()) + 1
            line_end = text.find("\n", found.end())
            line_end = len(text) if line_end < 0 else line_end
            lead = _LEAD.match(text, line_start, found.start())
            lead_end = lead.end() if lead else line_start
        info = _INFO.match(text, found.end(), min(line_end, found.end() + 200))
        yield _Run(
            mark=found[0],
            start=found.start(),
            end=found.end(),
            line_end=line_end,
            leads=lead_end == found.start(),
            lead=found.start() - line_start,
            tag=(info["tag"] or "").strip("{.") if info else "",
            rest=info["rest"].strip() if info else "",
        )


def _ends(run: _Run, opened: _Open) -> bool:
    """Tell a closing run: of the same kind, as long, and with no language after it.

    It may stand at the end of a line of code, or lead a line of prose, for models forget the line break. One
    that is indented deeper than its opener by four belongs to a docstring within.
    """
    if run.mark[0] != opened.mark[0] or len(run.mark) < len(opened.mark):
        return False
    if run.leads:
        return run.lead < opened.lead + 4 and (run.bare or (bool(run.rest) and not is_known(run.tag)))
    return run.bare and run.mark[0] == "`"


def _opens_inside(run: _Run, opened: _Open) -> bool:
    """Tell a fence that opens while another is open: the earlier one was left unclosed, or is a document."""
    return run.leads and bool(run.tag) and (not run.rest or is_known(run.tag)) and run.lead < opened.lead + 4


def _inline(text: str, run: _Run) -> Block | None:
    """Read a fence that opens and closes on one line."""
    close = text.find(run.mark, run.end, run.line_end)
    if close < 0 or run.mark[0] == "~":
        return None
    return Block(text[run.end : close], run.end, close, outer=(run.start, close + len(run.mark)))


def _line_start(text: str, run: _Run) -> int:
    return run.start - run.lead


def _block(text: str, opened: _Open, end: int, outer_end: int, closed: bool = True) -> Block:
    start = min(opened.start, end)
    return Block(text[start:end], start, end, opened.tag, closed, outer=(opened.fence, outer_end))
