"""A value where one begins, read by the rules that fit what it begins with, and kept as a candidate."""

from __future__ import annotations

from functools import partial

from patterns.output.scan.account import account
from patterns.output.scan.elisions import elided_behind, mark_elided
from patterns.output.scan.escaped import Unescaped, begins_escaped
from patterns.output.scan.escapes import lone_escapes
from patterns.output.scan.exact import read_sound
from patterns.output.scan.nested import open_string
from patterns.output.scan.parser import read_container, read_members
from patterns.output.scan.rows import read_row
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.values import read_value
from patterns.output.scan.walk import TUPLE
from patterns.output.tree import Candidate, Node, Origin

_AROUND = 1_000
"""Characters of the surrounding text that a candidate carries on either side."""

_AT_QUOTES = frozenset({"inner quote", "missing quote", "doubled quote", "cut"})
"""Mends that a sound text may meet: the rules for damage begin to err where a string ends."""


class Reader:
    """The text, and the candidates read from it so far."""

    __slots__ = ("found", "source", "text")

    def __init__(self, text: str, *, partial: bool) -> None:
        self.text = text
        self.source = Source(text, partial=partial)
        self.found: list[Candidate] = []

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
        self.keep(root, origin)
        return past

    def in_round(self, pos: int) -> int | None:
        """Read what Python prints for a tuple, where it is the whole text."""
        past = self.container(pos, "span") if TUPLE(self.text, pos) else None
        several = past is not None and _has_items(self.found[-1].root)
        if past is not None and (not several or not self.nothing_after(past)):
            self.found.pop()
            return None
        return past

    def members(self, pos: int) -> int | None:
        """Read the members of an object without braces around it."""
        source = self.source
        source.begin()
        try:
            root, past = read_members(source, pos)
        except TooMuch:
            return None
        self.keep(root, "span")
        return past

    def row(self, pos: int, origin: Origin) -> int | None:
        """Read strings in a row without brackets."""
        self.source.begin()
        root = read_row(self.source, pos)
        if root is None:
            return None
        self.keep(root, origin)
        return root.end

    def string(self, pos: int) -> int | None:
        """Read a quoted string that is the whole text, and what is written in it."""
        source = self.source
        source.begin()
        try:
            root, past = read_value(source, pos, "root", 0, 0)
        except TooMuch:
            return None
        if not self.nothing_after(past) or self._was_over(pos):
            return None
        inner = open_string(root)
        if inner and self.text[pos] != '"':
            self.keep(inner, "strict")
        self.keep(root, "strict")
        if inner and self.text[pos] == '"':
            self.keep(inner, "strict")
        return past

    def keep(self, root: Node, origin: Origin) -> None:
        source, text = self.source, self.text
        if source.shortened:
            self._mark_elided(root)
        if root.kind == "array" and root.end < source.end and (left_out := elided_behind(text, root.end)):
            source.mend("ellipsis", *left_out)
            root.complete = False
        mends = source.mends
        told = partial(account, text, mends) if mends else ()
        if origin == "strict" and (mends or not root.complete):
            origin = "span"
        outside = ""
        if root.start or root.end < source.end:
            outside = text[max(0, root.start - _AROUND) : root.start] + text[root.end : root.end + _AROUND]
        self.found.append(Candidate(root, origin, told, source.cost, root.complete, outside.strip()))

    def _mark_elided(self, root: Node) -> None:
        """Mark what the text says was shortened; words that say nothing of the kind are a comment."""
        source = self.source
        spans = [(start, end) for kind, start, end, _ in source.mends if kind == "ellipsis"]
        idle = mark_elided(root, spans, self.text)
        for start in idle:
            source.correct(("ellipsis", start), "comment", "")

    def _was_over(self, pos: int) -> bool:
        """The first quote inside ends a quotation: the one that the string began with. Both are part of a sentence."""
        inside = [start for kind, start, _, _ in self.source.mends if kind == "inner quote"]
        if not inside:
            return False
        before, after = self.text[inside[0] - 1], self.text[inside[0] + 1 : inside[0] + 2]
        ends = not before.isspace() and before not in "([{"
        return ends and inside[0] > pos + 1 and (after.isspace() or after in ",.;:!?)")

    def nothing_after(self, past: int) -> bool:
        """Nothing but blanks, comments, and marks that wrap a value stands behind `past`."""
        if past >= self.source.end:
            return True
        rest = self.text[past : past + 200].strip("\ufeff\u200b\x00 \t\r\n`~;,)}]")
        return not rest and (past + 200 >= self.source.end or not self.text[past:].strip("\x00 \t\r\n`~;,)}]"))

    def _escaped(self, pos: int) -> tuple[Node, int]:
        """Read a value whose text was escaped as a whole; once or a few times, for it looks at all of the rest."""
        source = self.source
        source.fuel -= 3 * (source.end - pos)
        if source.fuel < 0:
            return read_container(source, pos)
        plain = Unescaped(self.text, pos, source.end)
        inner = Source(plain.text, partial=source.partial)
        root, past = read_container(inner, 0)
        plain.place(root)
        source.mend("escape", pos, root.end, plain.text[:past])
        source.mends += map(plain.mend, inner.mends)
        source.cost += inner.cost
        return root, plain.raw(past)

    def _sound(self, pos: int) -> tuple[Node, int] | None:
        """Read the value to the letter where a mend touched it though it is sound: no rule may bend what is right."""
        if _AT_QUOTES.isdisjoint([mend[0] for mend in self.source.mends]):
            return None
        if self.text.find("}" if self.text[pos] == "{" else "]", pos) < 0:
            return None
        if (sound := read_sound(self.text, pos)) is None:
            return None
        if all(start >= sound[1] - 1 for _, start, _, _ in self.source.mends):
            return None
        self.source.begin()
        for half in lone_escapes(self.text, pos, sound[1]):
            self.source.mend("surrogate", *half.span(), "\ufffd")
        return sound


def _has_items(root: Node) -> bool:
    return isinstance(root.value, list) and len(root.value) > 1
