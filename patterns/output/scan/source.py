"""The text under the reader's eyes: its end, what was mended in it, how much may still be read twice."""

from __future__ import annotations

import re
from collections.abc import Callable

from patterns.output.scan.account import COSTS, Mend, written
from patterns.output.scan.elisions import LONGEST_NOTE, elides
from patterns.output.scan.escapes import whole_characters
from patterns.output.scan.limits import MAX_MENDS, MAX_NODES, REREAD

_BLANK = re.compile(r"[\s\x00\ufeff\u200b-\u200d\u2060]*+").match
_BEGINS_COMMENT = frozenset("/#\\")
_LINE_LOST = re.compile(r"[}\]]|\\n").search
_ESCAPED_BLANK = re.compile(r"(?:\\[nrt]|[\s\x00\ufeff\u200b-\u200d\u2060])++").match


class TooMuch(Exception):
    """The text nests deeper, or holds more values, than any answer does. Never leaves the scanner."""


class Source:
    """A text from `pos` to `end`, the mends made so far, and the budgets of the reading."""

    __slots__ = (
        "_block_end", "_line_end", "_surplus", "cost", "end", "fuel", "mends", "nodes", "partial", "shortened", "text",
    )  # fmt: skip

    def __init__(self, text: str, *, partial: bool = False) -> None:
        self.text = text
        self.end = len(text)
        self.partial = partial
        self.fuel = REREAD * len(text) + 4_096
        self.nodes = MAX_NODES
        self._line_end = -1
        self._block_end = -1
        self._surplus: dict[str, int] = {}
        self.mends: list[Mend] = []
        self.cost = 0.0
        self.shortened = False

    def begin(self) -> None:
        """Start the account of another value."""
        self.mends = []
        self.cost = 0.0
        self.shortened = False

    def blank(self, pos: int) -> int:
        """Give the next position that is not blank."""
        return _BLANK(self.text, pos).end()  # type: ignore[union-attr]

    def mend(self, kind: str, start: int, end: int, after: str | None = "") -> None:
        """Record that sound JSON would have `after` in place of `text[start:end]` (None: the same in double quotes)."""
        self.cost += COSTS[kind]
        if len(self.mends) < MAX_MENDS:
            self.mends.append((kind, start, end, after))

    def elide(self, start: int, end: int) -> None:
        """Record words by which the text says that something is left out."""
        self.shortened = True
        self.mend("ellipsis", start, end)

    def correct(self, wrong: tuple[str, int], kind: str, after: str, at: tuple[int, int] | None = None) -> None:
        """Replace what was recorded at a place, now that more is known; `at` is where the right mend stands."""
        for number in range(len(self.mends) - 1, -1, -1):
            was, start, end, _ = self.mends[number]
            if (was, start) == wrong:
                self.mends[number] = (kind, *(at or (start, end)), after)
                self.cost += COSTS[kind] - COSTS[was]
            if start < wrong[1]:  # what was recorded earlier stands before
                return

    def revise(self, since: int, change: Callable[[Mend], Mend | None]) -> None:
        """Change, or take back (None), what was recorded behind a place."""
        at = len(self.mends)
        while at and self.mends[at - 1][1] >= since:
            at -= 1
        late = self.mends[at:]
        kept = [now for mend in late if (now := change(mend)) is not None]
        self.mends[at:] = kept
        self.cost += sum(COSTS[mend[0]] for mend in kept) - sum(COSTS[mend[0]] for mend in late)

    def characters(self, value: str, start: int, end: int) -> str:
        """Give a string of whole characters: half of a surrogate pair becomes U+FFFD, on record."""
        if value.isascii() or (whole := whole_characters(value)) == value:
            return value
        self.mend("surrogate", start, end, written(whole))
        return whole

    def surplus(self, kind: str) -> int:
        """Say how many more brackets of a kind close than open in all of the text; counted once."""
        if not self._surplus:
            count = self.text.count
            self._surplus = {"object": count("}") - count("{"), "array": count("]") - count("[")}
        return self._surplus[kind]

    def spend(self, nodes: int) -> None:
        """Count slow steps; give up on a text that no answer looks like."""
        self.nodes -= nodes
        if self.nodes < 0:
            raise TooMuch

    def skip(self, pos: int) -> int:
        """Give the next position that holds neither blank nor comment; record the comments."""
        text = self.text
        while True:
            pos = _BLANK(text, pos).end()  # type: ignore[union-attr]
            if text[pos : pos + 1] not in _BEGINS_COMMENT:
                return pos
            past = self._past_comment(pos, text[pos : pos + 2])
            if past == pos:
                return pos
            pos = past

    def peek(self, pos: int) -> int:
        """Do as `skip`, but record nothing: for looking ahead."""
        pos = _BLANK(self.text, pos).end()  # type: ignore[union-attr]
        if self.text[pos : pos + 1] not in _BEGINS_COMMENT:
            return pos
        mends, cost = len(self.mends), self.cost
        pos = self.skip(pos)
        del self.mends[mends:]
        self.cost = cost
        return pos

    def _past_comment(self, pos: int, sign: str) -> int:
        if sign == "/*":
            past = self._past_block(pos)
        elif sign == "//" or sign in ("#", "# ", "#\t", "#\n"):
            past = self._past_line(pos)
        elif sign[0] == "\\" and (blank := _ESCAPED_BLANK(self.text, pos)):
            return blank.end()
        else:
            return pos
        if past - pos <= LONGEST_NOTE and elides(self.text[pos:past]):
            self.elide(pos, past)
        else:
            self.mend("comment", pos, past)
        return past

    def _past_line(self, pos: int) -> int:
        """Find the comment's end; remembered, so that many marks on one line do not search it again and again.

        On a last line that goes on with brackets the line ends were lost, or escaped: there it ends before the first.
        """
        if not pos <= self._line_end:
            end = self.text.find("\n", pos)
            if end < 0 and (bracket := _LINE_LOST(self.text, pos)):
                end = bracket.start()
            self._line_end = self.end if end < 0 else end
        return self._line_end

    def _past_block(self, pos: int) -> int:
        if not pos + 4 <= self._block_end:
            close = self.text.find("*/", pos + 2)
            self._block_end = self.end if close < 0 else close + 2
        return self._block_end
