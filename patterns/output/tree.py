"""The tree between text and value: what the scanner read, where it stands, and how far it was bent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from patterns.exchange import Repair

Kind: TypeAlias = Literal["object", "array", "string", "number", "bool", "null", "bare"]
"""`bare` is an unquoted word or run of words: its `value` is the text, and the type decides what it means."""


class Node:
    """A value as it stands in the text.

    `value` by kind: object → list of (key Node, value Node) pairs, in order, duplicates kept; array → list of
    Node; string and bare → str; number → int | float; bool → bool; null → None. `start` and `end` are character
    offsets in the raw text (end exclusive). `complete` is False when the text ended before the value did.
    `raw` is the text of a number or bare word as written ("1,200", "42 years"), empty otherwise.
    """

    __slots__ = ("complete", "end", "kind", "raw", "start", "value")

    def __init__(self, kind: Kind, value: object, start: int, end: int, complete: bool = True, raw: str = "") -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.complete = complete
        self.raw = raw


Origin: TypeAlias = Literal["strict", "fence", "span", "tag", "tool", "lines", "pairs", "text"]
"""Where a candidate was found; `lines` are values in a row, `pairs` key: value lines, `text` is all of it."""


Account: TypeAlias = tuple[Repair, ...] | Callable[[], tuple[Repair, ...]]
"""What was mended, or a way to tell it when it is asked for: most candidates are never asked."""


@dataclass(slots=True)
class Candidate:
    """One reading of the text: a tree, where it stands, and the mends of syntax it took.

    `cost` is the sum of the mends' costs; the scanner yields candidates best first by origin and cost, and
    keeps alternatives: the type decides.
    """

    root: Node
    origin: Origin
    account: Account = ()
    cost: float = 0.0
    complete: bool = True
    outside: str = field(default="", repr=False)
    """The text around this candidate, for telling an answer from a mention."""
    notation: str = ""
    """In what it is written, where that is not JSON; its first mend says so."""
    doubtful: bool = False
    """Whether it may be something other than a value: only a type that knows its names should take it."""

    @property
    def mends(self) -> tuple[Repair, ...]:
        """The mends, in the order of the text."""
        if callable(self.account):
            self.account = self.account()
        return self.account


class Noted(Candidate):
    """A reading of a text in a notation other than JSON."""

    __slots__ = ()
