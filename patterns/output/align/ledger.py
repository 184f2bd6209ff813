"""The account of one alignment: where it stands in the value, what was bent, what was found, and what did not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeAlias

from patterns.errors import Problem
from patterns.exchange import Repair
from patterns.output.align.values import compact, value_of
from patterns.output.tree import Node

SAME: Final = 0.1
"""The cost of a member that says the same as the one of its name that was taken."""
OTHER: Final = 10.0
"""The cost of a member that says something else: which of the two was meant, a person should see."""
DEEPEST: Final = 96
"""Levels of nesting an answer may have; deeper ones are refused."""

MOST_REPAIRS: Final = 1_000
"""Bends that are recorded one by one; of further ones only the cost is summed."""

_MOST_MISSES: Final = 400
_SHOWN: Final = 60


class Miss:
    """The sign that a node does not fit a plan. There is one, `MISS`."""

    def __bool__(self) -> bool:
        return False


MISS: Final = Miss()


Mark: TypeAlias = tuple[int, float, int, bool]
"""A state of the account to come back to: repairs, cost, found, cut."""


class Snapshot(NamedTuple):
    """What one attempt added to the account."""

    value: object
    repairs: list[Repair]
    cost: float
    found: int
    cut: bool


class Ledger:
    """A mutable account that alternatives are tried on: mark, try, and roll back or keep.

    `found` counts the pieces of the text that came to stand in the value; `cut` says that a piece was unfinished.
    `partial` asks for the value so far: what is unfinished and not text is left out instead of being refused. `size`
    is that of the candidate in characters: the fits that are tried are bounded by it, so that the time is linear.
    """

    __slots__ = (
        "_fuel", "_inside", "_misses", "busy", "cost", "cut", "found", "memo", "partial", "repairs", "text", "trail",
    )  # fmt: skip

    def __init__(self, text: str, *, partial: bool = False, size: int = 0) -> None:
        self.text = text
        self.partial = partial
        self.trail: list[str | int] = []
        self._fuel = 1_000 + 4 * (size or len(text))
        self.repairs: list[Repair] = []
        self.cost = 0.0
        self.found = 0
        self.cut = False
        self.busy: set[tuple[int, int]] = set()
        self.memo: dict[tuple[int, int, int], tuple[Node, Snapshot]] = {}
        self._misses: list[tuple[tuple[str | int, ...], str, str]] = []
        self._inside = False

    def spent(self) -> bool:
        """Count one more fit; True when too much was tried already, or the value is nested too deeply."""
        self._fuel -= 1
        return self._fuel < 0 or len(self.trail) > DEEPEST

    def enter(self, key: tuple[int, int]) -> bool:
        """Begin a fit that may lead back to itself; False when it is under way already, or all is spent."""
        if key in self.busy or self.spent():
            return False
        self.busy.add(key)
        return True

    def mark(self) -> Mark:
        return len(self.repairs), self.cost, self.found, self.cut

    def rollback(self, mark: Mark) -> None:
        """Forget what was recorded since the mark."""
        repairs, self.cost, self.found, self.cut = mark
        if len(self.repairs) > repairs:
            del self.repairs[repairs:]

    def since(self, mark: Mark, value: object) -> Snapshot:
        """Give what the attempt since the mark added."""
        repairs, cost, found, cut = mark
        return Snapshot(value, self.repairs[repairs:], self.cost - cost, self.found - found, self.cut and not cut)

    def replay(self, kept: Snapshot) -> object:
        """Add an earlier attempt to the account again, and give its value."""
        self.repairs += kept.repairs
        self.cost += kept.cost
        self.found += kept.found
        self.cut |= kept.cut
        return kept.value

    def bend(self, kind: str, node: Node, after: object, cost: float, before: str | None = None) -> None:
        """Record one bend of a node's value."""
        self.cost += cost
        if len(self.repairs) >= MOST_REPAIRS:
            return
        shown = (self._shown(node) if before is None else before)[:_SHOWN]
        told = str(after)[:_SHOWN]
        if shown == told:  # what was a text shows its quotes, and so does what became one
            said = compact(told)[:_SHOWN]
            shown, told = (said, told) if node.kind == "string" else (shown, said)
        self.repairs.append(Repair(kind, self.path(), (node.start, node.end), shown, told, cost))

    def passed(self, other: Node, taken: Node) -> None:
        """Record a member that another one of the same name was taken for; it is no reason to read another value."""
        alike = value_of(other) == value_of(taken)
        cost = SAME if alike else OTHER
        self.bend("duplicate key", other, "" if alike else self._shown(taken), cost)
        self.cost -= cost

    def miss(self, node: Node | None, wanted: str) -> Miss:
        """Record that something else was wanted here, and give the sign of it."""
        if node is not None and not node.complete:
            self.cut = True
        if len(self._misses) < _MOST_MISSES:
            found = "" if node is None else f", found {self._shown(node)!r}"
            self._misses.append((tuple(self.trail), wanted, found))
        return MISS

    def path(self) -> str:
        """Write where the alignment stands, as `$.items[3].price`."""
        return written(self.trail)

    def source(self, node: Node) -> str:
        """Give a node as it is written in the text."""
        if node.kind in ("string", "bare") and isinstance(node.value, str):
            return node.value
        return self.text[node.start : node.end] if self.text and not self._inside else compact(value_of(node))

    def _shown(self, node: Node) -> str:
        if node.kind in ("object", "array") and self.text and not self._inside:
            return self.text[node.start : min(node.end, node.start + _SHOWN)]
        return self.source(node)[:_SHOWN]

    def problems(self) -> tuple[Problem, ...]:
        """Tell what did not fit, the deepest first, each place once."""
        by_place: dict[tuple[str | int, ...], Problem] = {}
        for trail, wanted, found in self._misses:
            by_place.setdefault(trail, Problem(written(trail), f"wanted {wanted}{found}"))
        return tuple(by_place[trail] for trail in sorted(by_place, key=len, reverse=True)[:8])

    @contextmanager
    def decoded(self) -> Iterator[None]:
        """Read a tree that stands inside a string: its nodes have no text of their own."""
        before, self._inside = self._inside, True
        try:
            yield
        finally:
            self._inside = before


def written(trail: list[str | int] | tuple[str | int, ...]) -> str:
    """Write a place in a value: `$.items[3].price`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in trail)
