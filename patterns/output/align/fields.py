"""The fields of an object, and what a missing or empty one can stand for."""

from __future__ import annotations

from dataclasses import dataclass

from patterns.output.align.choices import Choice
from patterns.output.align.figures import NO_VALUE
from patterns.output.align.plan import Plan
from patterns.output.align.spelling import fold
from patterns.output.tree import Kind, Node


@dataclass(slots=True)
class Field:
    """One field: its name in the value, all names it may have in an answer, its plan, whether it may be left out."""

    name: str
    names: tuple[str, ...]
    plan: Plan
    required: bool
    nullable: bool
    easy: Kind | None = None
    """The kind of node that is its own value here, with nothing to look at."""


def certain_value(field: Field) -> tuple[bool, object]:
    """Tell what a missing field can only be: null where that is allowed, or the one value that it may have."""
    if field.nullable:
        return True, None
    if isinstance(field.plan, Choice) and len(field.plan.values) == 1:
        return True, field.plan.values[0]
    return False, None


def says_nothing(node: Node, plan: Plan) -> bool:
    """Tell a member that holds nothing: null, a word for nothing, or an object or list without anything to take."""
    if node.kind == "null" or node.start == node.end:
        return True
    if node.kind in ("string", "bare"):
        return len(str(node.value)) < 20 and fold(str(node.value).strip()) in NO_VALUE
    return node.kind in ("object", "array") and "object" in plan.kinds and node.complete
