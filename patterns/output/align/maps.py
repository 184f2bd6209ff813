"""The plan for an object with free keys."""

from __future__ import annotations

from patterns.output.align.ledger import DEEPEST, MISS, Ledger
from patterns.output.align.plan import Plan, unpacked
from patterns.output.tree import Kind, Node


class Map:
    """An object whose keys are data. `keys` is the plan of the keys, None when any will do."""

    kinds: frozenset[Kind] = frozenset(("object",))

    def __init__(self, values: Plan, keys: Plan | None = None) -> None:
        self.values = values
        self.keys = keys
        self.wants = f"an object whose values are each {values.wants}"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if len(ledger.trail) > DEEPEST:
            return ledger.miss(node, f"less nesting than {DEEPEST} levels")
        if node.kind == "string":
            value = unpacked(self, node, ledger)
            return ledger.miss(node, self.wants) if value is MISS else value
        if node.kind == "array":
            return self._pairs(node, ledger)
        if node.kind != "object":
            return ledger.miss(node, self.wants)
        found: dict[str, object] = {}
        for key, member in node.value:  # type: ignore[attr-defined]
            if not self._put(key, member, found, ledger) and (node.complete or member.complete):
                return MISS
        ledger.cut |= not node.complete
        ledger.found += 1
        return found

    def _put(self, key: Node, member: Node, found: dict[str, object], ledger: Ledger) -> bool:
        name = key.value if self.keys is None else self.keys.fit(key, ledger)
        if name is MISS:
            return False
        ledger.trail.append(str(name))
        value = self.values.fit(member, ledger)
        ledger.trail.pop()
        if value is not MISS:
            found[str(name)] = value
        return value is not MISS

    def _pairs(self, node: Node, ledger: Ledger) -> object:
        """Read a list of `{"key": …, "value": …}` objects, or of objects that can be merged."""
        found: dict[str, object] = {}
        for child in node.value:  # type: ignore[attr-defined]
            members = (
                {str(key.value).lower(): (key, value) for key, value in child.value} if child.kind == "object" else {}
            )
            if set(members) == {"key", "value"} and members["key"][1].kind in ("string", "bare"):
                pairs = [(members["key"][1], members["value"][1])]
            else:
                return ledger.miss(node, self.wants)
            if not all(key.value not in found and self._put(key, value, found, ledger) for key, value in pairs):
                return MISS
        if not found:
            return ledger.miss(node, self.wants)
        ledger.bend("pairs", node, "an object", 4)
        return found
