"""The account of a reading: what each mend costs, and the words in which a caller is told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from json.encoder import encode_basestring

from patterns.exchange import Repair
from patterns.output.scan.escapes import lone_surrogates
from patterns.output.scan.limits import MAX_MENDS
from patterns.output.tree import Candidate

Mend = tuple[str, int, int, str | None]
"""Kind, start, end, and what sound JSON would have there; None: the same in double quotes."""

COSTS = {
    "comment": 0.1,
    "punctuation": 0.1,
    "trailing comma": 0.1,
    "literal": 0.2,
    "quotes": 0.2,
    "unquoted key": 0.3,
    "raw newline": 0.3,
    "wrong sign": 0.3,
    "text around": 0.3,
    "extra comma": 0.5,
    "extra colon": 0.5,
    "escape": 0.5,
    "number": 0.5,
    "ellipsis": 1.0,
    "unquoted text": 1.0,
    "concatenation": 1.0,
    "tuple": 0.5,
    "call": 1.0,
    "set": 1.0,
    "missing comma": 1.0,
    "missing colon": 1.0,
    "inner quote": 1.0,
    "doubled quote": 1.0,
    "doubled bracket": 0.5,
    "surrogate": 1.0,
    "missing bracket": 2.0,
    "missing quote": 2.0,
    "wrong bracket": 2.0,
    "extra bracket": 2.0,
    "implied object": 2.0,
    "implied list": 1.0,
    "missing value": 3.0,
    "stray text": 3.0,
    "cut": 5.0,
    "thoughts": 10.0,
    "torn out": 10.0,
}
"""What each kind of mend costs: below 1 is spelling, 10 and more is a guess. What has two ends is charged at each."""

SHOWN = 200
"""Characters of a mend that are shown, before and after."""
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*+)'", re.S)


def account(text: str, mends: Sequence[Mend]) -> tuple[Repair, ...]:
    """Turn what was recorded into what a caller reads, in the order of the text.

    Every mend of it stands once, and says something: `before` begins as the text does at its span, and `after` differs.
    """
    if not mends:
        return ()
    told: list[Repair] = []
    for kind, start, end, after in sorted(mends, key=_place):
        repair = _repair(text, kind, start, end, after)
        if told and start == end and (told[-1].kind, told[-1].span) == (kind, repair.span):
            both, cost = told[-1].after + repair.after, told[-1].cost + repair.cost
            told[-1] = Repair(kind, "$", repair.span, "", both, cost)
        else:
            told.append(repair)
    return tuple(told)


def with_surrogates(candidate: Candidate, text: str) -> Candidate:
    """Tell of the halves of surrogate pairs that stand in the text as such; they were read as U+FFFD."""
    root, cost = candidate.root, COSTS["surrogate"]
    halves = islice(lone_surrogates(text, root.start, root.end), MAX_MENDS)
    mends = tuple(Repair("surrogate", "$", half.span(), rf"\u{ord(half[0]):x}", "\ufffd", cost) for half in halves)
    return replace(candidate, account=(*candidate.mends, *mends), cost=candidate.cost + cost * len(mends))


def _place(mend: Mend) -> tuple[int, int]:
    return mend[1], mend[2]


def _repair(text: str, kind: str, start: int, end: int, after: str | None) -> Repair:
    before = text[start : min(end, start + SHOWN)]
    if after is None:
        after = _in_quotes(before, kind == "quotes")
    elif after[:SHOWN] == before:  # the change comes later than what is shown: tell of it from there
        since = _common(text[start:end], after)
        start, after = start + since, after[since:]
        before = text[start : min(end, start + SHOWN)]
    return Repair(kind, "$", (start, end), before, after[:SHOWN], COSTS[kind])


def _in_quotes(shown: str, single: bool) -> str:
    """Write a bare word as a string, or the strings of a stretch in single quotes in double ones."""
    if not single:
        return encode_basestring(shown)
    return _SINGLE.sub(lambda found: quoted(found[1].replace("\\'", "'")), shown)


def quoted(body: str) -> str:
    """Put text as it is written in a string between double quotes."""
    return '"' + re.sub(r'(?<!\\)"', '\\"', body) + '"'


def written(value: str) -> str:
    """Write a string as JSON does, without the quotes around it."""
    return encode_basestring(value)[1:-1]


def _common(one: str, other: str) -> int:
    """Count the characters that two texts share from their start, back to before an escape."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return len(one[:low].rstrip("\\")) if low and one[low - 1] == "\\" else low
