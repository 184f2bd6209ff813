"""The ways from a text to a value of a type, the strictest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic_core import to_json

from patterns.errors import Invalid, Truncated, Unreadable
from patterns.exchange import Repair
from patterns.messages import Format, Json
from patterns.output.align.choices import Choice
from patterns.output.align.choose import choose, settled
from patterns.output.align.compile import plan_of
from patterns.output.align.fitting import located, unbent
from patterns.output.align.ledger import MISS
from patterns.output.align.plan import Plan
from patterns.output.align.rivals import is_instead
from patterns.output.align.straight import lone, straight
from patterns.output.drafts import ABSENT, draft_of
from patterns.output.formats import READERS
from patterns.output.quick import quickly
from patterns.output.reading import Leniency, Reading
from patterns.output.scan import best, scan, to_value
from patterns.output.schema.digits import has_fraction
from patterns.output.shape import Shape, shape_of
from patterns.output.sound import all_defaults, as_it_stands
from patterns.output.tree import Candidate

T = TypeVar("T")


def read_json(text: str, shape: Shape[T], repair: Leniency, *, partial: bool = False) -> Reading[T]:
    """Read a JSON answer: as it stands, in its frame, and then by scanning and aligning it."""
    if (sound := as_it_stands(text, shape, repair)) is not None:
        return sound
    return read_unsound(text, shape, repair, partial=partial)


def read_unsound(text: str, shape: Shape[T], repair: Leniency, *, partial: bool = False) -> Reading[T]:
    """Read a JSON answer that is known not to be one as it stands."""
    if repair == "align" and shape.fractions == "both" and has_fraction(text):
        return by_scanning(text, shape, partial=partial)
    plan = plan_of(shape.schema)
    read = quickly(text, shape, plan, bend=repair == "align", partial=partial)
    return by_scanning(text, shape, repair, partial=partial) if read is None else read


def by_scanning(
    text: str, shape: Shape[T], repair: Leniency = "align", *, partial: bool = False, quick: bool = True
) -> Reading[T]:
    """Read a JSON answer by scanning and aligning it: the way that weighs every reading there is.

    Without `quick`, the one value of a text is weighed as well, though it has no rival.
    """
    candidates = scan(text, partial=partial)
    if not shape.schema:
        return _untyped(text, shape, candidates)
    if repair == "syntax":
        return _unbent(text, shape, candidates)
    plan = plan_of(shape.schema)
    if quick and not partial and (plain := _straight(text, shape, plan, candidates)) is not None:
        return plain
    fit, output = choose(text, candidates, plan, _accepting(shape), partial=partial)
    return Reading(output, fit.repairs, fit.complete, text, fit.nodes)


def _straight(text: str, shape: Shape[T], plan: Plan, candidates: Sequence[Candidate]) -> Reading[T] | None:
    """Take the one value in a text that is of the type once its syntax is mended: there is nothing to weigh.

    Numbers are floats here, so that a type that keeps all digits is left to the plans.
    """
    found = lone(candidates, plan) if shape.fractions == "floats" else None
    if found is None or is_instead(text, found.root.start) or (value := straight(found.root)) is MISS:
        return None
    taken = _taken(shape, value)
    if taken is None or all_defaults(taken[0]):
        return None
    return Reading(taken[0], (*located(found, text), *found.mends), True, text, (found.root,))


def _taken(shape: Shape[T], value: object) -> tuple[T] | None:
    """Check a value by way of JSON text, which is much faster where it fits; None where it does not."""
    try:
        return shape.take_json(to_json(value, inf_nan_mode="constants").decode())
    except ValueError:
        return None


def _accepting(shape: Shape[T]) -> Callable[[Json], T]:
    """Give the check of a read value: by way of JSON text where that tells all, for it is much faster."""

    def accept(value: Json) -> T:
        taken = _taken(shape, value)
        return shape.validate(value) if taken is None else taken[0]

    return accept


def read_so_far(text: str, into: object, repair: Leniency) -> Reading[Any]:
    """Read the beginning of an answer: as a whole value where it is one, and else as an unfinished one."""
    try:
        return read_json(text, shape_of(into), repair, partial=True)
    except (Invalid, Truncated):
        found = best(scan(text, partial=True))
        made = ABSENT if found is None else draft_of(into).make(found.root)
        if made is ABSENT or found is None:
            raise
        return Reading(made, found.mends, False, text, (found.root,))


def read_words(text: str, shape: Shape[T], format: Format, language: str) -> Reading[T]:
    """Read an answer that is no JSON: the words of it, then those under the type."""
    plan = plan_of(shape.schema)
    options = [value for value in plan.values if isinstance(value, str)] if isinstance(plan, Choice) else []
    words = READERS[format](text, options, language)
    refused: Invalid | None = None
    for value in words.values:
        try:
            return Reading(shape.validate(value), words.repairs, words.complete, text)
        except Invalid as error:
            refused = refused or error
    said = words.values[0]
    if format != "answer" or not isinstance(said, str):
        raise refused or Unreadable("The text holds no value")
    fit, output = choose(said, scan(said), plan, shape.validate)
    at = text.find(said)
    return Reading(output, (*words.repairs, *(_moved(mend, at) for mend in fit.repairs)), fit.complete, text)


def _moved(mend: Repair, by: int) -> Repair:
    """Count the place of a mend from the start of the text; nowhere when the words are not in it as they are."""
    span = None if mend.span is None or by < 0 else (mend.span[0] + by, mend.span[1] + by)
    return replace(mend, span=span)


def _untyped(text: str, shape: Shape[T], candidates: list[Candidate]) -> Reading[T]:
    """Read a text without a type: the value that the scanner holds for the best."""
    found = best(candidates)
    if found is None:
        raise Unreadable("The text holds no value", hint="ask for JSON, or give a type to read into")
    output = _accepting(shape)(to_value(found.root))
    return Reading(output, (*located(found, text), *found.mends), found.complete, text, (found.root,))


def _unbent(text: str, shape: Shape[T], candidates: list[Candidate]) -> Reading[T]:
    """Take the candidate that is of the type as it stands; only its syntax may have been mended."""
    fits = [unbent(candidate, to_value(candidate.root), text) for candidate in candidates]
    if not fits:
        raise Unreadable("The text holds no value", hint="repair='align' reads more")
    fit, output = settled(text, fits, (), lambda value: _strictly(shape, value))
    return Reading(output, fit.repairs, fit.complete, text, fit.nodes)


def _strictly(shape: Shape[T], value: Json) -> T:
    """Check a read value with nothing bent or dropped. Raises `Invalid`."""
    try:
        written = to_json(value, inf_nan_mode="constants").decode()
    except ValueError:  # half of a pair of surrogates: no JSON text holds it
        return shape.validate(value)
    return shape.parse_json(written)
