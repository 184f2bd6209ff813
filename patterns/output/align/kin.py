"""Objects that are meant for a type, whether or not they fit it: those that name a field of it."""

from __future__ import annotations

from patterns.output.align.plan import Plan
from patterns.output.align.records import Record
from patterns.output.align.unions import Union
from patterns.output.tree import Node


def akin(plan: Plan, node: Node) -> bool:
    """Tell an object with a member that the type knows, or cut off before its first; others may be mere braces."""
    if isinstance(plan, Union):
        return any(akin(member, node) for member in plan.members)
    if not isinstance(plan, Record) or node.kind != "object":
        return False
    return plan.akin(node) if node.value else not node.complete
