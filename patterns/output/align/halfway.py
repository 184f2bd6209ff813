"""A value that does not fit its type, read as far as it does: what fits is aligned, what does not stands as it came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from patterns.output.align.compile import Deferred
from patterns.output.align.fields import certain_value
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.lists import Listing
from patterns.output.align.maps import Map
from patterns.output.align.plan import Plan, loosened
from patterns.output.align.records import Record
from patterns.output.align.unions import Union
from patterns.output.align.values import value_of
from patterns.output.tree import Node

Members: TypeAlias = Sequence[tuple[Node, Node]]


def halfway(plan: Plan, node: Node, ledger: Ledger) -> object:
    """Give the JSON value of a node, under the names of the type. Bends of what fits go on the ledger."""
    mark = ledger.mark()
    value = loosened(plan, node, ledger)
    if value is not MISS:
        return value
    ledger.rollback(mark)
    inner = _meant(plan, node)
    if isinstance(inner, Record) and node.kind == "object":
        return _record(inner, node, ledger)
    if isinstance(inner, Listing) and node.kind == "array":
        return [_at(place, inner.item, item, ledger) for place, item in enumerate(cast("list[Node]", node.value))]
    if isinstance(inner, Map) and node.kind == "object":
        members = cast("Members", node.value)
        return {str(key.value): _at(str(key.value), inner.values, member, ledger) for key, member in members}
    return value_of(node)


def _meant(plan: Plan, node: Node) -> Plan:
    """The plan behind a deferred one, and the member of a union that the kind or the tag of a node can only mean."""
    while isinstance(plan, Deferred):
        plan = plan.plan
    if not isinstance(plan, Union):
        return plan
    if node.kind == "object" and plan.tags is not None and (tagged := plan.tags.meant(node)) is not None:
        return _meant(tagged, node)
    fitting = [member for member in plan.members if node.kind in member.kinds]
    return _meant(fitting[0], node) if len(fitting) == 1 else plan


def _record(plan: Record, node: Node, ledger: Ledger) -> object:
    """Read an object member by member; one whose only member is the record itself is opened."""
    found, loose = plan.named(node, ledger)
    if not found and len(loose) == 1 and loose[0][1].kind == "object":
        return halfway(plan, loose[0][1], ledger)
    value: dict[str, object] = {}
    for at, field in enumerate(plan.fields):
        if nodes := found.get(at):
            value[field.name] = _at(field.name, field.plan, nodes[-1], ledger)
            continue
        known, given = certain_value(field)
        if field.required and known:
            value[field.name] = given
    if plan.others is not None:
        value |= {str(key.value): _at(str(key.value), plan.others, member, ledger) for key, member in loose}
    return value


def _at(step: str | int, plan: Plan, node: Node, ledger: Ledger) -> object:
    ledger.trail.append(step)
    value = halfway(plan, node, ledger)
    ledger.trail.pop()
    return value
