"""Quoted strings: from the opening quote, whichever it is, to the place where the string is over."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from json.encoder import encode_basestring

from patterns.output.scan.account import SHOWN, written
from patterns.output.scan.backslashes import begins_path
from patterns.output.scan.closing import CLOSERS, KEY, MAYBE, NO, QUOTES, YES, Closing, Place
from patterns.output.scan.escapes import decode, without_unfinished
from patterns.output.scan.limits import LOOK_AHEAD
from patterns.output.scan.source import Source
from patterns.output.tree import Node

_TAG_LINE = re.compile(r"[^\n`]{0,80}+\n").match
_UNCLOSED_KEY = re.compile(r"[\w $.-]{1,80}+[”“]?[:：]").match
_TAIL = re.compile(r"[\s}\]]*+\Z")
_OVER_BEFORE = re.compile(r"([^\[\]{}]{1,2000}+)[}\]]\s*+[,，]\s*+[\[{]").match
"""A string that a bracket nobody opened ends, with the next list or object behind it."""

_LINE_OF_CLOSERS = re.compile(r"[}\]][}\] \t]*+(?=\r?\n)").search
_RAW_CONTROL = re.compile(r"[\x00-\x1f]").search


@cache
def _marks(closers: str) -> re.Pattern[str]:
    """The characters that matter inside a string: its closers, and the backslash."""
    return re.compile(rf"[\\{re.escape(closers)}{'“„”' * (closers == chr(34))}]")


def read_quoted(source: Source, pos: int, place: Place, objects: int, arrays: int) -> tuple[Node, int]:
    """Read the string whose opening quote stands at `pos`; give it and the position after it."""
    text = source.text
    quote = text[pos]
    if quote in "\"'`" and text.startswith(quote * 3, pos):
        return _triple(source, pos, quote * 3)
    node, past = _Search(source, pos, quote, place, objects, arrays).node()
    if quote != '"':
        source.mend("quotes", pos, *_requoted(text, pos, past, str(node.value)))
    return node, past


def _requoted(text: str, pos: int, past: int, value: str) -> tuple[int, str]:
    """Give the end of what was quoted otherwise, and what JSON has there: the first mark alone where no last is."""
    if text[past - 1] not in CLOSERS[text[pos]] or past < pos + 2:
        return pos + 1, '"'
    return past, encode_basestring(value[:SHOWN])


def _triple(source: Source, pos: int, fence: str) -> tuple[Node, int]:
    text = source.text
    start = pos + 3
    if fence[0] == "`" and (line := _TAG_LINE(text, start)):
        start = line.end()
    close = text.find(fence, start)
    complete = close >= 0
    close = close if complete else source.end
    body = textwrap.dedent(text[start:close]).strip("\r\n").rstrip() if "\n" in text[start:close] else text[start:close]
    past = close + 3 if complete else source.end
    if fence[0] != "`":
        body = decode(body)[0]
    body = source.characters(body, start, close)
    source.mend("quotes", pos, past, f'"{written(body)}' + '"' * complete)
    if not complete:
        source.mend("cut", past, past, '"')
    return Node("string", body, pos, past, complete), past


class _Search:
    """The search for the end of one string."""

    __slots__ = ("closers", "closing", "doubtful", "inner", "place", "pos", "source", "start", "typographic")

    def __init__(self, source: Source, pos: int, quote: str, place: Place, objects: int, arrays: int) -> None:
        self.source = source
        self.pos = pos
        self.start = pos + 1
        self.closers = CLOSERS[quote]
        self.closing = Closing(source, pos + 1, place, objects, arrays)
        self.place = place
        self.doubtful = -1
        self.typographic = False
        self.inner: list[int] = []

    def node(self) -> tuple[Node, int]:
        """Try one quote after the other, until one closes the string or opens the next."""
        source, text = self.source, self.source.text
        find = _marks(self.closers).search
        at, horizon = self.start, source.end
        while match := find(text, at, horizon):
            at = match.start()
            if text[at] == "\\":
                if self._ends_path(at):
                    return self._close(at + 1)
                at += 2
                continue
            if text[at] not in self.closers and not self._typographic(at):
                at += 1
                continue
            if self._doubled_opening(at):
                self.start = self.closing.start = at = at + 1
                continue
            verdict = self.closing.verdict(at, at + 1)
            if self.place == "key" and (colon := self._colon_inside(verdict, at)) >= 0:
                return self._cut(colon)
            if verdict == YES:
                return self._close(at)
            if self.closing.opens_next(at):
                return self._close(self.doubtful) if self.doubtful >= 0 else self._lost(at)
            if verdict == MAYBE and self.doubtful < 0:
                self.doubtful = at
                horizon = min(source.end, at + min(LOOK_AHEAD, max(source.fuel, 0)) + 1)
            source.spend(1)
            self.inner.append(at)
            self.closing.pass_over(at)
            at += 1
        if self.doubtful >= 0:
            source.fuel -= horizon - self.doubtful
            return self._close(self.doubtful)
        return self._unclosed()

    def _ends_path(self, at: int) -> bool:
        """The backslash at `at` ends a path that escapes nothing, and the quote behind it closes the string."""
        source, text = self.source, self.source.text
        if text[at + 1 : at + 2] not in self.closers or not begins_path(text, self.start):
            return False
        after = source.peek(at + 2)
        if after >= source.end or text[after] not in ",}]":
            return False
        if text[after] == "," and self.place != "item" and not KEY(text, source.peek(after + 1)):
            return False
        return self.closing.verdict(at + 1, at + 2) == YES

    def _typographic(self, at: int) -> bool:
        """A typographic quote closes a plain one, where no other of its kind opened and what follows is certain."""
        if self.source.text[at] != "”":
            self.typographic = True
        if self.typographic or self.closing.verdict(at, at + 1) != YES:
            return False
        self.source.mend("quotes", at, at + 1, '"')
        return True

    def _doubled_opening(self, at: int) -> bool:
        """The second of two opening quotes: an empty string that nothing could follow."""
        if at != self.pos + 1 or self.closing.verdict(at, at + 1) != NO:
            return False
        close = self.source.text.find(self.source.text[at], at + 1, at + 200)
        if close >= 0 and not self._before_sign(close + 1) and self.source.text[close + 1] not in QUOTES:
            return False
        self.source.mend("doubled quote", at, at + 1)
        return True

    def _colon_inside(self, verdict: int, at: int) -> int:
        """Give the colon behind a key that lost its closing quote, -1 when it has one. No key has a line end in it."""
        if self.place != "key" or (verdict == YES and "\n" not in self.source.text[self.start : at]):
            return -1
        lost = _UNCLOSED_KEY(self.source.text, self.start)
        return lost.end() - 1 if lost else -1

    def _close(self, at: int) -> tuple[Node, int]:
        source, text = self.source, self.source.text
        inside = [inner for inner in self.inner if inner < at]
        doubled = inside[-1:] == [at - 1] and len(inside) % 2 == 1 and not text[at - 2].isdigit()
        for inner in inside[: len(inside) - doubled]:
            source.mend("inner quote", inner, inner + 1, "\\" + text[inner])
        if doubled:
            source.mend("doubled quote", at, at + 1)
            return self._string(at - 1, at + 1), at + 1
        if text.startswith(text[at], at + 1) and self._before_sign(at + 2):
            if len(self.inner) % 2:
                source.mend("inner quote", at, at + 1, "\\" + text[at])
                return self._string(at + 1, at + 2), at + 2
            source.mend("doubled quote", at + 1, at + 2)
            return self._string(at, at + 2), at + 2
        return self._string(at, at + 1), at + 1

    def _before_sign(self, pos: int) -> bool:
        after = self.source.peek(pos)
        return self.source.text[after : after + 1] in (":", ",", "}", "]", "")

    def _cut(self, end: int) -> tuple[Node, int]:
        """End the string at `end`, where a closing quote is missing."""
        close = end - 1 if self.closers == '"' and self._odd_closer(end) else end
        self.source.mend("missing quote", close, end, '"')
        return self._string(close, end), end

    def _odd_closer(self, end: int) -> bool:
        """The string ends with a typographic quote that nothing opened: it stands for the missing one."""
        text = self.source.text
        return (
            end > self.start
            and text[end - 1] in "”“»"
            and "„" not in text[self.start : end]
            and "“" not in text[self.start : end - 1]
        )

    def _lost(self, at: int) -> tuple[Node, int]:
        """End before the quote at `at`, which opens what comes next."""
        body = self.source.text[self.start : self.closing.last_member(at) or at].rstrip()
        if over := _OVER_BEFORE(body):
            return self._cut(self.start + len(over[1].rstrip()))
        if body.endswith("*/"):
            body = body[: body.rindex("/*")].rstrip()
        if body[-1] in "{[":
            body = body.rstrip("{[ \t\r\n")
        end = self.start + len(body)
        return self._cut(self._without_closers(end - 1 if body[-1] in ",，" else end))

    def _unclosed(self) -> tuple[Node, int]:
        """No closer was found before the text ended."""
        source = self.source
        end = source.end
        if not source.partial:
            if (colon := self._colon_inside(NO, end)) >= 0:
                return self._cut(colon)
            end = self._over(end)
            closers = self._without_closers(end)
            if closers < end:
                return self._cut(self.closing.first_member(closers))
        body = without_unfinished(source.text[self.start : end])
        node = self._string(end, end, complete=False)
        source.mend("cut", self.start + len(body), end, '"')
        return node, end

    def _over(self, end: int) -> int:
        """Give where the value is over: before a fence, or behind a line that ends with brackets nobody opened."""
        text = self.source.text
        fence = text.find("\n```", self.start)
        end = fence if fence >= 0 else end
        closing = _LINE_OF_CLOSERS(text, self.start, end)
        if closing and self._without_closers(closing.end()) < closing.end():
            return closing.end()
        return end

    def _without_closers(self, end: int) -> int:
        """Step back over brackets that close what is open around the string."""
        if self.place in ("key", "root"):
            return end
        text = self.source.text
        tail = _TAIL.search(text, max(self.start, end - 400), end)
        if not tail or not tail.group().strip():
            return end
        opened = text.count("{", self.start, end) + text.count("[", self.start, end)
        closed = text.count("}", self.start, end) + text.count("]", self.start, end)
        return tail.start() if closed > opened else end

    def _string(self, end: int, past: int, *, complete: bool = True) -> Node:
        source = self.source
        body = whole = source.text[self.start : end]
        if not complete:
            body = without_unfinished(body)
        elif "\n" in body[len(body.rstrip()) :]:
            body = body.rstrip()
        value, bent = decode(body)
        if not complete and not source.partial:
            value = value.rstrip()
        if bent:
            source.mend("escape", self.start, end, written(value))
        if _RAW_CONTROL(body) or (complete and body != whole):
            source.mend("raw newline", self.start, end, written(value))
        return Node("string", source.characters(value, self.start, end), self.pos, past, complete)
