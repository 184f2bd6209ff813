"""One damaged part of a growing text, read by the tolerant parser as soon as its end is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.tree import Node

_LONGEST: Final = 4_000
"""Characters of a part, and of what shows that it is over."""
_MOST_ENDS: Final = 8
"""Places at which one part is taken to end, until another reading must be found."""
_END: Final = re.compile(r"[}\]](?=\s{0,40}+(,\s{0,40}+[\"'{\[\w]|[}\]]))").search
_BEHIND: Final = 100
"""Characters behind a bracket in which it shows whether the part may end with it."""

_LOCAL: Final = frozenset(
    {
        *(
            "comment",
            "trailing comma",
            "literal",
            "quotes",
            "unquoted key",
            "raw newline",
            "extra comma",
            "extra colon",
        ),
        *("escape", "number", "ellipsis", "unquoted text", "concatenation", "missing comma", "missing colon"),
        *("inner quote", "doubled quote", "surrogate", "missing value"),
    }
)
"""Damage that stays where it is: none of it changes which part a bracket ends."""


class Patch:
    """The reading of one damaged object or list, from its bracket to where it is over.

    Where it ends depends on the text alone, not on the pieces that it comes in. `hopeless` turns True when it has no
    end that is certain, or damage that reaches beyond it.
    """

    __slots__ = ("_ends", "_from", "_kind", "hopeless", "start")

    def __init__(self, part: Node, damage: int) -> None:
        self._kind = part.kind
        self.start = part.start
        self._from = damage
        self._ends = 0
        self.hopeless = damage - part.start > _LONGEST

    def closed(self, written: Callable[[int, int], str], size: int) -> Node | None:
        """Give the whole part once its end has come; `written` gives the text between two places up to `size`."""
        limit = min(size, self.start + _LONGEST)
        while not self.hopeless:
            first = self._from
            found = _END(written(first, limit)) if first < limit else None
            if found is None:
                self._from = max(first, limit - _BEHIND)
                self.hopeless = size > limit
                return None
            self._from = first + found.end()
            if node := self._read(written(self.start, first + found.end(1)), self._from - self.start):
                return node
        return None

    def _read(self, text: str, length: int) -> Node | None:
        """Read the part, if it is over after so many characters of the text."""
        source = Source(text, partial=True)
        try:
            root, past = read_container(source, 0)
        except TooMuch:
            root, past = None, 0
        self._ends += 1
        if root is None or not root.complete or past != length or root.kind != self._kind:
            self.hopeless = root is None or self._ends >= _MOST_ENDS
            return None
        if not _LOCAL.issuperset(mend[0] for mend in source.mends):
            self.hopeless = True
            return None
        _move(root, self.start)
        return root


def part_to_patch(open_around: Sequence[Node], damage: int) -> Patch | None:
    """Choose what to read anew of the containers that are open, outermost first: an item of a list, or the innermost.

    None where there is but the root: it ends with the text.
    """
    near = [at for at in range(1, len(open_around)) if damage - open_around[at].start <= _LONGEST]
    if not near:
        return None
    items = [at for at in near if open_around[at - 1].kind == "array"]
    return Patch(open_around[items[0] if items else near[-1]], damage)


def _move(root: Node, by: int) -> None:
    """Count the places of a tree from the start of the whole text."""
    todo = [root]
    while todo:
        node = todo.pop()
        node.start += by
        node.end += by
        if node.kind == "array":
            todo.extend(node.value)  # type: ignore[arg-type]
        elif node.kind == "object":
            todo.extend(part for pair in node.value for part in pair)  # type: ignore[attr-defined]
