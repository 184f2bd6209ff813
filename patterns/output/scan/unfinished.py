"""A tree that is being read: what is open in it, what is due next, and what has closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from patterns.output.tree import Node

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: member names and item numbers from the root down, `()` for the root itself."""


class Unfinished:
    """The open tree, and the moves that every token comes down to.

    A scalar counts as closed when the comma or bracket behind it has come, a container when its own bracket has.
    """

    __slots__ = ("_key", "_keys", "_pending", "_stack", "closed", "due", "root")

    def __init__(self) -> None:
        self.root: Node | None = None
        self.closed: list[tuple[Path, Node]] = []
        self.due = "value"
        self._stack: list[Node] = []
        self._keys: list[str | int] = []
        self._key: Node | None = None
        self._pending: tuple[Path, Node] | None = None

    @property
    def done(self) -> bool:
        """The root has closed."""
        return self.due == "nothing"

    @property
    def unsure(self) -> Path | None:
        """Where the last scalar stands, as long as nothing behind it shows that it is over."""
        return self._pending[0] if self._pending else None

    def take_closed(self) -> tuple[tuple[Path, Node], ...]:
        """Give what has closed since this was last asked."""
        closed = tuple(self.closed)
        self.closed.clear()
        return closed

    @property
    def open_around(self) -> Sequence[Node]:
        """What is open, outermost first."""
        return self._stack

    def replace(self, part: Node) -> None:
        """Put a container that was read otherwise in the place of the open one that begins there."""
        while self._stack[-1].start > part.start:
            self._stack.pop()
            self._keys.pop()
        self._stack.pop()
        self._keys.pop()
        holder = self._stack[-1].value
        assert isinstance(holder, list)
        holder[-1] = part if self._stack[-1].kind == "array" else (holder[-1][0], part)
        self._key = self._pending = None
        self.due = "comma"

    @property
    def path(self) -> Path:
        """Where the last value stands that was begun in the innermost open container."""
        return tuple(self._keys)

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
        self.closed.append((tuple(self._keys), node))
        self.due = "comma"
        if not self._stack:
            self.due = "nothing"

    def _scalar(self, node: Node) -> None:
        """Place a value that is whole."""
        self._place(node)
        self._over(node)

    def _over(self, node: Node) -> None:
        """A value that has its place came to its end; what follows must show that this is so."""
        self._pending = (tuple(self._keys), node)
        self.due = "comma"
        if not self._stack:
            self._confirm()
            self.due = "nothing"
