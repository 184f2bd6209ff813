"""The text itself as the value: a bare scalar, one stated in a sentence, or all of it where a text is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from patterns.errors import Problem
from patterns.exchange import Repair
from patterns.output.align.declines import declines
from patterns.output.align.fitting import Fit, Misfit, fit
from patterns.output.align.plan import Plan
from patterns.output.align.texts import Text
from patterns.output.tree import Candidate, Node

_WRAPPER: Final = "value"
"""The one member of the object that a value without an object at its root is asked for in."""


def read_prose(text: str, candidates: Sequence[Candidate], plan: Plan, *, partial: bool) -> Fit | Misfit:
    """Read the text itself. A text that is one JSON value is no prose."""
    if isinstance(plan, Text):
        return _as_text(text, candidates)
    for candidate in candidates:
        if candidate.origin == "strict":
            return Misfit(candidate, (), False)
        if candidate.origin == "text" and candidate.root.kind != "bare":
            return fit(candidate, plan, text, partial=partial)
    takes_text = "bare" in plan.kinds
    words = (text if takes_text else _without_values(text, candidates)).strip()
    whole = Candidate(Node("bare", words, 0, len(text)), "text")
    if not words or (takes_text and declines(text)):
        return Misfit(whole, (Problem("$", f"wanted {plan.wants}, and the text does not answer"),), False)
    return fit(whole, plan, text, partial=partial)


def _without_values(text: str, candidates: Sequence[Candidate]) -> str:
    """Blank out the objects and lists in a text: what is inside them was not said in words."""
    for candidate in candidates:
        root = candidate.root
        if root.kind in ("object", "array") and candidate.origin != "pairs":
            text = text[: root.start] + " " * (root.end - root.start) + text[root.end :]
    return text


def _as_text(text: str, candidates: Sequence[Candidate]) -> Fit | Misfit:
    """Read a text for a text: all of it, unless it is nothing but one JSON string."""
    for candidate in candidates:
        root = candidate.root
        if candidate.outside.strip().strip("`json"):
            continue
        if root.kind in ("bool", "null"):
            return Misfit(candidate, (Problem("$", f"wanted a text, found {root.kind}"),), False)
        mends = candidate.mends
        members = root.value if root.kind == "object" and isinstance(root.value, list) else []
        if len(members) == 1 and members[0][0].value == _WRAPPER:
            inner = members[0][1]
            mends = (*candidate.mends, Repair("unwrapped", "$", (root.start, root.end), _WRAPPER, "the text inside", 2))
            root = inner
        if root.kind == "string":
            return Fit(candidate, root.value, mends, candidate.cost, candidate.complete, (root,))
    whole = Node("bare", text, 0, len(text))
    return Fit(Candidate(whole, "text"), text, (), 0, True, (whole,))
