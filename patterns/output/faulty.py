"""What could be read of an answer that breaks its type, and every place where it does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, cast

from pydantic_core import from_json

from patterns.errors import Invalid, Problem
from patterns.exchange import Repair
from patterns.messages import Json
from patterns.output.align.compile import plan_of
from patterns.output.align.halfway import halfway
from patterns.output.align.ledger import Ledger
from patterns.output.align.plan import Plan
from patterns.output.align.rivals import is_instead, overlap
from patterns.output.reading import Leniency
from patterns.output.scan import scan, to_value
from patterns.output.shape import Shape
from patterns.output.tree import Candidate

_SURE: Final = ("strict", "fence", "tag", "tool", "span")
"""Where a value stands that may be patched: what was put together of lines was too much of a guess already."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A JSON value under the names of its type, what is wrong with it, and the mends of what is right."""

    value: Json
    problems: tuple[Problem, ...]
    mends: tuple[Repair, ...] = ()


def faulty(text: str, shape: Shape[Any], repair: Leniency) -> Faulty | None:
    """Read an answer as far as it goes. None when there is no one value in it, or nothing wrong with that."""
    if repair != "align" and shape.fractions != "floats":
        return None  # digits would be lost on the way through a float
    found = _strict(text) if repair == "none" else _lenient(text, shape, repair)
    if found is None:
        return None
    try:
        shape.validate(found.value)
    except Invalid as error:
        return replace(found, problems=error.errors)
    return None


def _strict(text: str) -> Faulty | None:
    try:
        return Faulty(cast("Json", from_json(text, allow_inf_nan=False)), ())
    except ValueError:
        return None


def _lenient(text: str, shape: Shape[Any], repair: Leniency) -> Faulty | None:
    plan = plan_of(shape.schema)
    only = _only(text, plan)
    if only is None:
        return None
    if repair == "syntax":
        return Faulty(to_value(only.root), (), tuple(map(_nowhere, only.mends)))
    ledger = Ledger(text, size=8 * len(text))
    value = halfway(plan, only.root, ledger)
    return Faulty(cast("Json", value), (), tuple(map(_nowhere, (*only.mends, *ledger.repairs))))


def _only(text: str, plan: Plan) -> Candidate | None:
    """Give the one whole object or list in a text that the type can mean; None where there are rivals."""
    kinds = plan.kinds & {"object", "array"}
    fitting = [one for one in scan(text) if one.origin in _SURE and one.root.kind in kinds and one.complete]
    if not fitting or any(not overlap(fitting[0].root, other.root) for other in fitting[1:]):
        return None
    return None if is_instead(text, fitting[0].root.start) else fitting[0]


def _nowhere(mend: Repair) -> Repair:
    """Take the place in the text from a mend: the text that is read in the end will be another."""
    return replace(mend, span=None)
