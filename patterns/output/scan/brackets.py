"""A closing bracket that does not fit the innermost container: written wrong, one too many, or others missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from patterns.output.scan.closing import KEY, QUOTES
from patterns.output.scan.limits import BRACKETS_AHEAD
from patterns.output.scan.source import Source
from patterns.output.tree import Node

Choice: TypeAlias = Literal["missing", "wrong", "extra"]
"""What to make of the bracket: others are missing before it, it is written wrong, or it is one too many."""

_KINDS: Final = {"}": "object", "｝": "object", "]": "array", "］": "array", "】": "array"}
_DAMAGED_KEY = re.compile(rf"[{QUOTES}][^{QUOTES}\n]{{1,80}}+[{QUOTES}]\s++[{QUOTES}\d{{\[]").match


def choose(source: Source, pos: int, stack: Sequence[Node], closers: Sequence[str]) -> Choice:
    """Choose the reading of the bracket at `pos` after which the brackets that follow fit best."""
    kind = _KINDS[source.text[pos]]
    run, onward = _ahead(source, pos + 1)
    open_kinds = [node.kind for node in stack]
    options: list[tuple[float, Choice]] = []
    around = next((at for at in range(len(stack) - 1, -1, -1) if open_kinds[at] == kind and closers[at]), -1)
    if around >= 0:
        missing = sum(1.0 for closer in closers[around + 1 :] if closer)
        options.append((missing + _misfit(open_kinds[:around], run, onward), "missing"))
    options.append((1.0 + _misfit(open_kinds[:-1], run, onward), "wrong"))
    other = "array" if kind == "object" else "object"
    too_many = source.surplus(kind) > 0 and source.surplus(other) >= 0
    options.append((1.0 + (-0.25 if too_many else 0.25) + _misfit(open_kinds, run, onward), "extra"))
    return min(options, key=lambda option: option[0])[1]


def _ahead(source: Source, pos: int) -> tuple[list[str], str]:
    """Give the brackets that close next, and what comes after them: a key, an item, or nothing."""
    text = source.text
    run: list[str] = []
    pos = source.peek(pos)
    while text[pos : pos + 1] in _KINDS and len(run) < BRACKETS_AHEAD:
        run.append(_KINDS[text[pos]])
        pos = source.peek(pos + 1)
    sign = text[pos : pos + 1]
    if sign and sign in ",，":
        after = source.peek(pos + 1)
        if after < source.end and text[after] not in "}]":
            return run, "object" if KEY(text, after) or _DAMAGED_KEY(text, after) else "array"
        return run, ""
    if sign and sign in "{[":
        return run, "array"
    return run, "object" if sign and KEY(text, pos) else ""


def _misfit(kinds: Sequence[str], run: Sequence[str], onward: str) -> float:
    """Count how often the brackets to come would not fit, were these containers open."""
    depth, misfit = len(kinds), 0.0
    for kind in run:
        if depth and kinds[depth - 1] != kind:
            misfit += 1
        elif not depth:
            return misfit + 0.5 * bool(onward)
        depth -= 1
    if onward and (not depth or kinds[depth - 1] != onward):
        return misfit + 1
    return misfit if onward else misfit + depth * 0.5
