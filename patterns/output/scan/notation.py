"""The mend that says in which notation a value was written, where it is not JSON."""

from __future__ import annotations

from typing import Final

from patterns.exchange import Repair
from patterns.output.scan.account import SHOWN
from patterns.output.tree import Node

NOTATIONS: Final = {"yaml": 0.5, "toml": 0.5, "python": 0.5, "markup": 0.5, "headings": 1.0}
"""What each notation costs: it is a spelling of the same values, but for headings, which may merely part a text."""


def written_in(kind: str, text: str, start: int, root: Node) -> Repair:
    """Say that what stands from `start` to the end of a tree was read in this notation."""
    end = max(start, root.end)
    return Repair(kind, "$", (start, end), text[start : min(end, start + SHOWN)], f"an {root.kind}", NOTATIONS[kind])
