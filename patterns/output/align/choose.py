"""From candidates to the one reading: the least bent that validates, or an error that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar, cast

from patterns.errors import Invalid
from patterns.exchange import Repair
from patterns.messages import Json
from patterns.output.align.contrast import shown, undecided
from patterns.output.align.evidence import Meant, meant
from patterns.output.align.fitting import Fit, Misfit, fit, gather
from patterns.output.align.lists import Listing
from patterns.output.align.plan import Plan
from patterns.output.align.prose import read_prose
from patterns.output.align.reasons import why_not
from patterns.output.align.rivals import overlap
from patterns.output.align.texts import Text
from patterns.output.tree import Candidate, Node

T = TypeVar("T")

_MOST: Final = 48
"""Candidates that are looked at; a text with more of them is no answer."""
_RESHAPED: Final = frozenset({"unwrapped", "implied key", "list for one", "one for a list"})


def choose(
    text: str, candidates: Sequence[Candidate], plan: Plan, accept: Callable[[Json], T], *, partial: bool = False
) -> tuple[Fit, T]:
    """Take the least bent reading that `accept` validates, with what it made of it.

    Raises `Unreadable`, `Invalid` or `Truncated`.
    """
    found = [candidate for candidate in candidates[:_MOST] if candidate.origin != "text"]
    tried = [fit(candidate, plan, text, partial=partial) for candidate in found]
    fits = [one for one in tried if isinstance(one, Fit)]
    misfits = [one for one in tried if isinstance(one, Misfit)]
    fits = _outermost(fits)
    if isinstance(plan, Listing) and len(found) > 1 and not any(_is_list(one, found) for one in fits):
        several = gather(found, plan, text, partial=partial)
        if several is not None:
            fits, misfits = ([several], misfits) if isinstance(several, Fit) else ([], [several, *misfits])
    if not fits or isinstance(plan, Text) or "bare" in plan.kinds:
        prose = read_prose(text, candidates, plan, partial=partial)
        if isinstance(prose, Fit):
            fits.append(prose)
        else:
            misfits.append(prose)
    return settled(text, fits, misfits, accept)


def _outermost(fits: list[Fit]) -> list[Fit]:
    """Leave out what is merely a part of another reading, where that is the whole without a bend of its shape."""
    wholes = [one for one in fits if one.candidate.origin == "pairs" or one.candidate.notation]
    wholes = [one for one in wholes if _RESHAPED.isdisjoint([mend.kind for mend in one.repairs if mend.path == "$"])]
    if not wholes or len(fits) < 2:
        return fits
    return [one for one in fits if not any(_is_inside(one.nodes[0], whole.nodes[0]) for whole in wholes)]


def _is_inside(node: Node, whole: Node) -> bool:
    return whole.start <= node.start and node.end <= whole.end and (node.end - node.start) < (whole.end - whole.start)


def _is_list(one: Fit, found: Sequence[Candidate]) -> bool:
    """Tell a reading of a list that is all there; what stands in a row may have lost its last item."""
    if one.candidate.origin != "lines":
        return one.candidate.root.kind == "array"
    end = one.candidate.root.end
    return one.complete and all(other.complete or other.root.start < end for other in found)


def settled(text: str, fits: Sequence[Fit], misfits: Sequence[Misfit], accept: Callable[[Json], T]) -> tuple[Fit, T]:
    """Take the first of the fits, by cost, that validates and has no rival.

    Raises `Unreadable`, `Invalid` or `Truncated`.
    """
    refused: list[Invalid] = []
    valid: list[tuple[Fit, T]] = []
    for one in sorted(fits, key=_cost) if len(fits) > 1 else fits:
        if valid and (
            one.value == valid[0][0].value or one.cost > valid[0][0].cost + 1 or _same_place(one, valid[0][0])
        ):
            continue
        try:
            valid.append((one, accept(cast("Json", one.value))))
        except Invalid as error:
            refused.append(error)
    if not valid:
        raise why_not(fits, misfits, refused)
    return valid[0] if len(valid) == 1 else _decided(text, valid)


def _cost(one: Fit) -> float:
    return one.cost


def _decided(text: str, valid: list[tuple[Fit, T]]) -> tuple[Fit, T]:
    """Choose among readings that stand at different places and cost about the same.

    Raises `Invalid` where nothing in the text tells which is the answer.
    """
    left: list[tuple[Fit, T]] = []
    passed: list[Fit] = []
    for pair in sorted(valid, key=lambda pair: pair[0].nodes[0].start):
        said = [meant(text, other[0], pair[0]) for other in left]
        if Meant.FIRST in said:
            passed.append(pair[0])
            continue
        passed += [other[0] for other, which in zip(left, said, strict=True) if which is Meant.LATER]
        left = [other for other, which in zip(left, said, strict=True) if which is not Meant.LATER]
        left.append(pair)
    if len(left) > 1:
        raise undecided(left[0][0].value, left[1][0].value)
    best, output = left[0]
    return replace(best, repairs=(*best.repairs, *(_several(other, best) for other in passed))), output


def _several(passed: Fit, best: Fit) -> Repair:
    node = passed.nodes[0]
    return Repair("several", "$", (node.start, node.end), shown(passed.value), shown(best.value), 10)


def _same_place(one: Fit, other: Fit) -> bool:
    return any(overlap(a, b) for a in one.nodes for b in other.nodes)
