"""What reading a text gives: the value, and the account of how it was read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from patterns.drawn import Told
from patterns.exchange import Repair
from patterns.output.tree import Candidate, Node

T_co = TypeVar("T_co", covariant=True)

Leniency: TypeAlias = Literal["none", "syntax", "align"]
"""What may be mended: nothing, the syntax of the text, or also how it fits the type."""


class CutOff(UserWarning):
    """The text ended before the value did: what was there is given, and more may be missing."""


@dataclass(frozen=True, repr=False)
class Reading(Told, Generic[T_co]):
    """A value read from a text, and the account of it.

    `complete` is False when the text ended before the value did: a string may be shorter than it was meant to be,
    and a list may lack items. `account` holds the mends, or gives them when asked; `nodes` are the trees they were
    made in.
    """

    output: T_co
    account: tuple[Repair, ...] | Callable[[], tuple[Repair, ...]] = ()
    complete: bool = True
    text: str = ""
    nodes: tuple[Node, ...] = ()

    _repr_pretty_ = Told._repr_pretty_  # IPython would take this class's repr before what is inherited

    def __repr__(self) -> str:
        return f"Reading(output={self.output!r}, repairs={self.repairs!r}, complete={self.complete})"

    @property
    def mends(self) -> tuple[Repair, ...]:
        """Every mend as it was made, with its place in the text."""
        return self.account if isinstance(self.account, tuple) else self._told

    @cached_property
    def _told(self) -> tuple[Repair, ...]:
        return self.account if isinstance(self.account, tuple) else self.account()

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """Every mend with its path in the value and its place in the text; found out when asked for."""
        root = self._tree() or self._doubled()
        if root is None:
            return self.mends
        from patterns.output.duplicates import doubles  # late, as all that only damage needs
        from patterns.output.places import placed

        return placed(root, (*self.mends, *doubles(root, self.text, self.mends)))

    def _tree(self) -> Node | None:
        """The tree that the mends were made in. What was mended without one is scanned for it now."""
        if self.nodes or not self.account or not any(mend.cost > 0 for mend in self.mends):
            return self.nodes[0] if len(self.nodes) == 1 else None
        at = min(mend.span for mend in self.mends if mend.span is not None)[0]
        roots = [one.root for one in self.candidates if one.root.kind in ("object", "array")]
        inside = [root for root in roots if root.start <= at < root.end]
        return next(iter(inside or [root for root in roots if root.end == at]), None)

    def _doubled(self) -> Node | None:
        """The tree of JSON that was taken as it stands, where it gives a name twice."""
        if self.mends and self.mends[0].kind != "found":
            return None
        span = self.mends[0].span if self.mends else None
        text = self.text[slice(*span)] if span else self.text
        if isinstance(self.output, (str, int, float)) or not _has_doubles(text):
            return None
        return next((one.root for one in self.candidates if one.root.kind in ("object", "array")), None)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The readings of syntax that the text allows, best first; found when asked for."""
        from patterns.output.scan import scan

        return tuple(scan(self.text, partial=not self.complete))


class _Twice(Exception):
    """A name is given twice."""


def _once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _Twice


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once)
"""Made once: it takes longer to make than a short answer takes to read."""


def _has_doubles(text: str) -> bool:
    """Say whether an object in JSON text gives a name twice; False where the text is no JSON."""
    try:
        try:
            _DECODER.decode(text)
        except _Twice:
            json.loads(text)  # behind it, the text may be no JSON after all
            return True
    except (ValueError, RecursionError):
        pass
    return False
