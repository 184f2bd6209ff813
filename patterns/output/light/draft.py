"""The text that lightly damaged JSON is mended into, piece by piece, and what was mended on the way."""

from __future__ import annotations

import re

from patterns.exchange import Repair
from patterns.output.scan.account import COSTS, Mend, account

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|([{}\[\]])').findall
CLOSERS = {"{": "}", "[": "]"}
_FEW = 8
"""Mends up to which it is looked up what is open: each time, all that was written so far is looked at."""


class Draft:
    """A text from `start` to `end`, what was written of it so far, and the mends.

    `cut` says that the text may have been cut off, `within` where in the text a string ends that was, `growing` that
    the text goes on, and its end says nothing. `free` says that the type asks for no certain words, or dates.
    """

    complete = True
    within = -1

    def __init__(
        self, text: str, start: int, end: int, *, cut: bool = False, growing: bool = False, free: bool = False
    ) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.cut = cut
        self.growing = growing
        self.free = free
        self.pieces: list[str] = []
        self.mends: list[Mend] = []

    @property
    def written(self) -> str:
        """The mended text."""
        return "".join(self.pieces)

    @property
    def cost(self) -> float:
        """How far the text was bent."""
        return sum([COSTS[mend[0]] for mend in self.mends])

    def account(self) -> tuple[Repair, ...]:
        """Tell of the mends, and where the value was found, as a caller reads it."""
        text, start, end = self.text, self.start, self.end
        told = account(text, self.mends)
        if not (text[:start].strip() or text[end:].strip()):
            return told
        where = "in a fence" if "```" in text[:start] else "in the middle of text"
        return (Repair("found", "$", (start, end), "", where, 0), *told)

    def before(self) -> str:
        """Give the sign that was written last, blanks apart; empty where nothing was."""
        for piece in reversed(self.pieces):
            if bare := piece.rstrip():
                return bare[-1]
        return ""

    def opened(self) -> list[str]:
        """Give the brackets that are open, the innermost last; none where too much was mended already."""
        if len(self.mends) > _FEW:
            return []
        stack: list[str] = []
        for sign in _BRACKETS(self.written):
            if sign in CLOSERS:
                stack.append(sign)
            elif sign and (not stack or CLOSERS[stack.pop()] != sign):
                return []
        return stack

    def in_object(self) -> bool:
        """Tell whether a key is due here, behind a brace or a comma."""
        before = self.before()
        return before == "{" or (before == "," and self.opened()[-1:] == ["{"])

    def in_list(self) -> bool:
        """Tell whether an item is due here, behind a bracket or a comma."""
        before = self.before()
        return before == "[" or (before == "," and self.opened()[-1:] == ["["])

    def in_value(self) -> bool:
        """Tell whether a value is due here, behind a colon, or in a list."""
        return self.before() == ":" or self.in_list()
