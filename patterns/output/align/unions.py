"""The plan for one of several types: the tag decides where there is one, then the member with the least bending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patterns.output.align.ledger import MISS, Ledger, Snapshot
from patterns.output.align.plan import Plan
from patterns.output.align.spelling import fold
from patterns.output.tree import Kind, Node


class Tags:
    """The member of an object that tells the types apart, under any of its names, and what each value of it means."""

    __slots__ = ("_keys", "_plans")

    def __init__(self, names: Sequence[str], plans: Mapping[str, Plan]) -> None:
        self._keys = {fold(name) for name in names}
        self._plans = {**{fold(tag): plan for tag, plan in plans.items()}, **plans}

    def meant(self, node: Node) -> Plan | None:
        """Find the type that an object's tag names, None when it has no tag, or one that is unknown."""
        for key, member in node.value:  # type: ignore[attr-defined]
            tag = member.value
            if isinstance(tag, (str, int)) and len(key.value) < 60 and fold(key.value) in self._keys:
                return self._plans.get(str(tag)) or self._plans.get(fold(str(tag)))
        return None


class Union:
    """One of several types. Of two that fit alike the first is taken, as pydantic does."""

    def __init__(self, members: Sequence[Plan], tags: Tags | None = None) -> None:
        self.members = tuple(members)
        self.tags = tags
        self.kinds: frozenset[Kind] = frozenset().union(*(member.kinds for member in self.members))
        self.wants = " or ".join(dict.fromkeys(member.wants for member in self.members))

    def fit(self, node: Node, ledger: Ledger) -> object:
        key = (id(self), id(node), len(ledger.trail))
        kept = ledger.memo.get(key)
        if kept is not None:
            return ledger.replay(kept[1])
        if not ledger.enter(key[:2]):
            return MISS
        try:
            least = self._least_bent(node, ledger)
        finally:
            ledger.busy.discard(key[:2])
        ledger.memo[key] = (node, least)
        return ledger.replay(least)

    def _least_bent(self, node: Node, ledger: Ledger) -> Snapshot:
        best = Snapshot(MISS, [], 0, 0, False)
        cut = False
        for member in self._ordered(node):
            mark = ledger.mark()
            value = member.fit(node, ledger)
            tried = ledger.since(mark, value)
            ledger.rollback(mark)
            if value is MISS:
                cut |= tried.cut
                continue
            if best.value is MISS or _rank(tried) < _rank(best):
                best = tried
            if tried.cost == 0 and not tried.repairs:
                break
        return best if best.value is not MISS else best._replace(cut=cut)

    def _ordered(self, node: Node) -> Sequence[Plan]:
        """Put the types of the node's own kind first; a tag that names one leaves only that."""
        if node.kind == "object" and self.tags is not None and (meant := self.tags.meant(node)) is not None:
            return (meant,)
        return sorted(self.members, key=lambda member: node.kind not in member.kinds)


def _rank(tried: Snapshot) -> tuple[float, int]:
    return tried.cost, -tried.found
