"""Answers that are no JSON at all: lines of `key: value`, YAML, bullets, and tables."""

from __future__ import annotations

from patterns.output.scan.limits import MAX_LINES
from patterns.output.scan.notation import written_in
from patterns.output.scan.outline import Outline
from patterns.output.scan.tables import read_tables
from patterns.output.tree import Candidate, Node, Noted

_DOUBTFUL = 10.0
"""The cost of one line that could be a sentence, or of sentences around bullets: too much where no type is known."""


def read_lines(text: str, start: int, *, partial: bool = False) -> list[Candidate]:
    """Read the lines of the text as members and items, or as a table; an empty list when they are prose."""
    found = read_tables(text) or _outlined(text, start)
    if partial:
        for one in found:
            one.complete = False
            _open_end(one.root)
    return found


def read_members(text: str) -> list[Candidate]:
    """Read lists and objects on one line as members of the lines around them; nothing where those are prose."""
    if text.count("\n") > MAX_LINES:
        return []
    lines = Outline(text, 0, len(text))
    root = lines.root
    if root is None or lines.paired + lines.items < 2 or lines.other > lines.paired:
        return []
    told = written_in("yaml", text, root.start, root)
    outside = lines.outside.strip()
    cost = told.cost + lines.other + sum(mend.cost for mend in lines.mends)
    return [Noted(root, "pairs", (told, *lines.mends), cost, root.complete, outside, "yaml", bool(lines.other))]


def read_yaml(text: str, start: int, end: int) -> Node | None:
    """Read the content of a fence that says it is YAML; None where it is something else."""
    lines = Outline(text, start, end, yaml=True)
    return None if lines.other else lines.root


def _outlined(text: str, start: int) -> list[Candidate]:
    if text.count("\n") > MAX_LINES:
        return []
    if "\n" not in text and ":" not in text and "：" not in text:
        return []
    lines = Outline(text, start, len(text))
    root, told = lines.root, lines.paired + lines.items
    if root is None or 2 * lines.other > told or (told < 2 and not lines.paired):
        return []
    doubtful = lines.paired == 1 or (not lines.paired and lines.outside != "")
    cost = 1.0 + lines.other + _DOUBTFUL * doubtful
    return [Candidate(root, "pairs", tuple(lines.mends), cost, root.complete, lines.outside)]


def _open_end(node: Node) -> None:
    """Mark what may still grow: the last value, and everything around it."""
    node.complete = False
    while isinstance(node.value, list) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
        node.complete = False
