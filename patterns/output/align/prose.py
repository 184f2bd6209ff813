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
from patterns.output.excerpt import excerpt
from patterns.output.reasoning import find_reasoning
from patterns.output.tree import Candidate, Node

_WRAPPER: Final = "value"
"""The one member of the object that a value without an object at its root is asked for in."""


def read_prose(text: str, candidates: Sequence[Candidate], plan: Plan, *, partial: bool) -> Fit | Misfit:
    """Read the text itself. A text that is one JSON value is no prose."""
    if isinstance(plan, Text):
        return _as_text(text, candidates, partial)
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


def _as_text(text: str, candidates: Sequence[Candidate], partial: bool) -> Fit | Misfit:
    """Read a text for a text: all of it but for reasoning, unless it is nothing but one JSON string."""
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
    hidden = find_reasoning(text)
    if hidden.unclosed and not partial:
        return Misfit(Candidate(whole, "text"), (Problem("$", "the text ends within its reasoning"),), True)
    shown = _without(text, hidden.spans) if hidden.spans else text
    notes = tuple(Repair("reasoning", "$", span, excerpt(text[slice(*span)]), "", 0) for span in hidden.spans)
    return Fit(Candidate(whole, "text"), shown, notes, 0, True, (whole,))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Take stretches out of a text, and the blanks around what is left."""
    stops = [0, *(at for span in spans for at in span), len(text)]
    return "".join(text[start:end] for start, end in zip(stops[::2], stops[1::2], strict=True)).strip()
