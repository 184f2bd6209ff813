"""A reader of sound JSON that takes its text in pieces and never looks at one twice."""

from __future__ import annotations

import re
from typing import TypeAlias

from patterns.output.scan.escapes import decode, whole_characters
from patterns.output.scan.limits import MAX_DEPTH
from patterns.output.scan.tokens import TOKEN, UNFINISHED, word_node
from patterns.output.tree import Node

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: member names and item numbers from the root down, `()` for the root itself."""

_STRING = re.compile(r'[^"\\\x00-\x1f]*+(?:\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+').match
_HIGH_SURROGATE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\Z").search
_ALWAYS = 16_384
"""Open strings up to this length are put together at every look, longer ones when they have grown by a part in 32."""


class Incremental:
    """The state between two pieces: what is open, what is due, and the text that could not be read yet.

    `sound` turns False at the first sign that is not JSON; the tree then stays as it was before it. A scalar
    counts as closed when the comma or bracket behind it has come, a container when its own bracket has. Raw line
    ends in strings pass, unless `strict`: answers are full of them, and they mislead nobody.
    """

    __slots__ = (
        "_key",
        "_keys",
        "_parts",
        "_pending",
        "_read",
        "_settled",
        "_stack",
        "_strict",
        "_string",
        "_window",
        "closed",
        "due",
        "root",
        "sound",
    )

    def __init__(self, offset: int, *, strict: bool = False) -> None:
        self.root: Node | None = None
        self.sound = True
        self.closed: list[tuple[Path, Node]] = []
        self.due = "value"
        self._strict = strict
        self._window = ""
        self._read = offset
        self._stack: list[Node] = []
        self._keys: list[str | int] = []
        self._key: Node | None = None
        self._string: Node | None = None
        self._parts: list[str] = []
        self._settled = 0
        self._pending: tuple[Path, Node] | None = None

    @property
    def done(self) -> bool:
        """The root has closed."""
        return self.due == "nothing"

    @property
    def rest(self) -> str:
        """The text behind the root, once it has closed."""
        return self._window

    def feed(self, chunk: str) -> None:
        """Read on as far as the text is certain."""
        text = self._window + chunk if self._window else chunk
        pos = 0
        while self.sound and self.due != "nothing":
            if self._string is not None:
                pos = self._inside(text, pos)
                if self._string is not None:
                    break
            token = TOKEN(text, pos)
            if token is None:
                self.sound = UNFINISHED(text, pos) is not None
                break
            which = token.lastindex
            if which is None:
                pos = token.end()
                break
            self._take(which, token)
            pos = token.end()
        self._window = text[pos:]
        self._read += pos

    def settle(self) -> Node | None:
        """Bring the string that is still open up to date, and give the root."""
        node = self._string
        if node is not None and node is not self._key:
            size = sum(map(len, self._parts))
            if size <= _ALWAYS or size > self._settled + (self._settled >> 5):
                value = "".join(self._parts)
                self._parts = [value]
                node.value = value
                self._settled = size
        return self.root

    def _take(self, which: int, token: re.Match[str]) -> None:
        start = self._read + token.start(which)
        if which == 1:
            self._sign(token[1], start)
        elif self.due not in ("value", "value or ]", "key", "key or }"):
            self.sound = False
        elif which == 3:
            self._open_string(start)
        elif which == 2:
            self._string_token(Node("string", token[2], start - 1, start + len(token[2]) + 1))
        elif self.due[0] == "v" and (node := word_node(token[4], start)):
            self._scalar(node)
        else:
            self.sound = False

    def _string_token(self, node: Node) -> None:
        """Take a string that came whole: a key, or a value."""
        if self.due[0] == "v":
            self._scalar(node)
        else:
            self._key = node
            self.due = "colon"

    def _scalar(self, node: Node) -> None:
        self._place(node)
        self._pending = (self._path(), node)
        self.due = "comma"
        if not self._stack:
            self._finish()

    def _sign(self, sign: str, at: int) -> None:
        due = self.due
        if sign in "{[" and due[0] == "v" and len(self._stack) < MAX_DEPTH:
            self._open(sign, at)
        elif sign == "," and due == "comma":
            self._confirm()
            self.due = "key" if self._stack[-1].kind == "object" else "value"
        elif sign == ":" and due == "colon":
            self.due = "value"
        elif sign in "}]" and self._may_close(sign):
            self._confirm()
            self._close(at + 1)
        else:
            self.sound = False

    def _may_close(self, sign: str) -> bool:
        if not self._stack or (self._stack[-1].kind == "object") != (sign == "}"):
            return False
        return self.due in ("comma", "key or }", "value or ]")

    def _open(self, sign: str, at: int) -> None:
        node = Node("object" if sign == "{" else "array", [], at, at + 1, False)
        self._place(node)
        self._stack.append(node)
        self._keys.append("")
        self.due = "key or }" if sign == "{" else "value or ]"

    def _place(self, node: Node) -> None:
        """Put a value where it belongs."""
        if not self._stack:
            self.root = node
            return
        holder = self._stack[-1].value
        assert isinstance(holder, list)
        if self._key is not None:
            holder.append((self._key, node))
            self._keys[-1] = str(self._key.value)
            self._key = None
        else:
            self._keys[-1] = len(holder)
            holder.append(node)

    def _path(self) -> Path:
        return tuple(self._keys)

    def _confirm(self) -> None:
        """What follows the last scalar shows that it is over."""
        if self._pending is not None:
            self.closed.append(self._pending)
            self._pending = None

    def _close(self, past: int) -> None:
        node = self._stack.pop()
        self._keys.pop()
        node.complete = True
        node.end = past
        self.closed.append((self._path(), node))
        self.due = "comma"
        if not self._stack:
            self.due = "nothing"

    def _finish(self) -> None:
        """The root was a scalar, and is over."""
        self._confirm()
        self.due = "nothing"

    def _open_string(self, at: int) -> None:
        """Begin a string that is cut, or has escapes in it."""
        node = Node("string", "", at, at + 1, False)
        if self.due[0] == "k":
            self._key = node
        else:
            self._place(node)
        self._string = node
        self._parts = []
        self._settled = 0

    def _inside(self, text: str, pos: int) -> int:
        """Read on inside the open string; give the position after what was read."""
        node = self._string
        assert node is not None
        while True:
            end = _STRING(text, pos).end()  # type: ignore[union-attr]
            if len(text) - end < 6 and (high := _HIGH_SURROGATE(text, max(pos, end - 6), end)):
                end = high.start()  # the other half may still come
            self._parts.append(whole_characters(decode(text[pos:end])[0]))
            sign = text[end : end + 1]
            if self._strict or sign not in ("\r", "\n", "\t"):
                break
            self._parts.append(sign)
            pos = end + 1
        if sign == '"':
            self._end_string(node, self._read + end + 1)
            return end + 1
        self.sound = not sign or (sign == "\\" and len(text) - end < 12)
        return end

    def _end_string(self, node: Node, past: int) -> None:
        node.value = "".join(self._parts)
        node.end = past
        node.complete = True
        self._string = None
        if node is self._key:
            self.due = "colon"
        elif self._stack:
            self._pending = (self._path(), node)
            self.due = "comma"
        else:
            self._finish()
