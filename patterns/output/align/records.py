"""The plan for an object with named fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from patterns.output.align.fields import Field, certain_value, says_nothing
from patterns.output.align.keys import Names
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.lists import Listing
from patterns.output.align.plan import Plan, attempt, loosened, only, unpacked
from patterns.output.tree import Kind, Node

_LOOKED_AT: Final = 64
"""Members of an object by which it is told whether it is of a type."""
Found = dict[int, list[Node]]


class Record:
    """An object with these fields. `others` is the plan of further members, None when they are dropped."""

    kinds: frozenset[Kind] = frozenset(("object",))

    def __init__(self, name: str, fields: Sequence[Field], others: Plan | None = None) -> None:
        self.fields = tuple(fields)
        self.others = others
        self.wants = f"an object {name}".rstrip()
        self._names = Names([field.names for field in self.fields])
        self._exact = self._names.exact

    def fit(self, node: Node, ledger: Ledger) -> object:
        if ledger.spent():
            return ledger.miss(node, f"{self.wants}, nested less deeply")
        if node.kind == "object":
            mark = ledger.mark()
            value = self._members(node, ledger)
            if value is not MISS:
                return value
            cut = ledger.cut
            ledger.rollback(mark)
            value = self._wrapped(node, ledger)
            ledger.cut |= cut
            return value
        if node.kind == "string" and (value := unpacked(self, node, ledger)) is not MISS:
            return value
        if (value := self._implied(node, ledger)) is not MISS:
            return value
        if node.kind == "array" and (single := only(self, node.value, ledger, _says_something)) is not None:  # type: ignore[arg-type]
            ledger.bend("list for one", node, "its only fitting item", 3)
            return ledger.replay(single)
        return ledger.miss(node, self.wants)

    def akin(self, node: Node) -> bool:
        """Tell an object with a member that is named as a field is, whether or not it fits."""
        return any(self._is_known(key) for key in _keys(node))

    def knows(self, node: Node) -> bool:
        """Tell an object that names two fields, or the only one: more than a mere word in common."""
        return sum(map(self._is_known, _keys(node)[:_LOOKED_AT])) >= min(2, len(self.fields))

    def _is_known(self, key: str) -> bool:
        return key in self._exact or self._names.respelled(key) is not None

    def named(self, node: Node, ledger: Ledger) -> tuple[Found, list[tuple[Node, Node]]]:
        """Sort the members of an object by the field they name, in any spelling, with those apart that name none."""
        found, loose = self._sorted(node)
        return found, self._respelled(loose, found, ledger) if loose else loose

    # the members

    def _members(self, node: Node, ledger: Ledger) -> object:
        """Read an object member by member."""
        found, loose = self.named(node, ledger)
        growing = ledger.partial and not node.complete
        if not found and node.value and self.fields and self.others is None and not growing:
            return ledger.miss(node, f"{self.wants} with any of {', '.join(field.name for field in self.fields[:8])}")
        value: dict[str, object] = {}
        for at, field in enumerate(self.fields):
            nodes = found.get(at)
            if not (
                self._absent(field, node, value, ledger) if nodes is None else self._filled(field, nodes, value, ledger)
            ):
                return MISS
        if not node.complete:
            ledger.cut = True
        return value if self._extra(loose, value, ledger) else MISS

    def _sorted(self, node: Node) -> tuple[Found, list[tuple[Node, Node]]]:
        """Sort the members by field, with those apart whose key is no field's name."""
        found: Found = {}
        loose: list[tuple[Node, Node]] = []
        for key, member in node.value:  # type: ignore[attr-defined]
            at = self._exact.get(key.value)
            if at is None:
                loose.append((key, member))
            elif at in found:
                found[at].append(member)
            else:
                found[at] = [member]
        return found, loose

    def _respelled(self, loose: list[tuple[Node, Node]], found: Found, ledger: Ledger) -> list[tuple[Node, Node]]:
        """Give fields that were not found to keys that spell their names otherwise; return the members left over."""
        left: list[tuple[Node, Node]] = []
        for key, member in loose:
            at = self._names.respelled(str(key.value))
            if at is None or at in found:
                left.append((key, member))
            else:
                self._rename(key, at, 1, ledger)
                found[at] = [member]
        free = [at for at in range(len(self.fields)) if at not in found]
        if not left or not free:
            return left
        near = self._names.misspelled((str(key.value) for key, _ in left), free)
        rest: list[tuple[Node, Node]] = []
        for key, member in left:
            meant = near.get(str(key.value))
            if meant is None or meant[0] in found or attempt(self.fields[meant[0]].plan, member, ledger) is None:
                rest.append((key, member))
            else:
                self._rename(key, meant[0], 2 + 2 * meant[1], ledger)
                found[meant[0]] = [member]
        return rest

    def _rename(self, key: Node, at: int, cost: float, ledger: Ledger) -> None:
        name = self.fields[at].name
        ledger.trail.append(name)
        ledger.bend("key", key, name, cost)
        ledger.trail.pop()

    def _filled(self, field: Field, nodes: list[Node], value: dict[str, object], ledger: Ledger) -> bool:
        """Read the field from the last of its members that fits."""
        node = nodes[0]
        if len(nodes) == 1 and node.kind == field.easy and node.complete:
            ledger.found += 1
            value[field.name] = node.value
            return True
        ledger.trail.append(field.name)
        read: object = MISS
        for node in reversed(nodes) if len(nodes) > 1 else nodes:
            if node.kind == "null" and not (field.required or "null" in field.plan.kinds):
                continue  # as strict output says that a member is left out
            if node.start == node.end and node.kind == "bare":
                ledger.miss(node, f"{field.plan.wants}, and nothing stands there")
                continue
            read = loosened(field.plan, node, ledger)
            if read is not MISS:
                break
        kept = read is not MISS
        if kept:
            value[field.name] = read
            for other in nodes if len(nodes) > 1 else ():
                if other is not node:
                    ledger.passed(other, node)
        else:
            kept = self._emptied(field, nodes[-1], value, ledger)
        ledger.trail.pop()
        return kept

    def _emptied(self, field: Field, node: Node, value: dict[str, object], ledger: Ledger) -> bool:
        """Leave a field out that may be, when its member holds nothing of the field's type."""
        if ledger.partial:
            if field.required:
                value[field.name] = None
            return True
        if (field.required and not field.nullable) or not says_nothing(node, field.plan):
            return False
        if field.required:
            value[field.name] = None
        ledger.bend("left out", node, "null" if field.required else "the default", 2 if node.kind == "null" else 6)
        return True

    def _absent(self, field: Field, node: Node, value: dict[str, object], ledger: Ledger) -> bool:
        """Do without a field that the object does not have."""
        if not field.required:
            ledger.cost += 0.1
            return True
        if ledger.partial:
            value[field.name] = None
            return True
        ledger.trail.append(field.name)
        known, given = certain_value(field)
        if known and node.complete:
            value[field.name] = given
            ledger.bend("absent", node, given, 3, before="")
        else:
            ledger.cut |= not node.complete
            ledger.miss(None, f"{field.plan.wants}, which is missing")
        ledger.trail.pop()
        return known and node.complete

    def _extra(self, loose: list[tuple[Node, Node]], value: dict[str, object], ledger: Ledger) -> bool:
        """Keep or drop the members that no field takes."""
        for key, member in loose:
            name = str(key.value)
            ledger.trail.append(name)
            if self.others is None:
                ledger.bend("unknown key", member, "", 1)
            else:
                value[name] = self.others.fit(member, ledger)
            ledger.trail.pop()
            if value.get(name) is MISS:
                return False
        return True

    # other shapes of the same thing

    def _wrapped(self, node: Node, ledger: Ledger) -> object:
        """Find the record one level down, under a key of its own, or as the value of the only field."""
        if (value := self._implied(node, ledger)) is not MISS:
            return value
        members = [member for _, member in node.value if member.kind in ("object", "string", "array")]  # type: ignore[attr-defined]
        holders = [member for member in members if member.kind != "string" or _looks_encoded(member)]
        inner = only(self, holders, ledger, self.akin) if len(holders) <= 8 and len(ledger.trail) < 8 else None
        if inner is None:
            return MISS
        ledger.bend("unwrapped", node, "the object inside", 2)
        return ledger.replay(inner)

    def _implied(self, node: Node, ledger: Ledger) -> object:
        """Read the value of the only field where the object around it is left out; never from mere text."""
        if len(self.fields) != 1 or node.kind == "string" or (node.kind == "bare" and " " in str(node.value)):
            return MISS
        field = self.fields[0]
        one = isinstance(field.plan, Listing) and node.kind == "object" and "object" in field.plan.item.kinds
        if (node.kind not in field.plan.kinds and not one) or "bare" in field.plan.kinds or node.value in ([], None):
            return MISS
        key = (id(self), id(node))
        if not ledger.enter(key):
            return MISS
        mark = ledger.mark()
        ledger.trail.append(field.name)
        value = field.plan.fit(node, ledger)
        ledger.trail.pop()
        ledger.busy.discard(key)
        if value is MISS:
            ledger.rollback(mark)
            return MISS
        ledger.bend("implied key", node, field.name, 4)
        return {field.name: value}


def _keys(node: Node) -> list[str]:
    return [str(key.value) for key, _ in node.value] if node.kind == "object" else []  # type: ignore[attr-defined]


def _says_something(item: Node) -> bool:
    return item.kind not in ("null", "bare")


def _looks_encoded(node: Node) -> bool:
    return isinstance(node.value, str) and node.value.lstrip()[:1] == "{"
