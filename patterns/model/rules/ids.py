"""Numbers and codes that name a thing: `invoice 7`, `Order #10234`, `ticket ABC-123`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.model.rules.evidence import Evidence, inside
from patterns.model.rules.fields import Field
from patterns.model.rules.found import Found
from patterns.model.rules.vocabulary import vocabulary

_CODE = re.compile(
    r"(?:\d{2,4}(?: \d{2,4}){1,5}|(?:[A-Z]{1,8}[-/_.]?)?(?=[\w/-]{0,60}\d)[A-Za-z0-9]{1,24}(?:[-/_][A-Za-z0-9]{1,24})"
    r"{0,6})"
    r"(?![\w@%]|[.,:]\d)"
)
_GLUE = re.compile(r"[\w.,/@$€£+-]")
_FOLLOWERS = vocabulary(
    """
    since when after before during because while if shows appears occurred
        is was are has had cost costs for from to of on and at with will which that dated due placed shipped by in
    totals total amounting over as arrived contains needs should must can cannot failed, again but or
    """
)
_MARKED = re.compile(r"(?:#|№|\b(?:no|nr|number|num|id|code|ref|reference|nummer)\b[.:]?)\s*[\"'(]?$", re.IGNORECASE)
_LONG = 4
"""Digits from which a number counts nothing, unless a plural follows."""
_VERSION = re.compile(r"(?<![\w.])v?\d{1,4}(?:\.\d{1,5}){1,4}(?:[-+.]?[A-Za-z0-9]{1,12}){0,3}(?!\w)")
_NEXT = re.compile(r"\s([a-zäöüéß]+)")


def codes(field: Field, evidence: Evidence, *, labelled: bool = False) -> Iterator[Found]:
    """What can be an identifier. In prose a bare number must not be counting something."""
    passage = evidence.passage
    taken = sorted([(w.start, w.end) for w in evidence.dates] + [(m.start, m.end) for m in evidence.money])
    pattern = _VERSION if "version" in field.words else _CODE
    for match in pattern.finditer(passage.text, passage.start, passage.end):
        if inside(match.start(), taken) or inside(match.end() - 1, taken):
            continue
        text = match.group()
        if passage.glued(match.start(), _GLUE):
            continue
        if not any(c.isdigit() for c in text) or (not labelled and _counts(passage.text, match)):
            continue
        if field.type == "string":
            yield Found(text, *match.span(), 1.0)
        elif text.isdigit() and len(text) <= 18:
            yield Found(int(text), *match.span(), 1.0)


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a bare number stands before what it counts: `order 2 coffees`."""
    if not match.group().replace(" ", "").isdigit() or _MARKED.search(text, max(0, match.start() - 14), match.start()):
        return False
    following = _NEXT.match(text, match.end())
    if following is None or following[1] in _FOLLOWERS:
        return False
    return len(match.group()) < _LONG or following[1].endswith("s")
