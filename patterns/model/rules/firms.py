"""Names of companies, where people work, and where somebody or something is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.model.rules.callings import is_job
from patterns.model.rules.found import CUED, Found
from patterns.model.rules.lazy import Regex
from patterns.model.rules.passage import Passage

_UP = "A-ZÀ-ÖØ-ÞŠŽĆČŁŚ"
_CAPS = rf"(?:St\.[ \t])?[{_UP}][\w&'’-]*(?:[ \t]+(?:(?:of|de|&|und|and|am|upon)[ \t]+)?[{_UP}][\w&'’-]*){{0,4}}"
"""A run of capitalised words, little words between them."""
_SUFFIX = (
    r"(?:GmbH(?: & Co\.? KG)?|AG|SE|KG|UG|OHG|Ltd|Limited|Inc|Incorporated|LLC|LLP|Corp|Corporation|PLC|plc|Pty Ltd"
    r"|S\.A\.|S\.r\.l\.|SARL|SAS|B\.V\.|BV|NV|Oy|AB|AS|ApS|A/S|Co)"
)
_COMPANY = Regex(
    rf"(?<![\w@.])(?P<company>[{_UP}\d][\w&'’-]*(?:[ \t]+(?:(?:&|and|of|für|und|de|the)[ \t]+)?[{_UP}\d][\w&'’-]*)"
    rf"{{0,5}},?[ \t]+{_SUFFIX}\b\.?(?!\w))"
)
_EMPLOYED = Regex(
    r"\b(?:works? (?:at|for|with)|worked (?:at|for)|working (?:at|for)|employed (?:at|by)|joined|employee (?:at|of)"
    rf"|(?<![\w-])(?P<job>[\w-]{{1,30}}) at) (?:the )?(?P<company>{_CAPS})"
)
_PLACE = Regex(
    r"\b(?P<how>(?:lives?|lived|living|based|located|resides?|residing|headquartered|born|grew up"
    r"|(?:offices?|headquarters)(?: is| are)?) in|comes from)"
    rf" (?:the )?(?P<place>{_CAPS}(?:, {_CAPS})?)"
)
_FROM = Regex(rf"(?<![\w-])(?P<job>[^\W\d_][\w-]{{0,30}})(?: who is)? (?:from|in) (?P<place>{_CAPS}(?:, {_CAPS})?)")
_LEADING = frozenset(
    {"The", "Our", "Your", "Dear", "At", "From", "To", "For", "With", "By", "And", "In", "This", "Hello"}
)
"""Capitalised words at the start of a sentence that are no part of a name."""


def places(passage: Passage) -> Iterator[Found]:
    """Where somebody lives or something is."""
    for pattern in (_PLACE, _FROM):
        for match in pattern.finditer(passage.text, passage.start, passage.end):
            if pattern is _FROM and not is_job(match["job"]):
                continue
            end = match.end("place")
            while passage.text[end - 1] in ".,'":
                end -= 1
            sure = CUED - 0.1 if pattern is _PLACE and match["how"] == "born in" else CUED
            yield Found(passage.text[match.start("place") : end], match.start("place"), end, sure)


def companies(passage: Passage) -> Iterator[Found]:
    """Names that end as companies' names do."""
    for match in _COMPANY.finditer(passage.text, passage.start, passage.end):
        name = match["company"]
        while name.split()[0] in _LEADING and len(name.split()) > 2:
            name = name.split(maxsplit=1)[1]
        end = _without_stop(passage.text, match.end("company"))
        yield Found(passage.text[match.end("company") - len(name) : end], match.end("company") - len(name), end, CUED)


def _without_stop(text: str, end: int) -> int:
    """Where the name ends when its last dot is also the end of the sentence."""
    return (
        end - 1
        if text[end - 1] == "." and not re.match(r"[ ,]+[a-z(]|,", text[end : end + 3]) and text[end - 3] != "."
        else end
    )


def employers(passage: Passage) -> Iterator[Found]:
    """Where somebody is said to work."""
    for match in _EMPLOYED.finditer(passage.text, passage.start, passage.end):
        if match["job"] and not is_job(match["job"]):
            continue
        start, end = match.span("company")
        suffixed = _COMPANY.match(passage.text, start, passage.end)
        if suffixed:
            end = _without_stop(passage.text, suffixed.end())
        while passage.text[end - 1] in ".,'" and not suffixed:
            end -= 1
        yield Found(passage.text[start:end], start, end, CUED)


def names_company(passage: Passage, start: int) -> bool:
    """Whether the words that begin here are the name of a company."""
    return bool(_COMPANY.match(passage.text, start, passage.end))
