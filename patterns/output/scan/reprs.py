"""Values as Python prints them: calls of classes, fields without a class, the constants and containers in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from patterns.output.scan.notation import written_in
from patterns.output.scan.python_text import SIGN, Rewritten
from patterns.output.scan.reader import Reader
from patterns.output.tree import Candidate, Noted

_BARE = re.compile(r"[A-Za-z_]\w{0,80}+=(?:[\"'\[{(\d<-]|None\b|True\b|False\b|[A-Z][\w.]{0,80}+\()[^\n]*+").match
_NEXT = re.compile(r"[\"'\])}\w>] [A-Za-z_]\w{0,80}+=").search
_LEAD = re.compile(r"\s*+(?:```(?:python|py|text)?+\s*+)?+(?:<[A-Z]\w{0,80}+[ \t(])?+").match
_FRAME = re.compile(r"(?:[`~]{3,}+(?:python|py|text)?+|[\s.;:>)*_])*+").fullmatch
"""What may stand around a value that is all of an answer."""
_OPENING = re.compile(r"[`~]{3,}\w*+\s*+(?:[A-Za-z_]\w*+\s*+(?::[^=\n]++)?=\s*+|print\()?\Z").search
_VERB = re.compile(r"(?!dict\b|array\b|namedtuple\b)(?:\w+\.)*[a-z]\w*\(").match
"""A call of what is no class, which may do anything."""
_NEAR = 200
_USUAL = frozenset({"unquoted key", "quotes", "literal", "trailing comma", "tuple", "implied object", "call"})
"""What is no damage in Python."""


def read_python(text: str, rescan: Callable[[str], list[Candidate]]) -> list[Candidate]:
    """Give the values that a text prints as Python does; `rescan` finds those in a text that was rewritten in place."""
    lead = _LEAD(text)
    start = lead.end() if lead else 0
    fields = _BARE(text, start)
    if fields is not None and _NEXT(text, start, fields.end()):
        return _fields(text, *fields.span())
    if SIGN(text) is None:
        return []
    rewritten = Rewritten(text)
    if rewritten.spans[0] == (start, len(text.rstrip())):
        reader = Reader(rewritten.text, partial=False)
        if rewritten.text[start] == '"' and reader.string(start) is not None:
            return [told for found in reader.found if (told := _told(text, found, rewritten.spans))]
    return [one for found in rescan(rewritten.text) if (one := _told(text, found, rewritten.spans))]


def _fields(text: str, start: int, end: int) -> list[Candidate]:
    """Read the fields that a model prints on one line, without its name."""
    rewritten = Rewritten(text, end)
    rewritten.bare(start, end)
    reader = Reader(rewritten.text[:end].rstrip(" \t\r>`"), partial=False)
    if reader.members(start) is None:
        return []
    found = reader.found[-1]
    _, last = found.root.value[-1] if isinstance(found.root.value, list) and found.root.value else (None, found.root)
    last.complete |= last.kind in ("number", "bool", "null", "bare")  # the line ends here, and so does the value
    found.outside = (text[:start] + text[end:]).strip()
    told = _told(text, found, rewritten.spans)
    return [told] if told else []


def _told(text: str, found: Candidate, spans: list[tuple[int, int]]) -> Candidate | None:
    """Say of a candidate that it was read as Python; None for one that was not."""
    root = found.root
    at = bisect_left(spans, (root.start, 0))
    near = spans[max(0, at - 1) : at + 1]
    if not any(start < root.end and root.start < end for start, end in near):
        return None
    start = min([root.start, *(start for start, end in near if start <= root.start < end)])
    mends = [mend for mend in found.mends if mend.kind not in _USUAL]
    mends.insert(0, written_in("python", text, start, root))
    cost = sum(mend.cost for mend in mends)
    alone = _FRAME(found.outside) is not None or (found.origin == "fence" and _fills_fence(text, start, root.end))
    doubtful = not alone or (root.kind == "object" and _VERB(text, start) is not None)
    return Noted(root, found.origin, tuple(mends), cost, found.complete, found.outside, "python", doubtful)


def _fills_fence(text: str, start: int, end: int) -> bool:
    """Nothing but this value, and a name that it is assigned to, stands in the fence around it."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return _OPENING(before) is not None and after.lstrip(" \t\r\n)>")[:3] in ("```", "~~~", "")
