"""What Python prints, rewritten in place as brackets and colons: `Item(name='x')` becomes `    {name:'x'}`.

Every sign keeps its place, so that what is read from the rewritten text stands where it stands in the raw one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

_NAME = r"(?:[A-Za-z_]\w{0,80}+\.){0,6}+[A-Za-z_]\w{0,80}+"
_STRING = (
    r'[rbfuRBFU]{0,2}+(?:"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\''
    r"|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+')"
)
_ENUM = (
    r"<[A-Z]\w{0,80}+(?:\.\w{1,80}+){1,4}+:[ ](?P<member>\"[^\"\n\\]{0,200}+\"|'[^'\n\\]{0,200}+'|-?\d[\d.]{0,40}+)>"
)
_MOMENT = (
    r"(?:datetime\.)?(?P<moment>date|datetime|time)\((?P<numbers>\s*+\d{1,4}+(?:\s*+,\s*+\d{1,6}+){0,6}+)"
    r"(?:\s*+,\s*+tzinfo=(?P<zone>(?:datetime\.)?(?:timezone\.utc|UTC)|TzInfo\((?:UTC|0)\)))?+\s*+\)"
)
_PAIRS = r"(?:collections\.)?(?:OrderedDict|dict|Counter)\(\s*+\[\s*+(?=\()"
_HOLDER = (
    r"(?:collections\.)?(?:OrderedDict|defaultdict|Counter|dict|list|tuple|set|frozenset|deque|mappingproxy|array)"
    r"\((?:\s*+<[^<>\n]{0,80}+>\s*+,|\s*+(?:list|dict|int|str|set|float)\s*+,)?+\s*+(?=[\[{(])"
)
_FIELDS = rf"{_NAME}\((?=\s*+[A-Za-z_]\w{{0,80}}+\s*+=(?!=))"

SIGN = re.compile(rf"(?<![\w.])(?:{_FIELDS}|{_PAIRS}|{_HOLDER}|{_ENUM}|{_MOMENT})").search
"""Where a value as Python prints it begins."""

_TOKEN = re.compile(
    rf"""(?P<text>{_STRING})|(?P<open>["'])|(?P<enum>{_ENUM})|(?<![\w.])(?:(?P<when>{_MOMENT})|(?P<pairs>{_PAIRS})
    |(?P<holder>{_HOLDER})|(?P<fields>{_FIELDS})|(?P<one>{_NAME}\((?=\s*+(?:["'][^"'\n]*+["']|-?\d[\d.]{{0,40}}+)\s*+\)))
    |(?P<call>{_NAME}\()|(?P<key>[A-Za-z_]\w{{0,80}}+\s*+=(?!=))|(?P<member_name>[A-Z]\w{{0,80}}+\.(?=[A-Za-z_]\w{{0,80}}+\s*+[,)\]}}])))
    |(?P<bracket>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)""",
    re.VERBOSE,
).search

_ASSIGNED = re.compile(r"[ \t]*+(?:[A-Za-z_]\w{0,80}+[ \t]*+(?::[^=\n]{1,80}+)?+=[ \t]*+|return[ \t]++|print\()").match
_LINE = 200

MOST = 200
"""Regions that are rewritten in one text; one with more of them is a program."""


@dataclass(slots=True)
class _Level:
    """One open bracket: what closes it in the rewritten text, and what its commas and names mean."""

    closer: str
    fields: bool = False
    pairs: bool = False
    pair: bool = False
    spare: int = -1
    """Where what follows the one value of a holder begins; it is blanked out."""


class Rewritten:
    """A text in which what Python prints became brackets and colons, and where."""

    def __init__(self, text: str, start: int = 0) -> None:
        self._signs = list(text)
        self._raw = text
        self._due = False
        self.spans: list[tuple[int, int]] = []
        pos = start
        while len(self.spans) < MOST and (sign := SIGN(text, pos)) is not None:
            pos = self._region(sign.start())
            self.spans.append((sign.start(), pos))
            self._unassign(sign.start())

    @property
    def text(self) -> str:
        return "".join(self._signs)

    def bare(self, start: int, end: int) -> None:
        """Rewrite the fields that a model prints without its name: `id='A' total=3.5`."""
        self.spans.append((start, end))
        self._region(start, [_Level("", fields=True)], end)

    def _unassign(self, at: int) -> None:
        """Blank out the name that a value is assigned to."""
        start = self._raw.rfind("\n", max(0, at - _LINE), at) + 1
        if (assigned := _ASSIGNED(self._raw, start, at)) is not None and assigned.end() == at:
            self._put(start, at, "")

    def _region(self, pos: int, levels: list[_Level] | None = None, end: int | None = None) -> int:
        """Rewrite one value from `pos` to its end, which it gives."""
        levels = levels or []
        end = len(self._raw) if end is None else end
        first = pos
        while token := _TOKEN(self._raw, pos, end):
            kind, pos = token.lastgroup or "", token.end()
            if kind == "open":  # a quote that nothing closes: the text was cut
                return end
            if kind == "close" and not levels:
                return token.start()
            self._step(kind, token, levels)
            if not levels and (kind not in ("text", "comma", "key") or token.start() == first):
                return pos
        return end

    def _step(self, kind: str, token: re.Match[str], levels: list[_Level]) -> None:
        start, past = token.span()
        top = levels[-1] if levels else None
        due, self._due = self._due, kind in ("fields", "comma")
        if kind == "enum":
            self._keep(start, past, *token.span("member"))
        elif kind == "when":
            self._moment(token)
        elif kind == "pairs":
            self._put(start, past, "{")
            levels.append(_Level("}", pairs=True))
        elif kind in ("holder", "one"):
            self._put(start, past, "")
            levels.append(_Level(" "))
        elif kind == "fields":
            self._put(start, past, "{")
            levels.append(_Level("}", fields=True))
        elif kind == "call":
            self._called(token, levels)
        elif kind == "key" and top is not None and top.fields and (due or not top.closer):
            self._signs[past - 1] = ":"
            if not top.closer and top.spare >= 0:  # nothing but a blank stands between bare fields
                self._signs[start - 1] = ","
            top.spare = top.spare if top.closer else start
        elif kind == "member_name" and top is not None:
            self._put(start, past, "")
        elif kind == "bracket":
            self._open(start, levels)
        elif kind == "close" and top is not None:
            self._close(start, levels)
        elif kind == "comma" and top is not None and top.pair:
            self._signs[start] = ":"
            top.pair = False
        elif kind == "comma" and top is not None and top.closer == " ":
            top.spare = start if top.spare < 0 else top.spare

    def _called(self, token: re.Match[str], levels: list[_Level]) -> None:
        """A call of a class with its values in order is a list of them; one without any is empty; others stay."""
        start, past = token.span()
        name = token["call"].rpartition(".")[2]
        if self._raw.startswith(")", past) and name[:1].isupper():
            self._put(start, past, "{")
            levels.append(_Level("}"))
        elif name[:1].isupper():
            self._put(start, past, "[")
            levels.append(_Level("]"))
        else:
            levels.append(_Level(")"))

    def _open(self, at: int, levels: list[_Level]) -> None:
        sign = self._raw[at]
        if levels and levels[-1].pairs and sign == "(":
            self._signs[at] = " "
            levels.append(_Level(" ", pair=True))
            levels[-1].closer = "  "
        else:
            levels.append(_Level({"(": ")", "[": "]", "{": "}"}[sign]))

    def _close(self, at: int, levels: list[_Level]) -> None:
        top = levels[-1]
        if top.pairs and self._raw[at] == "]":  # the list of the pairs; the bracket of the call follows
            self._signs[at] = " "
            return
        levels.pop()
        if top.spare >= 0:
            self._put(top.spare, at, "")
        self._signs[at] = top.closer[:1] or self._raw[at]

    def _moment(self, token: re.Match[str]) -> None:
        """Write a date or time in ISO 8601, in quotes, where its call stood."""
        numbers = [int(number) for number in token["numbers"].split(",")]
        make = {"date": date, "datetime": datetime, "time": time}[token["moment"]]
        try:
            written = make(*numbers).isoformat()
        except (ValueError, TypeError):
            return
        written = f'"{written}{"Z" if token["zone"] else ""}"'
        start, past = token.span()
        if len(written) <= past - start:
            self._signs[start:past] = written.ljust(past - start)

    def _put(self, start: int, past: int, last: str) -> None:
        """Blank a stretch out, but for its last sign; line ends stay."""
        for at in range(start, past - len(last)):
            if self._signs[at] != "\n":
                self._signs[at] = " "
        if last:
            self._signs[past - 1] = last

    def _keep(self, start: int, past: int, first: int, end: int) -> None:
        self._put(start, first, "")
        self._put(end, past, "")
