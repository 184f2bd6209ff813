"""Reading an answer while it grows: the tree so far, and what has closed since the last piece.

    growing = Growing()
    for chunk in stream:
        growth = growing.feed(chunk)
        growth.root        # the tree so far, or None while nothing but prose has come
        growth.closed      # ((path, node), …): values that are over since the last piece, inner before outer
        growth.complete    # the root has closed
    growing.candidates()   # after the last piece: the whole text, read with every rule

JSON, also behind prose, thoughts and fences, sound or but lightly damaged, is read once, piece by piece: feeding costs
time linear in the text. An item with damage that may mean several things is read by the rules of the scanner when its
end has come, and then reading goes on behind it. At damage that reaches further the whole text is scanned again, and
from then on each time it has grown by a quarter, or a half when it is long: also linear in all, and the tree lags
behind the text by at most that much. What was told as closed before a damage may read differently after it: the reading
of the whole text is the one that counts. The tree depends on the text alone, and not on the pieces that it came in.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from patterns.output.scan import best, scan
from patterns.output.scan.incremental import Incremental, Path
from patterns.output.scan.patch import Patch, part_to_patch
from patterns.output.seek import Seek
from patterns.output.tree import Candidate, Node

__all__ = ["Growing", "Growth", "Path"]

_MORE = re.compile(r"[{\[]").search


_SHORT = 8_192
"""Characters up to which a damaged text is scanned again when it has grown by a quarter, longer ones by a half."""

_AT_ONCE = 4_096
"""Characters that are read at once: behind a damaged part, what is left of them is read again."""

_SOON = 64
"""Characters behind a damage after which the text is scanned, and by which it must have grown in any case."""


class Growth(NamedTuple):
    """What one piece of text brought.

    `root` is the live tree: the same nodes grow with the next piece. An unfinished number, literal or key is
    not in it yet; an unfinished string is, with `complete` False, like everything around it.
    """

    root: Node | None
    closed: tuple[tuple[Path, Node], ...] = ()
    complete: bool = False

    @property
    def items(self) -> tuple[Node, ...]:
        """The items of a list at the root that have closed."""
        return tuple(node for path, node in self.closed if len(path) == 1 and isinstance(path[0], int))


class Growing:
    """An answer that grows piece by piece, at the level of syntax."""

    __slots__ = (
        "_incremental",
        "_next_scan",
        "_parts",
        "_patch",
        "_root",
        "_seek",
        "_size",
        "_starts",
        "_still",
        "_told",
    )

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._size = 0
        self._seek = Seek()
        self._incremental: Incremental | None = None
        self._root: Node | None = None
        self._patch: Patch | None = None
        self._still = Growth(None)
        self._next_scan = 0
        self._told: set[Path] | None = None

    @property
    def text(self) -> str:
        """All that was fed."""
        if len(self._parts) > 1:
            self._parts, self._starts = ["".join(self._parts)], [0]
        return self._parts[0] if self._parts else ""

    @property
    def damaged(self) -> bool:
        """The text was damaged where it is no longer read piece by piece."""
        return self._told is not None

    @property
    def in_doubt(self) -> bool:
        """Damage was met, and how it is to be read shows only later."""
        return self._told is not None or self._patch is not None

    def written(self, start: int, end: int) -> str:
        """Give the text between two places in it, at the cost of its length."""
        first, past = bisect_right(self._starts, start) - 1, bisect_left(self._starts, end)
        skipped = self._starts[first]
        return "".join(self._parts[first:past])[start - skipped : end - skipped]

    def feed(self, chunk: str) -> Growth:
        """Take the next piece of the text; tell what it brought."""
        if len(chunk) <= _AT_ONCE:
            return self._feed(chunk)
        growths = [self._feed(chunk[start : start + _AT_ONCE]) for start in range(0, len(chunk), _AT_ONCE)]
        return growths[-1]._replace(closed=tuple(told for growth in growths for told in growth.closed))

    def _feed(self, chunk: str) -> Growth:
        self._parts.append(chunk)
        self._starts.append(self._size)
        self._size += len(chunk)
        if self._told is not None:
            return self._rescan()
        if self._incremental is not None and self._incremental.within(chunk):
            if self._still.root is None:
                self._still = Growth(self._incremental.root)
            return self._still
        if self._incremental is None:
            chunk = self._seek.begun(chunk)
            if not chunk:
                return Growth(None)
            self._incremental = Incremental(self._size - len(chunk))
        return self._grow(self._incremental, chunk)

    def candidates(self, *, partial: bool = False) -> list[Candidate]:
        """Scan the whole text; `partial` when it is not over yet."""
        return scan(self.text, partial=partial)

    def _grow(self, incremental: Incremental, chunk: str) -> Growth:
        """Read on; a damaged part is read anew once it has come whole, and then reading goes on behind it."""
        if incremental.done:
            told = Growth(incremental.root, (), True)
            return self._damaged(incremental, ()) if self._goes_on(incremental, chunk) else told
        closed: tuple[tuple[Path, Node], ...] = ()
        while self._patch is not None or not self._read(incremental, chunk):
            self._patch = self._patch or part_to_patch(incremental.open_around, incremental.damage)
            closed += incremental.take_closed()
            part = self._patch.closed(self.written, self._size) if self._patch is not None else None
            if part is None:
                given_up = self._patch is None or self._patch.hopeless
                return self._damaged(incremental, closed) if given_up else Growth(incremental.root, closed)
            closed += self._put(incremental, part)
            self._patch = None
            chunk = self.written(part.end, self._size)
        if incremental.closed:
            closed += incremental.take_closed()
        if incremental.done and self._goes_on(incremental):
            return self._damaged(incremental, closed)
        return Growth(incremental.root, closed, incremental.done)

    def _read(self, incremental: Incremental, chunk: str) -> bool:
        incremental.feed(chunk)
        return incremental.sound

    def _put(self, incremental: Incremental, part: Node) -> tuple[tuple[Path, Node], ...]:
        """Put a part in its place; give what of it is over and was not told before."""
        before = next(node for node in incremental.open_around if node.start == part.start)
        known = {path for path, _ in _closed(before, math.inf)}
        unsure = incremental.unsure
        incremental.go_on(part)
        where = incremental.path
        known.discard(unsure[len(where) :] if unsure is not None else ())
        return tuple(((*where, *path), node) for path, node in _closed(part, math.inf) if path not in known)

    def _goes_on(self, incremental: Incremental, more: str = "") -> bool:
        """More values follow; or a quoted word was no value, but the beginning of a sentence."""
        rest = more or incremental.rest
        root = incremental.root
        return bool(_MORE(rest)) or (root is not None and root.kind == "string" and bool(rest.strip("` \t\r\n")))

    def _damaged(self, incremental: Incremental, told: tuple[tuple[Path, Node], ...]) -> Growth:
        """Leave the incremental reading for good; what it told as closed is not told again."""
        root = self._root = incremental.root
        self._told = {path for path, _ in _closed(root, math.inf)} - {incremental.unsure}
        self._next_scan = (root.end if root is not None and incremental.done else incremental.damage) + _SOON
        growth = self._rescan()
        return growth._replace(closed=told + growth.closed)

    def _rescan(self) -> Growth:
        """Scan the text up to the last length at which that is due: each is fixed, whatever pieces the text came in.

        Where nothing is found, what was found at the length before counts.
        """
        assert self._told is not None
        due: list[int] = []
        while self._next_scan <= self._size:
            due.append(self._next_scan)
            self._next_scan += self._next_scan // (4 if self._next_scan < _SHORT else 2) + _SOON
        found = (best(scan(self.text[:length], partial=True)) for length in reversed(due))
        chosen = next(filter(None, found), None)
        if chosen is None:
            return Growth(self._root, (), self._root is not None and self._root.complete)
        self._root = chosen.root
        end = math.inf if chosen.root.complete else chosen.root.end
        news = tuple((path, node) for path, node in _closed(self._root, end) if path not in self._told)
        self._told.update(path for path, _ in news)
        return Growth(self._root, news, self._root.complete)


def _closed(root: Node | None, end: float) -> Iterator[tuple[Path, Node]]:
    """Walk over the values of a tree that are over, inner before outer; one that ends at `end` may still change."""
    todo: list[tuple[Path, Node, bool]] = [((), root, False)] if root else []
    while todo:
        path, node, entered = todo.pop()
        if not entered and node.kind in ("object", "array") and isinstance(node.value, list):
            todo.append((path, node, True))
            todo.extend(((*path, name), value, False) for name, value in reversed(_named(node)))
        elif node.complete and node.end < end:
            yield path, node


def _named(node: Node) -> list[tuple[str | int, Node]]:
    """Give the values inside a container, each with its name or number."""
    assert isinstance(node.value, list)
    if node.kind == "array":
        return list(enumerate(node.value))
    return [(str(key.value), value) for key, value in node.value]
