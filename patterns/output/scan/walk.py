"""The state of a reading: where it stands, what is open around it, and the moves that every step shares."""

from __future__ import annotations

import re

from patterns.output.scan.account import COSTS
from patterns.output.scan.brackets import choose
from patterns.output.scan.closing import KEY, QUOTES, Place
from patterns.output.scan.elisions import ellipsis
from patterns.output.scan.keyed import as_list
from patterns.output.scan.limits import MAX_DEPTH
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.values import read_value
from patterns.output.tree import Node

OPENERS = {"{": "}", "[": "]", "｛": "}", "［": "]", "【": "]", "(": ")"}
CLOSING = {"object": "}", "array": "]"}
CURLY = "}｝"
SQUARE = "]］】"
COMMAS = ",，;；"
_FULL_WIDTH = dict(zip("｛［【｝］】，；、：", "{[[}]],,,:", strict=True))
"""Signs of other scripts, and what they are in JSON."""
_SOUND_AFTER = re.compile(r"\s*+(?:(,)|[}\]])").match
TUPLE = re.compile(r"""\(\s*+["'\d\[{()-]""").match
_STRAY = re.compile(r'[^,，}\]{\["\n]*+').match
_COLONS = ":：="


class Walk:
    """One value being read, with a stack of its own, so that no depth of text can exhaust Python's."""

    __slots__ = ("arrays", "closers", "comma", "key", "objects", "pos", "source", "stack", "text")

    def __init__(self, source: Source, pos: int) -> None:
        self.source = source
        self.text = source.text
        self.pos = pos
        self.stack: list[Node] = []
        self.closers: list[str] = []
        self.objects = 0
        self.arrays = 0
        self.comma = -1
        self.key: Node | None = None

    def enter(self) -> Node:
        """Open the container whose bracket stands here, and put it where it belongs."""
        sign = self.text[self.pos]
        if sign not in "{[":
            self.sign(self.pos, "[")
        closer = OPENERS[sign]
        node = Node("object" if closer == "}" else "array", [], self.pos, self.pos)
        if self.stack:
            self.attach(node)
        self.push(node, closer)
        self.pos += 1
        return node

    def sign(self, pos: int, meant: str) -> None:
        """Record a sign that stands where JSON has another."""
        written = self.text[pos]
        kind = "tuple" if written in "()" else "punctuation" if written in _FULL_WIDTH else "wrong sign"
        self.source.mend(kind, pos, pos + 1, _FULL_WIDTH.get(written, meant))

    def push(self, node: Node, closer: str) -> None:
        """Make `node` the innermost open container; `closer` is empty where no bracket opened it."""
        if len(self.stack) >= MAX_DEPTH:
            raise TooMuch
        self.source.spend(1)
        self.stack.append(node)
        self.closers.append(closer)
        self.comma = -1
        if node.kind == "object":
            self.objects += 1
        else:
            self.arrays += 1

    def attach(self, node: Node) -> None:
        """Put a value under the key that waits for it, or at the end of the list."""
        holder = self.stack[-1].value
        assert isinstance(holder, list)
        if self.stack[-1].kind == "array":
            holder.append(node)
        else:
            holder.append((self.key, node))
            self.key = None

    def close(self, past: int) -> None:
        """Close the innermost container at `past`, and pass the comma behind it."""
        if self.comma >= 0:
            self.source.mend("trailing comma", self.comma, self.comma + 1)
            self.comma = -1
        self._leave(past)
        if self.stack:
            self.after()

    def _leave(self, past: int) -> Node:
        """Take the innermost container off the stack; it ends at `past`."""
        node = self.stack.pop()
        self.closers.pop()
        node.end = self.pos = past
        if node.kind == "object":
            self.objects -= 1
            as_list(node, self.source)
        else:
            self.arrays -= 1
        return node

    def end_list_before(self, at: int) -> None:
        """End a list before the object at `at` of the stack: no brace opened it, its members belong to the one around.

        Only where the list stands in an object and holds something else; else the object stays an item of it.
        """
        if at < 2 or self.closers[at] or self.stack[at - 2].kind != "object":
            return
        implied, items, around = (_parts(self.stack[at - up]) for up in range(3))
        if len(items) < 2:
            return
        items.pop()
        around += implied
        self.stack[at - 1].end = self.stack[at].start
        self.source.correct(("implied object", self.stack[at].start), "missing bracket", "]")
        self.objects -= 1
        self.arrays -= 1
        del self.stack[at - 1 : at + 1], self.closers[at - 1 : at + 1]

    def cut(self) -> None:
        """The text is over and something is still open."""
        for at in range(len(self.stack) - 1, 1, -1):
            if at < len(self.stack):
                self.end_list_before(at)
        self._record_cut()
        for node in self.stack:
            node.complete = False
            node.end = self.pos
        self.stack.clear()

    def _record_cut(self) -> None:
        """Say what was lost with the end: what began and is not in the value, and the signs that are missing."""
        source, after = self.source, "".join(CLOSING[node.kind] for node in reversed(self.stack))
        children = _parts(self.stack[-1])
        last = children[-1] if children else None
        node = last[1] if isinstance(last, tuple) else last
        since = source.blank(node.end if isinstance(node, Node) else self.stack[-1].start + 1)
        start = min(since, self.pos)
        if source.mends and source.mends[-1][0] == "cut":  # a string was open, too: a value, or a key that is lost
            _, within, _, quote = source.mends.pop()
            source.cost -= COSTS["cut"]
            start, after = (within, f"{quote}{after}") if start == self.pos else (start, after)
        source.mend("cut", start, self.pos, after)

    def value(self, place: Place) -> None:
        """Read the value at the present position: a container is entered, a scalar is attached."""
        sign = self.text[self.pos]
        if sign in OPENERS and (sign != "(" or TUPLE(self.text, self.pos)):
            self.enter()
            return
        node, self.pos = read_value(self.source, self.pos, place, self.objects, self.arrays)
        if node.kind == "bare" and not node.complete and self.source.partial:
            self.key = None  # a word that still grows is not shown yet
        else:
            self.attach(node)
        self.after()

    def after(self) -> None:
        """Pass what stands between a value and the next: a comma, or the lack of one."""
        sound = _SOUND_AFTER(self.text, self.pos)
        if sound is None:
            self._after_damaged()
        elif sound.lastindex:
            self.pos = sound.end()
            self.comma = self.pos - 1
        else:
            self.pos = sound.end() - 1

    def _after_damaged(self) -> None:
        source, text = self.source, self.text
        pos = self.pos = source.skip(self.pos)
        while text[pos : pos + 1] in (".", "…") and (left_out := ellipsis(text, pos)):
            past = pos + len(left_out[0].rstrip())
            source.elide(pos, past)
            pos = self.pos = source.skip(past)
        if pos >= source.end:
            return
        sign = text[pos]
        if sign in COMMAS or (sign == "、" and self.stack[-1].kind == "array"):
            if sign != ",":
                self.sign(pos, ",")
            self.comma = pos
            self.pos = pos + 1
        elif sign in "}])｝］】" or text.startswith("```", pos) or (sign in _COLONS and self.stack[-1].kind == "array"):
            return
        elif self._next_starts(pos):
            source.mend("missing comma", pos, pos, ",")
        else:
            self.stray(pos)

    def _next_starts(self, pos: int) -> bool:
        """What stands here is the next key or item, not the rest of the value before."""
        text = self.text
        sign = text[pos]
        if self.stack[-1].kind == "object":
            return sign in QUOTES or sign in "{[\\" or KEY(text, pos) is not None
        return True

    def stray(self, pos: int) -> None:
        """Pass text that belongs to no value."""
        found = _STRAY(self.text, pos)
        past = max(found.end() if found else pos, pos + 1)
        self.source.mend("stray text", pos, past)
        self.pos = past
        if past < self.source.end and self.text[past] in COMMAS:
            self.comma = past
            self.pos = past + 1

    def common(self, pos: int) -> bool:
        """Do what is the same where a key and where an item is due; False when nothing of it applies."""
        source, text = self.source, self.text
        sign = text[pos]
        if sign in COMMAS:
            source.mend("extra comma", pos, pos + 1)
            self.comma = -1
            self.pos = pos + 1
        elif sign in ".…" and (left_out := ellipsis(text, pos)):
            self.pos = pos + len(left_out[0].rstrip())
            source.elide(pos, self.pos)
            self.comma = -1
            self.after()
        elif sign in _COLONS or (sign == ")" and self.closers[-1] != ")"):
            source.mend("stray text", pos, pos + 1)
            self.pos = pos + 1
        else:
            return False
        return True

    def mismatch(self, pos: int, closer: str) -> None:
        """Deal with a bracket that cannot close the innermost container, whose own is `closer`."""
        choice = choose(self.source, pos, self.stack, self.closers)
        if choice == "missing":
            self.missing_closer(pos)
        elif choice == "wrong":
            self.source.mend("wrong bracket", pos, pos + 1, closer)
            self.close(pos + 1)
        else:
            self.source.mend("extra bracket", pos, pos + 1)
            self.pos = pos + 1
            self.after()

    def missing_closer(self, pos: int) -> None:
        """Close the innermost container at `pos`, where its bracket is missing; drop an object left empty."""
        if self.closers[-1]:
            self.source.mend("missing bracket", pos, pos, CLOSING[self.stack[-1].kind])
        node = self._leave(pos)
        if node.kind == "object" and not node.value and self.stack and self.stack[-1].kind == "array":
            _parts(self.stack[-1]).pop()
            self.source.correct(("missing bracket", pos), "extra bracket", "", at=(node.start, node.start + 1))


def _parts(node: Node) -> list[object]:
    assert isinstance(node.value, list)
    return node.value
