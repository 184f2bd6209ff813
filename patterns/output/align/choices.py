"""The plan for one of some fixed values: an Enum, a Literal, a constant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from patterns.output.align.announced import statements
from patterns.output.align.figures import Flag
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.mentions import named_in
from patterns.output.align.numerals import number_of
from patterns.output.align.spelling import fold, nearest, reduced
from patterns.output.tree import Kind, Node

_LONGEST_LABEL: Final = 200


class Choice:
    """One of `values`, named by its value, or by a name or description of it that no other value shares."""

    def __init__(self, values: Sequence[object], names: Mapping[str, object] | None = None) -> None:
        self.values = tuple(values)
        labels = {value: value for value in self.values if isinstance(value, str)}
        self._labels: dict[str, object] = dict(labels)
        for name, value in (names or {}).items():
            self._labels.setdefault(name, value)
        self._numbers = {str(v): v for v in self.values if isinstance(v, (int, float)) and not isinstance(v, bool)}
        self._folded = _unshared((fold(label), value) for label, value in self._labels.items())
        self._flags = {v for v in self.values if isinstance(v, bool)}
        kinds: list[Kind] = [_kind_of(value) for value in self.values]
        self.kinds = frozenset(kinds)
        self.wants = "one of " + ", ".join(repr(value) for value in self.values[:12])

    def fit(self, node: Node, ledger: Ledger) -> object:
        kind = node.kind
        if kind in self.kinds and (value := self._exact(node)) is not MISS:
            ledger.found += 1
            ledger.cut |= not node.complete
            return value
        if not node.complete or kind not in ("string", "bare", "number"):
            return ledger.miss(node, self.wants)
        value, bend, cost = self._spelled(node)
        if value is MISS:
            return ledger.miss(node, self.wants)
        if cost:
            ledger.bend(bend, node, value, cost)
        ledger.found += 1
        return value

    def named(self, said: str) -> tuple[object, float] | None:
        """Give the value that this word is a label of, with the cost of spelling it otherwise; None when it is none."""
        if said in self._labels:
            return self._labels[said], 0
        value = self._folded.get(reduced(said), MISS)
        return None if value is MISS else (value, 1)

    def _exact(self, node: Node) -> object:
        """Find the value that equals the node's, and is of its kind: `1` is not `true`."""
        wanted = node.value
        for value in self.values:
            if value == wanted and (isinstance(value, bool) == isinstance(wanted, bool)):
                return value
        return MISS

    def _spelled(self, node: Node) -> tuple[object, str, float]:
        """Find what a word or sentence names, with the kind and cost of the bend."""
        text = (node.raw or str(node.value)).strip()
        if text in self._labels:
            return self._labels[text], "enum", 0 if node.kind == "bare" else 1
        if len(text) <= _LONGEST_LABEL:
            if (folded := self._folded.get(fold(text), MISS)) is not MISS:
                return folded, "enum", 1
            if (other := self._otherwise(node, text)) is not MISS:
                return other, "enum", 2
            if (near := nearest(text, self._labels)) is not None:
                return self._labels[near], "enum", 4
        return self._mentioned(node, text)

    def _otherwise(self, node: Node, text: str) -> object:
        """Read a number or flag that is written as text."""
        if self._numbers and (number := number_of(text)) is not None:
            return next((value for value in self._numbers.values() if value == number), MISS)
        if self._flags and node.kind != "number" and len(text) < 16:
            flag = Flag().fit(Node("string", text, 0, 0), Ledger(text))
            return flag if isinstance(flag, bool) and flag in self._flags else MISS
        return MISS

    def _mentioned(self, node: Node, text: str) -> tuple[object, str, float]:
        labels = {**self._labels, **self._numbers, **{str(flag).lower(): flag for flag in self._flags}}
        parts = [(text, False)] if node.kind == "string" else statements(text)
        for part, announced in parts:
            value = named_in(part, labels)
            if value is not None:
                return value, "enum in text", 3 if announced else 5
        return MISS, "", 0


def _kind_of(value: object) -> Kind:
    if isinstance(value, str):
        return "string"
    return "null" if value is None else "bool" if isinstance(value, bool) else "number"


def _unshared(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Keep the spellings that only one value has."""
    kept: dict[str, object] = {}
    shared: set[str] = set()
    for spelling, value in pairs:
        if kept.setdefault(spelling, value) != value:
            shared.add(spelling)
    return {spelling: value for spelling, value in kept.items() if spelling not in shared}
