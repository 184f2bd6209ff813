"""The plan that takes any JSON value."""

from __future__ import annotations

from typing import Final

from patterns.output.align.ledger import Ledger
from patterns.output.align.values import value_of
from patterns.output.tree import Kind, Node

EVERY_KIND: Final[frozenset[Kind]] = frozenset(("object", "array", "string", "number", "bool", "null", "bare"))


class Anything:
    """Any JSON value at all."""

    kinds = EVERY_KIND
    wants = "any JSON value"

    def fit(self, node: Node, ledger: Ledger) -> object:
        ledger.found += 1
        ledger.cut |= not node.complete
        return value_of(node)
