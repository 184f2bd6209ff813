"""The parts of a list or object that grows: each is made once when it is over, and the open one at every look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias, cast

from patterns.output.tree import Node

ABSENT = object()
"""The sign that nothing can be said of a value yet."""

Members: TypeAlias = list[tuple[Node, Node]]


class Draft(Protocol):
    """Makes the unfinished value of one type.

    A draft remembers what it made of the closed parts of the last node it saw, so that a node that has grown since
    costs only what is new and what is open. What it gives is never changed later, but shares its closed parts.
    """

    def make(self, node: Node) -> object:
        """Give what a node stands for so far, or `ABSENT`."""
        ...

    def items(self, node: Node) -> Sequence[object]:
        """Give the items of a list that are over for good, those that are invalid left out."""
        ...


class ListDraft:
    """A list of the items so far; the last one may be growing."""

    def __init__(self, item: Callable[[], Draft]) -> None:
        self._new = item
        self._item: Draft | None = None
        self._node: Node | None = None
        self._made: list[object] = []
        self._count = 0

    def make(self, node: Node) -> object:
        if node.kind != "array":
            return ABSENT
        so_far = [*self.items(node)]
        for child in cast("list[Node]", node.value)[self._count :]:
            if (item := self._draft().make(child)) is not ABSENT:
                so_far.append(item)
        return so_far

    def items(self, node: Node) -> Sequence[object]:
        if node.kind != "array":
            return ()
        if node is not self._node:
            self._node, self._made, self._count = node, [], 0
        children = cast("list[Node]", node.value)
        while self._count < len(children) and self._is_over(node, children):
            if (item := self._draft().make(children[self._count])) is not ABSENT:
                self._made.append(item)
            self._count += 1
        return self._made

    def _is_over(self, node: Node, children: list[Node]) -> bool:
        """The last item may go on as long as no comma shows that it does not: only a bracket ends it for sure."""
        child = children[self._count]
        sure = node.complete or self._count + 1 < len(children) or child.kind in ("object", "array")
        return child.complete and sure

    def _draft(self) -> Draft:
        """Make the draft of the items when the first one comes: a type may hold itself."""
        if self._item is None:
            self._item = self._new()
        return self._item


class MemberDrafts:
    """The members of an object, each made once it is over, under the names that they have in the value."""

    def __init__(self) -> None:
        self._node: Node | None = None
        self._made: dict[str, object] = {}
        self._count = 0

    def so_far(self, node: Node, named: Callable[[str], tuple[str, Draft] | None]) -> dict[str, object]:
        """Give the members by name; `named` says for a key which name and draft it has, None to leave it out."""
        if node is not self._node:
            self._node, self._made, self._count = node, {}, 0
        members = cast("Members", node.value)
        while self._count < len(members) and members[self._count][1].complete:
            _put(self._made, members[self._count], named)
            self._count += 1
        found = self._made.copy()
        for member in members[self._count :]:
            _put(found, member, named)
        return found


def _put(found: dict[str, object], member: tuple[Node, Node], named: Callable[[str], tuple[str, Draft] | None]) -> None:
    """Make a member, if there is anything of it yet."""
    key, child = member
    meant = named(str(key.value))
    if meant is not None and (value := meant[1].make(child)) is not ABSENT:
        found[meant[0]] = value
