"""One candidate under one plan: what it reads as, what that cost, and whether there is enough to believe it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from patterns.errors import Problem
from patterns.exchange import Repair
from patterns.output.align.declines import declines, is_courtesy
from patterns.output.align.kin import akin, knows
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.lists import Listing
from patterns.output.align.maps import Map
from patterns.output.align.plan import Plan, attempt, loosened
from patterns.output.align.rivals import is_draft, is_instead
from patterns.output.tree import Candidate, Kind, Node

_PLACE: Final = {
    "strict": 0.0,
    "tag": 0.0,
    "tool": 0.0,
    "fence": 0.0,
    "lines": 0.5,
    "span": 1.0,
    "pairs": 4.0,
    "text": 8.0,
}
"""What it costs to take a candidate from where it stands."""
_FOUND: Final = {
    "strict": "alone", "tag": "in a tag", "tool": "in a tool call", "fence": "in a fence", "lines": "on several lines",
    "span": "in the middle of text", "pairs": "as key: value lines",
}  # fmt: skip
_ASIDE: Final = 80
"""Characters of text around empty brackets that make them an aside."""
_TICKED = re.compile(r"[ \t]+\w").match
"""Words right behind empty brackets, as behind a box to tick."""
_LOOSE: Final = ("span", "pairs", "lines", "text")


@dataclass(slots=True)
class Fit:
    """A candidate read under a plan. `cost` counts its mends, its bends and its place in the text."""

    candidate: Candidate
    value: object
    repairs: tuple[Repair, ...]
    cost: float
    complete: bool
    nodes: tuple[Node, ...]


@dataclass(slots=True)
class Misfit:
    """A candidate that does not fit: why, and whether its end is missing."""

    candidate: Candidate
    problems: tuple[Problem, ...]
    cut: bool


def fit(candidate: Candidate, plan: Plan, text: str, *, partial: bool) -> Fit | Misfit:
    """Read a candidate under a plan."""
    ledger = Ledger(text, partial=partial, size=candidate.root.end - candidate.root.start)
    value = loosened(plan, candidate.root, ledger)
    if value is MISS:
        return Misfit(candidate, ledger.problems(), ledger.cut)
    if not partial and (doubt := _doubt(candidate, plan, text)):
        return Misfit(candidate, (Problem("$", f"wanted {plan.wants}, and {doubt}"),), False)
    return _made(candidate, value, ledger, (candidate.root,))


def unbent(candidate: Candidate, value: object, text: str) -> Fit:
    """Take the value of a candidate as it stands."""
    repairs = (*located(candidate, text), *candidate.mends)
    cost = candidate.cost + _PLACE[candidate.origin]
    return Fit(candidate, value, repairs, cost, candidate.complete, (candidate.root,))


def gather(candidates: list[Candidate], plan: Listing, text: str, *, partial: bool) -> Fit | Misfit | None:
    """Read several values that stand apart in the text as the items of one list; None when there are not several.

    An item that is broken is no reason to lose it: then there is no list. One that was cut off is left out, on record.
    """
    ledger = Ledger(text, partial=partial)
    values: list[object] = []
    taken: list[Candidate] = []
    broken: Misfit | None = None
    for candidate in sorted(candidates, key=lambda c: (c.root.start, -c.root.end)):
        if candidate.origin == "lines" or (taken and candidate.root.start < taken[-1].root.end):
            continue
        ledger.trail.append(len(values))
        item = attempt(plan.item, candidate.root, ledger)
        if item is not None and item.cost < 10 and (partial or not _doubt(candidate, plan.item, text)):
            values.append(ledger.replay(item))
            taken.append(candidate)
        elif akin(plan.item, candidate.root) and not is_draft(text, candidate.root):
            if candidate.complete:
                broken = broken or Misfit(candidate, ledger.problems(), False)
            elif taken:
                ledger.cut = True
                ledger.bend("cut", candidate.root, "left out", 5)
        ledger.trail.pop()
    if broken is not None or len(taken) < (1 if ledger.cut else 2):
        return broken if taken else None
    roots = tuple(candidate.root for candidate in taken)
    ledger.bend(
        "gathered", Node("array", list(roots), roots[0].start, roots[-1].end), f"a list of {len(roots)}", 3, before=""
    )
    mends = tuple(mend for candidate in taken for mend in candidate.mends)
    all_of_them = Candidate(roots[0], "lines", mends, sum(c.cost for c in taken), all(c.complete for c in taken))
    return _made(all_of_them, values, ledger, roots)


def _made(candidate: Candidate, value: object, ledger: Ledger, nodes: tuple[Node, ...]) -> Fit:
    cost = candidate.cost + ledger.cost + _PLACE[candidate.origin]
    complete = candidate.complete and not ledger.cut
    repairs = (*located(candidate, ledger.text), *candidate.mends, *ledger.repairs)
    return Fit(candidate, value, repairs, cost, complete, nodes)


def located(candidate: Candidate, text: str) -> tuple[Repair, ...]:
    """Record where in the text the value was found, unless it is the text."""
    root, origin = candidate.root, candidate.origin
    if origin == "strict" and root.kind in ("object", "array") and text[root.start] not in "{[":
        return (Repair("decoded", "$", (root.start, root.end), "a string", root.kind, 2),)
    if origin == "text" or (not candidate.outside and origin in ("strict", "span")):
        return ()
    return (Repair("found", "$", (root.start, root.end), "", _FOUND[origin], _PLACE[origin]),)


def _doubt(candidate: Candidate, plan: Plan, text: str) -> str:
    """Say why a value is a mere mention or example in a text that does not answer, `""` when it is none."""
    root, outside = candidate.root, candidate.outside
    items = root.value if isinstance(root.value, list) else []
    one_line = candidate.origin == "pairs" and len(items) < 2
    named = root.kind == "object" and "object" in plan.kinds and not isinstance(plan, Map)
    if is_instead(text, root.start):
        return "the text declines to answer, and shows an example"
    if candidate.doubtful and not knows(plan, root):
        return "what looks like a value here may be something else"
    if candidate.origin not in _LOOSE or (named and not one_line) or root.kind not in ("array", "object"):
        return ""
    if one_line and isinstance(plan, Map):
        return "one line with a colon is no object"
    if candidate.origin == "span" and any(letter.isalpha() for letter in outside):
        if not items and (len(outside) > _ASIDE or _TICKED(text, root.end)):
            return "these empty brackets are an aside"
        if len(items) == 1 and root.kind == "array" and items[0].kind == "number":
            return "this is a reference or an index"
        if "bare" in plan.kinds | _inner(plan) and _only_words(root):
            return "these brackets stand around words of a sentence"
    broken = candidate.cost > 2 + (root.end - root.start) / 20
    after = text[root.end :]
    before = text[: root.end] if broken or candidate.origin == "pairs" else f"{text[: root.start]} …"
    around = before if len(items) > 1 and is_courtesy(after) else f"{before} {after}"
    return "the text around this declines to answer" if declines(around) else ""


def _inner(plan: Plan) -> frozenset[Kind]:
    return plan.item.kinds if isinstance(plan, Listing) else plan.values.kinds if isinstance(plan, Map) else frozenset()


def _only_words(node: Node) -> bool:
    """Tell brackets around mere words, as prose has them."""
    items = node.value if isinstance(node.value, list) else []
    values = [item[1] for item in items] if node.kind == "object" else items
    return bool(values) and all(value.kind == "bare" for value in values)
