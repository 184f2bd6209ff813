"""Quick ways for the answers that leave nothing to weigh: each gives up at any doubt, and leaves the rest to a scan."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from pydantic_core import to_json

from patterns.exchange import Repair
from patterns.output.align.choices import Choice
from patterns.output.align.declines import declines
from patterns.output.align.figures import Figure
from patterns.output.align.lists import Listing
from patterns.output.align.maps import Map
from patterns.output.align.plan import Plan
from patterns.output.align.records import Record
from patterns.output.align.rivals import is_instead
from patterns.output.light import Draft, mended
from patterns.output.reading import Reading
from patterns.output.scan.words import LITERALS, number_of
from patterns.output.shape import Shape

T = TypeVar("T")

_FRAME = re.compile(r"\s*(?:```\w*\s*)?").fullmatch
_TAIL = re.compile(r"\s*(?:```|[,;])?\s*").fullmatch
"""What may stand before, and behind, a list that is the whole answer."""
_TAGS: Final = frozenset("<[◁")
"""Signs that tags begin with: what stands behind one may be a thought."""
_LETTER = re.compile(r"[^\W\d_]").search


def nearly_sound(text: str, shape: Shape[T], plan: Plan, *, partial: bool = False) -> Reading[T] | None:
    """Take the one value in a text that is sound, or lightly damaged, but for what stands around it."""
    bounds = _bounds(text, plan)
    if bounds is None:
        return None
    start, end, cut = bounds
    if start and is_instead(text, start):
        return None
    inside = start or end < len(text)
    if inside and not cut and (taken := shape.take_json(text[start:end])) is not None:
        draft = Draft(text, start, end)
    else:
        light = mended(text, start, end, cut=cut and not partial)
        if light is None or (taken := shape.take_json(light[0])) is None:
            return None
        draft = light[1]
        if not isinstance(plan, Record) and _doubtful(draft):
            return None
    if all_defaults(taken[0]):
        return None
    return Reading(taken[0], draft.account, draft.complete, text)


def _bounds(text: str, plan: Plan) -> tuple[int, int, bool] | None:
    """Where the one object or list of a text stands, if there can be only one, and whether its end may be missing."""
    if isinstance(plan, Record):
        start, end = text.find("{"), text.rfind("}") + 1
        if start < 0 or (start and not _TAGS.isdisjoint(text[:start])):
            return None
        if end <= start or _is_open(text):
            return start, len(text), True
        return start, end, False
    if isinstance(plan, (Listing, Map)):
        opening, closing = "[]" if isinstance(plan, Listing) else "{}"
        start, end = text.find(opening), text.rfind(closing) + 1
        if start < 0 or (start and not _FRAME(text[:start])):
            return None
        if end <= start or _is_open(text):
            return start, len(text), True
        return (start, end, False) if end == len(text) or _TAIL(text[end:]) else None
    return None


def _is_open(text: str) -> bool:
    """Tell a text in which more brackets open than close."""
    count = text.count
    return count("{") > count("}") or count("[") > count("]")


def _doubtful(draft: Draft) -> bool:
    """Tell a value that is much bent, in which words may decline to answer."""
    if draft.cost <= 2 + (draft.end - draft.start) / 20:
        return False
    said = draft.text[: draft.end]
    return _LETTER(said) is not None and declines(said)


def all_defaults(value: object) -> bool:
    """Tell a model that took nothing from the text."""
    given = getattr(value, "model_fields_set", None)
    return isinstance(given, (set, frozenset)) and not given and bool(getattr(type(value), "model_fields", None))


_WORDS: Final = re.compile(r"[^\W\d][^\n\r:：{}\[\]()<>\"'`“~|]{0,199}+").fullmatch
"""A text that is nothing but words: no value, fence, tag, or line of a list can stand in it."""
_NUMERAL: Final = re.compile(r"[-+−$€£¥₹.\d][-+−$€£¥₹.,/%\w \u00a0\u202f]{0,40}+").fullmatch
"""A text that may be a number, and can be nothing with brackets or lines."""
_MARKS: Final = "\ufeff\u200b\x00 \t\r\n"


def named(text: str, shape: Shape[T], plan: Choice) -> Reading[T] | None:
    """Take the value that the whole text names."""
    said = text.strip()
    if _WORDS(said) is None or said in LITERALS or (found := plan.named(said)) is None:
        return None
    value, cost = found
    mends = (Repair("enum", "$", (0, len(text)), said[:60], str(value)[:60], cost),) if cost else ()
    return _checked(text, shape, value, mends)


def figured(text: str, shape: Shape[T], plan: Figure) -> Reading[T] | None:
    """Take the number that the whole text is."""
    said = text.strip(_MARKS)
    if _NUMERAL(said) is None:
        return None
    value = number_of(said)
    if value is not None:
        fits = not plan.exact and (type(value) is int or not plan.whole)
        return _checked(text, shape, value, ()) if fits else None
    said = text.strip()
    value = plan.spelled(said)
    if value is None:
        return None
    mends = (Repair("number", "$", (0, len(text)), said[:60], str(value)[:60], 1.0),)
    return _checked(text, shape, str(value) if plan.exact else value, mends)


def _checked(text: str, shape: Shape[T], value: object, mends: tuple[Repair, ...]) -> Reading[T] | None:
    taken = shape.take_json(to_json(value, inf_nan_mode="constants").decode())
    return None if taken is None else Reading(taken[0], mends, True, text)
