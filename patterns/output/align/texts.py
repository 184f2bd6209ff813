"""Plans for text: any string, and strings that stand for a date, a time, or a number of exact digits."""

from __future__ import annotations

import re
from typing import Final

from patterns.output.align.announced import statements
from patterns.output.align.dates import date_in, names_time, time_in
from patterns.output.align.ledger import Ledger
from patterns.output.tree import Kind, Node

_WORDS: Final[frozenset[Kind]] = frozenset(("string", "bare"))


class Text:
    """A string. A number is taken as it is written, an object or array as its source; true and null are no text."""

    kinds = _WORDS
    wants = "a text"

    def fit(self, node: Node, ledger: Ledger) -> object:
        kind = node.kind
        if kind in _WORDS:
            ledger.found += 1
            if not node.complete:
                ledger.cut = True
            return node.value
        if kind in ("bool", "null") or (ledger.partial and not node.complete):
            return ledger.miss(node, self.wants)
        if kind == "array" and len(node.value) == 1 and node.value[0].kind == "string":  # type: ignore[arg-type,index]
            ledger.bend("list for one", node, "its only item", 3)
            return self.fit(node.value[0], ledger)  # type: ignore[index]
        if kind != "number" and not any(isinstance(step, str) for step in ledger.trail):
            return ledger.miss(node, self.wants)  # only the field of an object can hold one as text
        source = node.raw or ledger.source(node)
        ledger.bend("as text", node, source, 2 if kind == "number" else 12)
        ledger.found += 1
        ledger.cut |= not node.complete
        return source


class Moment:
    """A string in a format of dates and times; other clear ways to write one are turned into ISO 8601."""

    kinds: frozenset[Kind] = frozenset(("string",))

    def __init__(self, form: str) -> None:
        self.form = form
        self.wants = {"date": "a date", "time": "a time of day"}.get(form, "a date and time")

    def fit(self, node: Node, ledger: Ledger) -> object:
        if node.kind not in _WORDS or not node.complete:
            return ledger.miss(node, self.wants)
        text = str(node.value).strip()
        if _ISO[self.form].fullmatch(text):
            ledger.found += 1
            return text
        loose = [text] if node.kind == "string" else [part for part, _ in statements(text)]
        written = next(filter(None, map(self._written, loose)), None)
        if written is None:
            return ledger.miss(node, self.wants)
        ledger.bend("date", node, written, 2 if node.kind == "string" else 6)
        ledger.found += 1
        return written

    def _written(self, text: str) -> str | None:
        clock = time_in(text) if self.form != "date" else None
        if self.form == "time":
            return clock
        day = date_in(text)
        if day is None or (self.form == "date-time" and clock is None and names_time(text)):
            return None
        return day.isoformat() if self.form == "date" else f"{day.isoformat()}T{clock or '00:00:00'}"


_ISO: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt _]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[-+]\d\d:?\d\d)?"),
}
MOMENTS: Final = tuple(_ISO)
