"""The plan for an object with free keys."""

from __future__ import annotations

from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.plan import Plan, attempt, unpacked
from patterns.output.tree import Kind, Node


class Map:
    """An object whose keys are data. `keys` is the plan of the keys, None when any will do."""

    kinds: frozenset[Kind] = frozenset(("object",))

    def __init__(self, values: Plan, keys: Plan | None = None) -> None:
        self.values = values
        self.keys = keys
        self.wants = f"an object whose values are each {values.wants}"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if ledger.spent():
            return ledger.miss(node, f"{self.wants}, nested less deeply")
        value: object = MISS
        if node.kind == "object":
            mark = ledger.mark()
            value = self._members(node, ledger)
            if value is MISS:
                ledger.rollback(mark)
                value = self._unwrapped(node, ledger)
        elif node.kind == "string":
            value = unpacked(self, node, ledger)
        elif node.kind == "array":
            value = self._pairs(node, ledger)
        return ledger.miss(node, self.wants) if value is MISS else value

    def _members(self, node: Node, ledger: Ledger) -> object:
        found: dict[str, object] = {}
        for key, member in node.value:  # type: ignore[attr-defined]
            if not self._put(key, member, found, ledger) and (node.complete or member.complete):
                return MISS
        ledger.cut |= not node.complete
        ledger.found += 1
        return found

    def _put(self, key: Node, member: Node, found: dict[str, object], ledger: Ledger) -> bool:
        name = key.value if self.keys is None else self.keys.fit(key, ledger)
        if name is MISS or (member.start == member.end and member.kind == "bare"):
            return False
        ledger.trail.append(str(name))
        value = self.values.fit(member, ledger)
        ledger.trail.pop()
        if value is not MISS:
            found[str(name)] = value
        return value is not MISS

    def _unwrapped(self, node: Node, ledger: Ledger) -> object:
        """Find the object one level down, under a key of its own."""
        members: list[tuple[Node, Node]] = node.value  # type: ignore[assignment]
        inner = attempt(self, members[0][1], ledger) if len(members) == 1 and members[0][1].kind == "object" else None
        if inner is None:
            return MISS
        ledger.bend("unwrapped", node, "the object inside", 2)
        return ledger.replay(inner)

    def _pairs(self, node: Node, ledger: Ledger) -> object:
        """Read a list of `{"key": …, "value": …}` objects, or one with a single object in it."""
        children: list[Node] = node.value  # type: ignore[assignment]
        if len(children) == 1 and (single := attempt(self, children[0], ledger)) is not None:
            ledger.bend("list for one", node, "its only item", 3)
            return ledger.replay(single)
        found: dict[str, object] = {}
        for child in children:
            members: list[tuple[Node, Node]] = child.value if child.kind == "object" else []  # type: ignore[assignment]
            named = {str(key.value).lower(): value for key, value in members}
            if set(named) != {"key", "value"} or named["key"].value in found:
                return MISS
            if not self._put(named["key"], named["value"], found, ledger):
                return MISS
        if not found:
            return MISS
        ledger.bend("pairs", node, "an object", 4)
        return found
