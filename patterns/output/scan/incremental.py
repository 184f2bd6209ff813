"""A reader of JSON that takes its text in pieces, never looks at one twice, and passes light damage."""

from __future__ import annotations

import re

from patterns.output.scan.escapes import whole_characters
from patterns.output.scan.limits import MAX_DEPTH
from patterns.output.scan.opening import DOUBLE, SINGLE, OpenString, Quoted
from patterns.output.scan.tokens import BLANK, SLIP, SLIP_GOES_ON, TOKEN, WORD_GOES_ON, word_node
from patterns.output.scan.unfinished import Path, Unfinished
from patterns.output.tree import Node

__all__ = ["Incremental", "Path"]

_WHERE = {None: "vkc", 1: "vk", 2: "k", 3: "v"}
"""By the group of `SLIP`, where it may stand: by the first letter of what is due."""


class Incremental(Unfinished):
    """The state between two pieces: what is open, what is due, and the text that could not be read yet.

    It passes what has one meaning only: single quotes, bare keys, trailing commas, literals of other languages,
    comments, a comma that lacks where no string ended, raw line ends in strings; with `strict`, none of it. `sound`
    turns False at the first sign of anything else, which stands at `damage`; the tree then stays as it was before it.
    """

    __slots__ = ("_read", "_strict", "_string", "_window", "damage", "sound")

    def __init__(self, offset: int, *, strict: bool = False) -> None:
        super().__init__()
        self.sound = True
        self.damage = -1
        self._strict = strict
        self._window = ""
        self._read = offset
        self._string: OpenString | None = None

    @property
    def rest(self) -> str:
        """The text behind the root, once it has closed."""
        return self._window

    def feed(self, chunk: str) -> None:
        """Read on as far as the text is certain."""
        if self.within(chunk):
            return
        text = self._window + chunk if self._window else chunk
        pos = 0
        while self.sound and self.due != "nothing":
            if self._string is not None:
                pos = self._inside(text, pos)
                if self._string is not None or self.due == "nothing":
                    break
            token = TOKEN(text, pos)
            if token is None:
                at = pos = BLANK(text, pos).end()  # type: ignore[union-attr]
                pos = self._slip(text, at)
                if pos == at:
                    break
                continue
            which = token.lastindex
            if which is None:
                pos = token.end()
                break
            pos = self._take(which, token)
        self._window = text[pos:]
        self._read += pos

    def within(self, chunk: str) -> bool:
        """Take a chunk that only goes on with the open string; False where there is more to it."""
        string = self._string
        if string is None or self._window or string.special(chunk) is not None:
            return False
        string.add(chunk)
        self._read += len(chunk)
        return True

    def go_on(self, part: Node) -> None:
        """Take a container that was read otherwise for the open one that begins there, and go on behind it."""
        self.replace(part)
        self._string = None
        self._window = ""
        self._read = part.end
        self.sound = True

    def _take(self, which: int, token: re.Match[str]) -> int:
        """Take a token, and the sign behind it; give the position after both."""
        past = token.end()
        if which == 1:
            self._sign(token[1], self._read + past - 1)
        elif which < 4:
            start, end = token.span(2)
            if self._may_begin('"', self._read + start - 1):
                node = Node("string", whole_characters(token[2]), self._read + start - 1, self._read + end + 1)
                self._string_token(node)
                return self._and_sign(which == 3, token, end + 1)
        elif which == 4:
            if self._may_begin('"', self._read + past - 1):
                self._open_string(self._read + past - 1, DOUBLE)
        else:
            start, end = token.span(5)
            self._word(token[5], self._read + start)
            return self._and_sign(which == 6, token, end)
        return past

    def _and_sign(self, signed: bool, token: re.Match[str], end: int) -> int:
        """Take the sign behind a scalar or key that ends at `end`, unless that was the last of the value."""
        if not signed or not self.sound or self.due == "nothing":
            return end
        past = token.end()
        self._sign(token.string[past - 1], self._read + past - 1)
        return past

    def _word(self, written: str, start: int) -> None:
        """Take a number or a literal."""
        if self.due[0] == "v" and (node := word_node(written, start)):
            self._scalar(node)
        else:
            self._wrong(start)

    def _wrong(self, at: int) -> None:
        self.sound = False
        self.damage = at

    def _slip(self, text: str, pos: int) -> int:
        """Pass what stands at `pos` and is no JSON; give the position itself where more must come, or it is damage."""
        due, start = self.due[0], self._read + pos
        found = None if self._strict else SLIP(text, pos)
        which = found.lastindex if found is not None else 0
        if found is None or due not in _WHERE[which]:
            if not self._goes_on(text, pos, due):
                self._wrong(start)
            return pos
        if which == 1:
            self._open_string(start, SINGLE)
        elif which == 2:
            self._string_token(Node("string", found[2], start, start + len(found[2])))
        elif which == 3:
            self._word(found[3], start)
        return found.end()

    def _goes_on(self, text: str, pos: int, due: str) -> bool:
        """A word or comment at the end of the text may become one that can stand here."""
        if due == "v" and WORD_GOES_ON(text, pos):
            return True
        return not self._strict and (due == "k" or text[pos] in "/#") and SLIP_GOES_ON(text, pos) is not None

    def _may_begin(self, sign: str, at: int) -> bool:
        """A string or container may stand here; a comma may lack before it where it cannot be inside a string."""
        if self.due[0] in "vk":
            return True
        if self.due != "comma" or self._strict or not self._comma_lacks(sign):
            self._wrong(at)
            return False
        self._sign(",", at)
        return True

    def _comma_lacks(self, sign: str) -> bool:
        last = self._pending[1].kind if self._pending else "object"
        return last != "string" and (sign == '"' or self._stack[-1].kind == "array")

    def _string_token(self, node: Node) -> None:
        """Take a string that came whole: a key, or a value."""
        if self.due[0] == "v":
            self._scalar(node)
        else:
            self._key = node
            self.due = "colon"

    def _sign(self, sign: str, at: int) -> None:
        due = self.due
        if sign == "," and due == "comma":
            self._confirm()
            self.due = "key" if self._stack[-1].kind == "object" else "value"
        elif sign == ":" and due == "colon":
            self.due = "value"
        elif sign in "{[" and len(self._stack) < MAX_DEPTH and due[0] != "k" and self._may_begin(sign, at):
            self._open(sign, at)
        elif sign in "}]" and self._may_close(sign):
            self._confirm()
            self._close(at + 1)
        elif self.sound:
            self._wrong(at)

    def _may_close(self, sign: str) -> bool:
        if not self._stack or (self._stack[-1].kind == "object") != (sign == "}"):
            return False
        return self.due in ("comma", "key or }", "value or ]") or (
            not self._strict and self.due == ("key" if sign == "}" else "value")
        )

    def _open_string(self, at: int, quoted: Quoted) -> None:
        """Begin a string that is cut, or has escapes in it."""
        node = OpenString(at, quoted)
        if self.due[0] == "k":
            self._key = node
        else:
            self._place(node)
        self._string = node

    def _inside(self, text: str, pos: int) -> int:
        """Read on inside the open string; give the position after what was read."""
        node = self._string
        assert node is not None
        end = node.take(text, pos, strict=self._strict)
        sign = text[end : end + 1]
        if sign == node.quoted.quote:
            self._end_string(node, self._read + end + 1)
            return end + 1
        if sign and (sign != "\\" or len(text) - end >= 12):
            self._wrong(self._read + end)
        return end

    def _end_string(self, node: OpenString, past: int) -> None:
        node.close(past)
        self._string = None
        if node is self._key:
            self.due = "colon"
        else:
            self._over(node)
