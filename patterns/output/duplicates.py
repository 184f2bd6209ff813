"""Names that an object gives twice: JSON keeps the last, and whoever reads the value should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from patterns.exchange import Repair
from patterns.output.align.ledger import OTHER, SAME
from patterns.output.align.values import value_of
from patterns.output.tree import Node

_MOST: Final = 1_000
_SHOWN: Final = 60


def doubles(root: Node, text: str, known: Sequence[Repair]) -> tuple[Repair, ...]:
    """Tell of the members that a later one of the same name replaced, but for what is known already."""
    told = {mend.span for mend in known if mend.kind == "duplicate key"}
    found: list[Repair] = []
    for members in _of_one_name(root):
        if any((member.start, member.end) in told for _, member in members):
            continue
        *replaced, (_, last) = members
        for key, member in replaced[: _MOST - len(found)]:
            start, end = min(key.start, member.start), max(key.end, member.end)
            cost = SAME if value_of(member) == value_of(last) else OTHER
            if start < end:
                found.append(Repair("duplicate key", "$", (start, end), text[start:end][:_SHOWN], "", cost))
    return tuple(found)


def _of_one_name(root: Node) -> Iterator[list[tuple[Node, Node]]]:
    """Give the members of each object that have the same name, where there are several."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.kind == "array":
            todo += cast("list[Node]", node.value)
        elif node.kind == "object":
            members = cast("list[tuple[Node, Node]]", node.value)
            todo += [member for _, member in members]
            if len({key.value for key, _ in members}) < len(members):
                groups: dict[object, list[tuple[Node, Node]]] = {}
                for key, member in members:
                    groups.setdefault(key.value, []).append((key, member))
                yield from (group for group in groups.values() if len(group) > 1)
