"""Values torn out of a larger one that could not be read: the signs around them give them away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patterns.exchange import Repair
from patterns.output.scan.account import COSTS
from patterns.output.tree import Candidate

_OPEN = frozenset("[{")
_PARTING = frozenset(",:")
_ENDS = frozenset("\"'}]0123456789")
"""How a key or a value ends in JSON, and a word before a comma or colon does not."""
_AFTER = re.compile(r"\s*+(?:[}\]]|,\s*+[\"'{\[\d])").match
_GOES_ON = re.compile(r"\s{0,100}+[}\]]\s*+,\s*+[\"'{\[\w]").match
"""A bracket that nothing opened, and more behind it."""
_BETWEEN = re.compile(r"[\s,;]*+").fullmatch
_REACH = 200
"""Characters before a value in which the sign before it is looked for."""


def mark_torn(found: list[Candidate], text: str) -> None:
    """Mark, in place, the values that can only be a part of a larger one; a row of values is looked at as one."""
    if all(_sign(text, one.root.start) < 0 and not _GOES_ON(text, one.root.end) for one in found):
        return
    whole = [one for one in found if one.origin in ("span", "fence") and one.root.kind in ("object", "array")]
    together = [one for one in found if one.origin == "lines"]
    for row in _rows(sorted(whole, key=lambda one: one.root.start), text):
        start, end = row[0].root.start, row[-1].root.end
        sign = _sign(text, start)
        if _GOES_ON(text, end):
            sign = end + len(text[end : end + _REACH]) - len(text[end : end + _REACH].lstrip())
        elif sign < 0 or not _AFTER(text, end):
            continue
        mend = Repair("torn out", "$", (sign, sign + 1), text[sign], "", COSTS["torn out"])
        for one in [*row, *together]:
            one.account = (mend, *one.mends)
            one.cost += mend.cost
        together = []


def _sign(text: str, start: int) -> int:
    """Give where a sign stands behind which, in JSON, a part of a value begins; -1 for nowhere."""
    before = text[max(0, start - _REACH) : start].rstrip()
    sign = before[-1:]
    if sign in _OPEN or (sign in _PARTING and before[:-1].rstrip()[-1:] in _ENDS):
        return start - min(_REACH, start) + len(before) - 1
    return -1


def _rows(found: Sequence[Candidate], text: str) -> Iterator[list[Candidate]]:
    """Give the values that follow each other with nothing but commas between them, together."""
    row: list[Candidate] = []
    for one in found:
        if row and not _BETWEEN(text, row[-1].root.end, one.root.start):
            yield row
            row = []
        row.append(one)
    if row:
        yield row
