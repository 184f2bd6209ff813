"""Quick ways for the answers that leave nothing to weigh: each gives up at any doubt, and leaves the rest to a scan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from pydantic_core import to_json

from patterns.errors import Problem
from patterns.exchange import Repair
from patterns.output.align.choices import Choice
from patterns.output.align.declines import declines
from patterns.output.align.figures import Figure, Flag
from patterns.output.align.fitting import Misfit
from patterns.output.align.lists import Listing
from patterns.output.align.maps import Map
from patterns.output.align.plan import Plan
from patterns.output.align.reasons import why_not
from patterns.output.align.records import Record
from patterns.output.align.rivals import is_instead
from patterns.output.align.texts import Text
from patterns.output.light import Draft, mended
from patterns.output.reading import Reading
from patterns.output.scan.words import LITERALS, number_of
from patterns.output.shape import Shape
from patterns.output.sound import all_defaults
from patterns.output.tree import Candidate, Node

T = TypeVar("T")

_FRAME = re.compile(r"\s*(?:(?:[^`~<{\[]*\n)?```\w*\s*)?").fullmatch
_TAIL = re.compile(r"\s*(?:```|[,;])?\s*").fullmatch
_AFTER_FENCE = re.compile(r"\s*```[^`~<{\[]*|\s*").fullmatch
"""What may stand before, and behind, a list that is the whole answer."""
_TAGS: Final = frozenset("<[◁")
"""Signs that tags begin with: what stands behind one may be a thought."""
_LEAD = re.compile(r"(?:[^`~<]|`(?!``)|~(?!~~))*+(?:(?:```|~~~)\w*\s*)?").fullmatch
"""What may stand before an object: no tag, and at most one fence, right before it."""
_MENTION = re.compile(r"\{\w[\w ]{0,40}+\}").match
_NOTE = re.compile(r"\[\w[\w ]{0,20}+\]")
"""Words in brackets, as sentences have them."""
_LETTER = re.compile(r"[^\W\d_]").search


def quickly(text: str, shape: Shape[T], plan: Plan, *, bend: bool, partial: bool) -> Reading[T] | None:
    """Read an answer that leaves nothing to weigh; None for any other. Raises `Unreadable` for figures that are none.

    Without `bend`, only its syntax may be mended. With `partial`, the text may go on.
    """
    way = _IN_WORDS.get(type(plan))
    if way is None:
        return _nearly_sound(text, shape, plan, partial)
    return way(text, shape, plan) if bend and not partial else None


def _nearly_sound(text: str, shape: Shape[T], plan: Plan, partial: bool) -> Reading[T] | None:
    """Take the one value in a text that is sound, or lightly damaged, but for what stands around it."""
    bounds = _of_object(text) if isinstance(plan, Record) else _bounds(text, plan)
    if bounds is None:
        return None
    start, end, cut = bounds
    if cut and partial:
        return None
    if start and is_instead(text, start):
        return None
    inside = start or end < len(text)
    if inside and not cut and (taken := shape.take_json(text[start:end])) is not None:
        draft = Draft(text, start, end)
    else:
        light = mended(text, start, end, cut=cut, growing=partial, free=shape.free)
        if light is None or (taken := shape.take_json(light[0])) is None:
            return None
        draft = light[1]
        if not isinstance(plan, Record) and _doubtful(draft):
            return None
        if shape.fractions != "floats" and any(mend[0] == "number" for mend in draft.mends):
            return None  # a mended number is a float, and these keep the digits that were written
    if all_defaults(taken[0]):
        return None
    return Reading(taken[0], draft.account, draft.complete, text)


def _bounds(text: str, plan: Plan) -> tuple[int, int, bool] | None:
    """Where the one list or map of a text stands, if it is all of it, and whether its end may be missing."""
    if not isinstance(plan, (Listing, Map)):
        return None
    opening, closing = "[]" if isinstance(plan, Listing) else "{}"
    start, end = text.find(opening), text.rfind(closing) + 1
    if start < 0 or (start and not _FRAME(text, 0, start)):
        return None
    if end <= start or _is_open(text):
        return start, len(text), True
    tail = _AFTER_FENCE if "```" in text[:start] else _TAIL
    return (start, end, False) if end == len(text) or tail(text, end) else None


def _of_object(text: str) -> tuple[int, int, bool] | None:
    """Find the one object of a text, with no tags and no list around it; words in brackets are a mere mention."""
    start, end = text.find("{"), text.rfind("}") + 1
    while start > 0 and (mention := _MENTION(text, start)):
        start = text.find("{", mention.end())
    if start < 0 or (
        start and (not _LEAD(text, 0, start) or ("[" in text[:start] and "[" in _NOTE.sub("", text[:start])))
    ):
        return None
    if end <= start or _is_open(text[start:] if start else text):
        return start, len(text), True
    while end < len(text) and (mention := _MENTION(text, text.rfind("{", start, end))) and mention.end() == end:
        end = text.rfind("}", start, mention.start()) + 1
    return (start, end, False) if end > start else None


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


_WORDS: Final = re.compile(r"[^\W\d][^\n\r:：{}\[\]()<>\"'`“~|\\]{0,199}+").fullmatch
"""A text that is nothing but words: no value, fence, tag, or line of a list can stand in it."""
_NUMERAL: Final = re.compile(r"[-+−$€£¥₹.\d][-+−$€£¥₹.,/%\w \u00a0\u202f]{0,40}+").fullmatch
"""A text that may be a number, and can be nothing with brackets or lines."""
_MARKS: Final = "\ufeff\u200b\x00 \t\r\n"


def _named(text: str, shape: Shape[T], plan: Choice | Flag) -> Reading[T] | None:
    """Take the value that the whole text names, in quotes or not."""
    said = text.strip()
    in_quotes = said[:1] == '"' and said[-1:] == '"'
    start, end = (text.index(said), len(text.rstrip())) if in_quotes else (0, len(text))
    said = said[1:-1] if in_quotes else said
    if _WORDS(said) is None or (said in LITERALS and not in_quotes):
        return None
    if isinstance(plan, Flag):
        value: object = plan.named(said)
        cost = 1.0
        if value is None:
            return None
    elif (found := plan.named(said)) is not None:
        value, cost = found[0], max(found[1], 1.0 * in_quotes)
    else:
        return None
    kind = "flag" if isinstance(plan, Flag) else "enum"
    mends = (_bent(kind, text, (start, end), said, value, cost),) if cost else ()
    return _checked(text, shape, value, mends)


def _figured(text: str, shape: Shape[T], plan: Figure) -> Reading[T] | None:
    """Take the number that the whole text is, in quotes or not. Raises `Unreadable` for figures that are none."""
    said = text.strip(_MARKS)
    start, end = 0, len(text)
    if in_quotes := said[:1] == '"' and said[-1:] == '"':
        start, end = text.index('"'), text.rindex('"') + 1
        said = said[1:-1]
    if _NUMERAL(said) is None:
        return None
    value = None if in_quotes else number_of(said)
    if value is not None:
        fits = not plan.exact and (type(value) is int or not plan.whole)
        return _checked(text, shape, value, ()) if fits else None
    said = said if in_quotes else text.strip()
    spelled = None if plan.exact else plan.spelled(said)
    if spelled is not None:
        return _checked(text, shape, spelled, (_bent("number", text, (start, end), said, spelled, 1.0),))
    if in_quotes or plan.exact or _LETTER(said) or plan.stated(said) is not None:
        return None  # there is more to weigh
    problem = Problem("$", f"wanted {plan.wanted(said)}, found {said!r}")
    raise why_not((), (Misfit(Candidate(Node("bare", said, 0, end), "text"), (problem,), False),), ())


def _bent(kind: str, text: str, span: tuple[int, int], said: str, value: object, cost: float) -> Repair:
    """Tell of a value that stood there in other words, or only in quotes."""
    told = str(value)[:60]
    before = said if said != told else text[slice(*span)]
    return Repair(kind, "$", span, before[:60], told, cost)


def _worded(text: str, shape: Shape[T], plan: Text) -> Reading[T] | None:
    """Take a text of mere words for a text."""
    if _WORDS(text.strip()) is None or text.strip() in LITERALS:
        return None
    return _checked(text, shape, text, ())


def _checked(text: str, shape: Shape[T], value: object, mends: tuple[Repair, ...]) -> Reading[T] | None:
    try:
        taken = shape.take_json(to_json(value, inf_nan_mode="constants").decode())
    except ValueError:  # half of a pair of surrogates: no JSON text holds it
        return None
    return None if taken is None else Reading(taken[0], mends, True, text)


_IN_WORDS: Final[Mapping[type, Callable[..., Reading[Any] | None]]] = {
    Choice: _named,
    Flag: _named,
    Figure: _figured,
    Text: _worded,
}
"""The plans of values without brackets, and how they are read where such a value is the whole text."""
