"""Where values stand in a text: alone, in fences, in tags, or in the middle of prose; found in one pass."""

from __future__ import annotations

import re

from patterns.output.scan.choose import believable
from patterns.output.scan.escaped import Unescaped, begins_escaped
from patterns.output.scan.exact import read_sound
from patterns.output.scan.limits import MAX_SPANS
from patterns.output.scan.nested import open_string
from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch, repairs
from patterns.output.scan.strings import read_quoted
from patterns.output.scan.tags import MARK, fence_body
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate, Node, Origin

_AROUND = 1_000
"""Characters of the surrounding text that a candidate carries on either side."""


_AT_QUOTES = frozenset({"inner quote", "missing quote", "doubled quote", "cut"})
"""Mends that a sound text may meet: the rules for damage begin to err where a string ends."""
_WORDS = 2_000
"""The longest answer in words that is looked for inside a tag."""


class Finder:
    """One pass over a text that collects every value it meets."""

    __slots__ = ("aside", "found", "outset", "source", "text")

    def __init__(self, text: str, *, partial: bool) -> None:
        self.text = text
        self.source = Source(text, partial=partial)
        self.found: list[Candidate] = []
        self.outset = 0
        self.aside: list[Candidate] = []

    def whole(self, pos: int) -> int:
        """Read a text that begins with a value; give where to look for more, the end of the text when it is all."""
        sign = self.text[pos]
        past = self.container(pos, "strict") if sign in "{[" else self.string(pos)
        if past is not None and self._nothing_after(past):
            return self.source.end
        if past is not None and believable(self.found[-1]):
            self.found[-1].origin = "span"
            return past
        self.found.clear()
        return pos

    def container(self, pos: int, origin: Origin) -> int | None:
        """Read the container at `pos` and keep it; give the position after it, None when it is no value."""
        source = self.source
        source.begin()
        try:
            root, past = self._escaped(pos) if begins_escaped(self.text, pos) else read_container(source, pos)
        except TooMuch:
            return None
        if source.mends and (sound := self._sound(pos)):
            root, past = sound
        self._keep(root, origin)
        return past

    def _escaped(self, pos: int) -> tuple[Node, int]:
        """Read a value whose text was escaped as a whole; once or a few times, for it looks at all of the rest."""
        source = self.source
        source.fuel -= source.end - pos
        if source.fuel < 0:
            return read_container(source, pos)
        plain = Unescaped(self.text, pos, source.end)
        inner = Source(plain.text, partial=source.partial)
        root, past = read_container(inner, 0)
        plain.place(root)
        source.mend("escape", pos, root.end)
        source.mends += map(plain.mend, inner.mends)
        source.cost += inner.cost
        return root, plain.raw(past)

    def _sound(self, pos: int) -> tuple[Node, int] | None:
        """Read the value to the letter where a mend touched it though it is sound: no rule may bend what is right."""
        if not any(kind in _AT_QUOTES for kind, _, _, _ in self.source.mends):
            return None
        if (sound := read_sound(self.text, pos)) is None:
            return None
        if all(start >= sound[1] - 1 for _, start, _, _ in self.source.mends):
            return None
        self.source.begin()
        return sound

    def string(self, pos: int) -> int | None:
        """Read a quoted string that is the whole text, and what is written in it."""
        source = self.source
        source.begin()
        try:
            root, past = read_quoted(source, pos, "root", 0, 0)
        except TooMuch:
            return None
        if not self._nothing_after(past):
            return None
        self._keep(root, "strict")
        if inner := open_string(root):
            self._keep(inner, "strict")
        return past

    def spans(self, pos: int, end: int) -> None:
        """Collect the values in fences, tags and prose; those in thoughts only where nothing else is found."""
        thoughts: list[tuple[int, int]] = []
        thought_from = -1
        for _ in range(MAX_SPANS):
            mark = MARK(self.text, pos, end)
            if mark is None:
                break
            if mark["thought"]:
                close = -1 if thought_from >= 0 else self.text.find(f"</{mark['thought']}>", mark.end(), end)
                pos = mark.end() if close < 0 else close
                thought_from = mark.end() if close < 0 and thought_from < 0 else thought_from
                thoughts.append((mark.end(), pos))
                self.outset = pos
            elif mark["over"]:
                pos = self.outset = mark.end()
                thought_from = -1
                self.aside += self.found
                self.found = []
            else:
                past = self._value(mark)
                if past is None:
                    break
                pos = past
        if thought_from >= 0:
            self.aside, self.found = self.found, [one for one in self.found if one.root.start < thought_from]
        self._fall_back(thoughts)

    def _fall_back(self, thoughts: list[tuple[int, int]]) -> None:
        """Take what stands in the thoughts when nothing at all comes after them."""
        if self.found or (self.outset and self.source.blank(self.outset) < self.source.end and not self.aside):
            return
        self.found, self.aside = self.aside, []
        if not self.found:
            for start, close in thoughts:
                if close > start:
                    self.spans(start, close)

    def _value(self, mark: re.Match[str]) -> int | None:
        """Read the value that begins at a mark; give the position to go on from, None to stop looking."""
        if mark["answer"]:
            self._tagged(mark.end())
            return mark.end()
        if mark[0][0] in "`~":
            return self._fenced(mark.start(), mark.end())
        past = self.container(mark.start(), "span")
        if past is None or believable(self.found[-1]):
            return past
        self.source.fuel -= past - mark.start()
        return mark.end() if self.source.fuel > 0 else None

    def _fenced(self, mark: int, start: int) -> int:
        """Read the value in the fence at `mark`; give the position after the fence."""
        text, source = self.text, self.source
        _tag, start = fence_body(text, start)
        start = source.blank(start)
        past = start
        if start < source.end and text[start] in "{[":
            past = self._in_fence(start)
            close = text.find(text[mark : mark + 3], past)
            return source.end if close < 0 else close + 3
        close = text.find(text[mark : mark + 3], start)
        stop = source.end if close < 0 else close
        word = read_word(text, start, stop, cut=close < 0)
        if word is not None and word.kind != "bare":
            source.begin()
            self._keep(word, "fence")
        return start if close < 0 else stop + 3

    def _in_fence(self, pos: int) -> int:
        """Read the values of one fence, one after the other."""
        source = self.source
        while pos < source.end and self.text[pos] in "{[":
            past = self.container(pos, "fence")
            if past is None:
                return source.end
            pos = source.blank(past)
            if self.text.startswith(",", pos):
                pos = source.blank(pos + 1)
        return pos

    def _tagged(self, pos: int) -> None:
        """Keep the words inside an answer tag; brackets inside it are met later."""
        close = self.text.find("</", pos, pos + _WORDS)
        if close < 0 and self.source.end - pos > _WORDS:
            return
        word = read_word(self.text, pos, self.source.end if close < 0 else close, cut=close < 0)
        if word is not None and word.raw[:1] not in ("{", "[", "`", "<"):
            self.source.begin()
            self._keep(word, "tag")

    def _keep(self, root: Node, origin: Origin) -> None:
        source, text = self.source, self.text
        mends = repairs(source)
        if origin == "strict" and (mends or not root.complete):
            origin = "span"
        outside = ""
        if root.start or root.end < source.end:
            outside = text[max(0, root.start - _AROUND) : root.start] + text[root.end : root.end + _AROUND]
        self.found.append(Candidate(root, origin, mends, source.cost, root.complete, outside.strip()))

    def _nothing_after(self, past: int) -> bool:
        """Nothing but blanks, comments, and marks that wrap a value stands behind `past`."""
        if past >= self.source.end:
            return True
        rest = self.text[past : past + 200].strip("\ufeff\u200b\x00 \t\r\n`~;,)}]")
        return not rest and (past + 200 >= self.source.end or not self.text[past:].strip("\x00 \t\r\n`~;,)}]"))
