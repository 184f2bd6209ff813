r"""Values in a text that was escaped as a whole: `{\"a\": \"b\"}`, read unescaped, placed where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right

from patterns.output.scan.account import Mend, quoted, written
from patterns.output.scan.escapes import decode
from patterns.output.tree import Node

begins_escaped = re.compile(r'[{\[](?:\s|\\[nrt])*+(?:[{\[](?:\s|\\[nrt])*+)*+\\"').match
"""A bracket whose first string opens with an escaped quote."""
_ESCAPE = re.compile(
    r"([^\\]*+)(\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.))", re.S
)
_COMMON = {'\\"': '"', "\\n": "\n", "\\\\": "\\"}


class Unescaped:
    """The text behind a position with one level of escapes taken off, and the way back to the raw text."""

    def __init__(self, text: str, pos: int, end: int) -> None:
        parts: list[str] = []
        self._plain, self._raw = [0], [pos]
        size, at = 0, pos
        for match in _ESCAPE.finditer(text, pos, end):
            plain, escape = match.groups()
            sign = _COMMON.get(escape) or decode(escape)[0]
            parts += (plain, sign)
            at = match.end()
            size += len(plain) + len(sign)
            self._plain += (size - len(sign), size)
            self._raw += (at - len(escape), at)
        parts.append(text[at:end])
        self._plain.append(size + end - at)
        self._raw.append(end)
        self.text = "".join(parts)

    def raw(self, at: int) -> int:
        """Give where in the raw text stands what is at `at` in the plain one."""
        which = bisect_right(self._plain, at) - 1
        return min(self._raw[which] + at - self._plain[which], self._raw[min(which + 1, len(self._raw) - 1)])

    def place(self, root: Node) -> None:
        """Move a tree read from the plain text to where it stands in the raw one."""
        todo = [root]
        while todo:
            node = todo.pop()
            node.start, node.end = self.raw(node.start), self.raw(node.end)
            if isinstance(node.value, list):
                todo.extend(node.value if node.kind == "array" else (one for pair in node.value for one in pair))

    def mend(self, mend: Mend) -> Mend:
        """Move a mend to where it stands in the raw text, and escape what it puts there as the text is."""
        kind, start, end, after = mend
        return kind, self.raw(start), self.raw(end), written(quoted(self.text[start:end]) if after is None else after)
