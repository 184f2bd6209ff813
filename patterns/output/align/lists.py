"""Plans for lists of any length, and for tuples with a plan for each place."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.output.align.declines import declines
from patterns.output.align.ledger import DEEPEST, MISS, Ledger, Snapshot
from patterns.output.align.listed import between_commas, bullets, few_words
from patterns.output.align.plan import Plan, attempt, unpacked
from patterns.output.align.spelling import fold
from patterns.output.tree import Kind, Node


class Listing:
    """A list of items of one plan. `least` and `most` bound its length, `distinct` drops items said twice."""

    kinds: frozenset[Kind] = frozenset(("array",))

    def __init__(self, item: Plan, *, distinct: bool = False) -> None:
        self.item = item
        self.distinct = distinct
        self.wants = f"a list of {item.wants}"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if node.kind == "array":
            return self._items(node, ledger)
        key = (id(self), id(node))
        if not ledger.enter(key):
            return MISS
        try:
            return self._other(node, ledger)
        finally:
            ledger.busy.discard(key)

    def _items(self, node: Node, ledger: Ledger) -> object:
        if len(ledger.trail) > DEEPEST:
            return ledger.miss(node, f"less nesting than {DEEPEST} levels")
        values: list[object] = []
        trail, fit = ledger.trail, self.item.fit
        nodes: list[Node] = node.value  # type: ignore[assignment]
        for at, child in enumerate(nodes):
            trail.append(at)
            mark = ledger.mark()
            value = fit(child, ledger)
            trail.pop()
            if value is not MISS:
                values.append(value)
            elif child.complete or node.complete or at + 1 < len(nodes):
                return MISS
            else:
                ledger.rollback(mark)
                ledger.bend("cut", child, "left out", 5)
        if not node.complete:
            ledger.cut = True
            if nodes and not values and not ledger.partial:
                return ledger.miss(node, self.wants)
        return values

    def _other(self, node: Node, ledger: Ledger) -> object:
        """Read a list that is written inside a string or under a key of its own, or a single item for a list of one."""
        if node.kind == "string" and (value := unpacked(self, node, ledger)) is not MISS:
            return value
        if node.kind == "null" or (node.kind in ("string", "bare") and not str(node.value).strip()):
            if not ledger.trail:
                return ledger.miss(node, self.wants)
            ledger.bend("null for a list", node, "[]", 5)
            return []
        if node.kind == "object" and (inner := self._inside(node, ledger)) is not None:
            ledger.bend("unwrapped", node, "the list inside", 2)
            return ledger.replay(inner)
        if node.kind in ("bare", "string") and (values := self._listed(node, ledger)) is not None:
            return values
        single = attempt(self.item, node, ledger)
        if single is None or not (ledger.trail or _certain(self.item, node, single)):
            return ledger.miss(node, self.wants)
        if node.kind == "object" and "bare" in self.item.kinds and "object" not in self.item.kinds:
            return ledger.miss(node, self.wants)  # its source as one text is no list that was meant
        ledger.bend("one for a list", node, "a list of one", 3)
        return [ledger.replay(single)]

    def _listed(self, node: Node, ledger: Ledger) -> list[object] | None:
        """Read the items that a text lists: bullets of any kind, and between commas those that can be no prose."""
        text = str(node.value)
        words = "bare" in self.item.kinds
        quoted = node.kind == "string"
        parts = bullets(text, 1 if ledger.trail and not quoted else 2)
        if not parts and not quoted and (ledger.trail or not words):
            parts = few_words(text) if words else between_commas(text)
        if not parts or declines(text):
            return None
        mark = ledger.mark()
        values = [self.item.fit(Node("string", part, node.start, node.end), ledger) for part in parts]
        if any(value is MISS for value in values) or ledger.cost - mark[1] > 2 * len(parts):
            ledger.rollback(mark)
            return None
        ledger.bend("listed", node, f"a list of {len(parts)}", 4)
        return values

    def _inside(self, node: Node, ledger: Ledger) -> Snapshot | None:
        members = [member for _, member in node.value]  # type: ignore[attr-defined]
        if len(members) != 1 or members[0].kind != "array":
            return None
        return attempt(self, members[0], ledger)


def _certain(item: Plan, node: Node, single: Snapshot) -> bool:
    """Tell whether all of an answer is one item for sure: a list is never made out of mere prose."""
    return single.cost <= 4 and not (node.kind == "bare" and "bare" in item.kinds)


class Row:
    """A tuple: a plan for each place. `names` are those of the places, under which an object may give them."""

    kinds: frozenset[Kind] = frozenset(("array",))

    def __init__(self, places: Sequence[Plan], rest: Plan | None = None, names: Sequence[str] = ()) -> None:
        self.places = tuple(places)
        self.rest = rest
        self.names = tuple(map(fold, names))
        self.wants = f"a list of {len(self.places)} values"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if node.kind == "string":
            value = unpacked(self, node, ledger)
            return ledger.miss(node, self.wants) if value is MISS else value
        nodes = self._nodes(node)
        if not isinstance(nodes, list) or not self._long_enough(nodes, ledger):
            return ledger.miss(node, self.wants)
        if node.kind != "array":
            ledger.bend("by name" if node.kind == "object" else "listed", node, self.wants, 2)
        values: list[object] = []
        for at, child in enumerate(nodes):
            plan = self.places[at] if at < len(self.places) else self.rest
            ledger.trail.append(at)
            value = MISS if plan is None else plan.fit(child, ledger)
            ledger.trail.pop()
            if value is MISS:
                return values if ledger.partial else MISS
            values.append(value)
        ledger.cut |= not node.complete
        return values

    def _long_enough(self, nodes: list[Node], ledger: Ledger) -> bool:
        short, long = len(nodes) < len(self.places), self.rest is None and len(nodes) > len(self.places)
        return not long and (ledger.partial or not short)

    def _nodes(self, node: Node) -> object:
        if node.kind == "array":
            return node.value
        if node.kind == "bare":
            return [Node("string", part, node.start, node.end) for part in between_commas(str(node.value))]
        return self._named(node)

    def _named(self, node: Node) -> list[Node] | None:
        """Put the members of an object in the order of the places."""
        if node.kind != "object" or not self.names:
            return None
        members = {fold(str(key.value)): value for key, value in node.value}  # type: ignore[attr-defined]
        return [members[name] for name in self.names] if set(members) == set(self.names) else None
