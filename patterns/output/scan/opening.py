"""A string whose end has not come yet."""

from __future__ import annotations

import re

from patterns.output.scan.escapes import decode, whole_characters
from patterns.output.tree import Node

_HIGH_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*+(\\u[dD][89abAB][0-9a-fA-F]{2})\Z").search

_LINE_ENDS = ("\r", "\n", "\t")
_ALWAYS = 16_384
"""Open strings up to this length are shown to their last character, longer ones up to the last of fixed lengths.

Each such length is a part in 32 longer than the one before: to put the string together at each costs linear time in
all, and what is shown depends on the text alone, not on the pieces that it came in.
"""


class Quoted:
    """How a string goes on up to its closing quote: plain characters and whole escapes."""

    __slots__ = ("quote", "special", "stretch")

    def __init__(self, quote: str) -> None:
        plain = rf"[^{quote}\\\x00-\x1f]*+"
        escape = rf"\\(?:[{quote}\"\\/bfnrt]|u[0-9a-fA-F]{{4}})"
        self.quote = quote
        self.special = re.compile(rf"[{quote}\\\x00-\x1f]").search
        self.stretch = re.compile(rf"{plain}(?:{escape}{plain})*+").match


DOUBLE, SINGLE = Quoted('"'), Quoted("'")


class OpenString(Node):
    """A string that grows. Its pieces are put together when somebody looks at its value."""

    __slots__ = ("_next", "_pieces", "_shown", "_size", "_stale", "quoted", "special")

    def __init__(self, start: int, quoted: Quoted) -> None:
        self.quoted = quoted
        self.special = quoted.special
        self._pieces: list[str] = []
        self._size = 0
        self._next = 0
        self._stale = False
        self._shown = ""
        super().__init__("string", "", start, start + 1, False)

    @property
    def value(self) -> object:
        if self._stale and self._size >= self._next:
            self._put_together()
        return self._shown

    @value.setter
    def value(self, value: object) -> None:
        self._shown = str(value)

    def add(self, piece: str) -> None:
        """Go on with characters that stand for themselves."""
        self._pieces.append(piece if piece.isascii() else whole_characters(piece))
        self._size += len(piece)
        self._stale = True

    def take(self, text: str, pos: int, *, strict: bool) -> int:
        """Go on with the text from `pos`; give the position after what was certain. `strict` stops at raw line ends."""
        while True:
            end = self.quoted.stretch(text, pos).end()  # type: ignore[union-attr]
            if len(text) - end < 6 and text.startswith("\\u", end - 6) and (high := _HIGH_SURROGATE(text, pos, end)):
                end = high.start(1)  # the other half may still come
            self.add(decode(text[pos:end])[0])
            if strict or text[end : end + 1] not in _LINE_ENDS:
                return end
            self.add(text[end])
            pos = end + 1

    def close(self, past: int) -> None:
        """The closing quote stands before `past`."""
        self._shown = "".join(self._pieces)
        self._pieces.clear()
        self._stale = False
        self.end = past
        self.complete = True

    def _put_together(self) -> None:
        whole = "".join(self._pieces)
        self._pieces = [whole]
        self._stale = False
        length = self._next = max(self._next, _ALWAYS) if self._size > _ALWAYS else 0
        while self._next and self._next <= self._size:
            length = self._next
            self._next += self._next >> 5
        self._shown = whole[:length] if length else whole
