"""Signs that are one too many, or stand for nothing: commas before a bracket, comments, dots, odd blanks."""

from __future__ import annotations

import re

from patterns.output.light.draft import Draft
from patterns.output.scan.elisions import elides

_TRAILING = re.compile(r",(?=\s*+[}\]])").match
_MORE = re.compile(r",\s*+(\.{3,}+|…)(?:(\s*+,)(?=\s*+[\d\"{\[])|(?=\s*+[}\]]))").match
"""A comma and dots: the dots stand for further items, which nobody wrote."""
_COMMENT = re.compile(r"//[^\n]*+(?=\n)|\#(?:\s[^\n]*+)?(?=\n)|/\*[^*]*+\*/").match
_LAST = re.compile(r"(?://|/\*|\#\s)[^\n\"']*+\Z").match
_BLANKS = re.compile(r"[ \t\r\n]*+").match
_KEY = re.compile(r'"[\w $.-]{1,60}+"\s*+:').match
_BLANK = re.compile(r"[\s\x00\ufeff\u200b-\u200d\u2060]++").match
_NOTHING = frozenset("{[,")
"""Signs behind which a comma parts nothing from anything."""


def comma(draft: Draft, at: int) -> int:
    """Write a comma only where something comes after it; give where it ends, -1 in doubt."""
    text, end = draft.text, draft.end
    if draft.before() in _NOTHING:
        draft.mends.append(("extra comma", at, at + 1, ""))
        return at + 1
    if _TRAILING(text, at, end):
        draft.mends.append(("trailing comma", at, at + 1, ""))
        return at + 1
    if found := _MORE(text, at, end):
        draft.mends.append(("ellipsis", *found.span(1), ""))
        draft.complete = False
        if found[2]:
            draft.pieces.append(",")
        return found.end()
    draft.pieces.append(",")  # before a comment: whether it is one too many shows after it
    return at + 1


def closer(draft: Draft, at: int) -> int:
    """Write a closing bracket, and the comma that is missing behind it; give where it ends, -1 in doubt."""
    text = draft.text
    past = _BLANKS(text, at + 1, draft.end).end()  # type: ignore[union-attr]
    draft.pieces.append(text[at])
    around = draft.opened()[-1:]
    if around == ["["] or (around == ["{"] and _KEY(text, past)):
        draft.pieces.append("," + text[at + 1 : past])
        draft.mends.append(("missing comma", past, past, ","))
        return past
    return -1


def comment(draft: Draft, at: int) -> int:
    """Leave a comment out; give where it ends, -1 in doubt."""
    text, end = draft.text, draft.end
    found = _COMMENT(text, at, end) or (_LAST(text, at, end) if draft.cut else None)
    if found is None or elides(found[0]):
        return -1
    draft.mends.append(("comment", at, found.end(), ""))
    return found.end()


def blank(draft: Draft, at: int) -> int:
    """Write a plain blank for one that JSON does not know; give where it ends, -1 where there is none."""
    found = _BLANK(draft.text, at, draft.end)
    if found is None:
        return -1
    draft.pieces.append(" ")
    return found.end()
