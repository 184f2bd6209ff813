"""A candidate whose value needs no bending: what stands in the text is of the type, once its syntax is mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from patterns.output.align.ledger import MISS
from patterns.output.align.lists import Listing
from patterns.output.align.plan import Plan
from patterns.output.align.records import Record
from patterns.output.tree import Candidate, Node

_DEEPEST = 64


_LISTS: Final = frozenset({"strict", "fence", "tag", "tool"})
"""Where a list is surely the answer; brackets in the middle of prose may be a mere mention."""


def lone(candidates: Sequence[Candidate], plan: Plan) -> Candidate | None:
    """Give the one whole object or list in the text, where one is asked for: it has no rival to be weighed against."""
    found = [candidate for candidate in candidates if candidate.origin != "text"]
    if len(found) != 1 or not found[0].complete:
        return None
    only, kind = found[0], found[0].root.kind
    if isinstance(plan, Record):
        return only if kind == "object" and only.origin != "pairs" else None
    return only if isinstance(plan, Listing) and kind == "array" and only.origin in _LISTS else None


def straight(node: Node, depth: int = 0) -> object:
    """Give the JSON value of a tree as it stands.

    MISS where there is something to decide: a bare word, a name given twice, a part that has no end.
    """
    if not node.complete or node.kind == "bare" or depth > _DEEPEST:
        return MISS
    if node.kind == "object":
        return _object(cast("list[tuple[Node, Node]]", node.value), depth)
    if node.kind != "array":
        return node.value
    items = [straight(item, depth + 1) for item in cast("list[Node]", node.value)]
    return MISS if any(item is MISS for item in items) else items


def _object(pairs: list[tuple[Node, Node]], depth: int) -> object:
    members: dict[str, object] = {}
    for key, child in pairs:
        value = straight(child, depth + 1)
        if value is MISS or key.value in members:
            return MISS
        members[str(key.value)] = value
    return members
