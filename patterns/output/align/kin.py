"""Objects that are meant for a type, whether or not they fit it: those that name a field of it."""

from __future__ import annotations

from patterns.output.align.lists import Listing
from patterns.output.align.plan import Plan
from patterns.output.align.records import Record
from patterns.output.align.unions import Union
from patterns.output.tree import Node

_FEW = 8


def akin(plan: Plan, node: Node) -> bool:
    """Tell an object with a member that the type knows, or cut off before its first; others may be mere braces."""
    if isinstance(plan, Union):
        return any(akin(member, node) for member in plan.members)
    if not isinstance(plan, Record) or node.kind != "object":
        return False
    return plan.akin(node) if node.value else not node.complete


def knows(plan: Plan, node: Node) -> bool:
    """Tell a tree that uses the names of the type, at its top or one level down: it is no mere look-alike."""
    if isinstance(plan, Union):
        return any(knows(member, node) for member in plan.members)
    inner = _inner(node)
    if isinstance(plan, Listing):
        items = _inner(inner[0]) if len(inner) == 1 and inner[0].kind == "array" else inner
        return knows(plan.item, node) or any(knows(plan.item, item) for item in items)
    if not isinstance(plan, Record):
        return False
    return plan.knows(node) or any(map(plan.knows, inner))


def _inner(node: Node) -> list[Node]:
    parts = node.value[:_FEW] if isinstance(node.value, list) else []
    return [part[1] if isinstance(part, tuple) else part for part in parts]
