"""What every plan can do, and the two bends that any of them may need: the one member, the text inside a string."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from patterns.output.align.ledger import MISS, Ledger, Snapshot
from patterns.output.scan import open_string
from patterns.output.tree import Kind, Node

_DEEPEST_ENCODED: Final = 8
"""Levels of nesting down to which a string is opened."""


class Plan(Protocol):
    """A type made ready for alignment. `kinds` are the kinds of node that need no bend; `wants` names the type."""

    wants: str

    @property
    def kinds(self) -> frozenset[Kind]: ...

    def fit(self, node: Node, ledger: Ledger) -> object:
        """Give the JSON value that a node stands for under this plan, or `MISS`; bends go on the ledger."""
        ...


_LOST: Final = 10
"""The cost of taking one of several values and dropping the rest: a guess that a person should see."""
_FEW: Final = 32
"""Values among which the only fitting one is looked for; of more than that, no one is meant."""


def attempt(plan: Plan, node: Node, ledger: Ledger) -> Snapshot | None:
    """Try a node under a plan and leave the account as it was; None when it does not fit."""
    mark = ledger.mark()
    value = plan.fit(node, ledger)
    kept = None if value is MISS else ledger.since(mark, value)
    ledger.rollback(mark)
    return kept


def only(plan: Plan, nodes: Sequence[Node], ledger: Ledger, broken: Callable[[Node], bool]) -> Snapshot | None:
    """Find the one node among several that fits, or None; several that read as the same value are one.

    `broken` tells a node that was meant to fit as well, and does not: where there is one, the other is not the only.
    """
    if len(nodes) > _FEW:
        return None
    kept: Snapshot | None = None
    for node in nodes:
        tried = attempt(plan, node, ledger)
        if tried is None:
            if len(nodes) > 1 and broken(node):
                return None
            continue
        if kept is not None and kept.value != tried.value:
            return None
        kept = kept or tried
    return kept


def unpacked(plan: Plan, node: Node, ledger: Ledger) -> object:
    """Fit the value written inside a string, as a double-encoded answer has it."""
    inner = open_string(node) if len(ledger.trail) < _DEEPEST_ENCODED else None
    if inner is None:
        return MISS
    mark = ledger.mark()
    ledger.bend("decoded", node, inner.kind, 2)
    with ledger.decoded():
        value = plan.fit(inner, ledger)
    if value is MISS:
        ledger.rollback(mark)
    return value


def loosened(plan: Plan, node: Node, ledger: Ledger) -> object:
    """Fit a node, or else the one value in the list or the one-member object that stands where one value was due."""
    mark = ledger.mark()
    value = plan.fit(node, ledger)
    if value is not MISS:
        return value
    cut = ledger.cut
    ledger.rollback(mark)
    ledger.cut |= cut
    if node.kind == "array" and "array" not in plan.kinds and "object" not in plan.kinds:
        inner = only(plan, node.value, ledger, lambda item: item.kind in ("object", "array"))  # type: ignore[arg-type]
    elif node.kind == "object" and not plan.kinds & {"object", "array"} and len(node.value) == 1:  # type: ignore[arg-type]
        member = node.value[0][1]  # type: ignore[index]
        inner = attempt(plan, member, ledger) if member.kind not in ("object", "array") else None
    else:
        return MISS
    if inner is None:
        return MISS
    cost = 3 if len(node.value) == 1 else _LOST  # type: ignore[arg-type]
    ledger.bend("list for one" if node.kind == "array" else "unwrapped", node, "the value inside", cost)
    return ledger.replay(inner)
