"""Lines of logs: what stands at which place of the common layouts, as labelled values."""

from __future__ import annotations

import re

from patterns.model.rules.lazy import Regex
from patterns.model.rules.pairs import Pair
from patterns.model.rules.words import tokens

_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|CRIT(?:ICAL)?|ALERT|FATAL|EMERG(?:ENCY)?)"
_STAMP = (
    r"(?:\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
    r"|[A-Z][a-z]{2}\s{1,2}\d{1,2} \d{2}:\d{2}:\d{2}|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,6})?)"
)
_SOURCE = r"[A-Za-z_][\w./:$-]{0,60}?"
_LINE = Regex(
    rf"[\[(]?(?P<timestamp>{_STAMP})[\])]?\s*(?:[|,;-]\s*)?(?:[\[(]?(?P<level>{_LEVEL})[\])]?:?\s*(?:[|,;-]\s+)?)"
    rf"(?:\[(?P<thread>[\w:./ -]{{1,60}})\]\s*)?(?:(?P<logger>{_SOURCE})(?:\[(?P<pid>\d{{1,9}})\])?(?::| -| \|)\s+)?("
    rf"?P<message>\S[^\n]*)?"
)
_SYSLOG = Regex(
    rf"(?:<\d{{1,3}}>)?(?P<timestamp>{_STAMP})\s+(?P<host>[\w.-]{{1,60}})\s+(?P<program>[\w./-]{{1,60}})(?:\[(?P<pid>"
    rf"\d{{1,9}})\])?:\s+"
    rf"(?:(?P<level>{_LEVEL}):?\s+)?(?P<message>\S[^\n]*)"
)
_ACCESS = Regex(
    r"(?P<ip>[\da-fA-F.:]{3,45}) \S+ (?P<user>\S+) \[(?P<timestamp>[^\]\n]{10,40})\] \"(?P<method>[A-Z]{3,8})"
    r" (?P<path>\S{1,2000})"
    r"(?: HTTP/[\d.]+)?\" (?P<status>\d{3}) (?P<bytes>\d+|-)(?: \"(?P<referrer>[^\"\n]*)\" \"(?P<agent>[^\"\n]*)\")?"
)
_LABELS = {
    "logger": ("component", "logger"), "status": ("status code", "status"), "pid": ("process id", "pid"),
    "program": ("process", "program", "component", "logger"),
    "agent": ("user agent",), "bytes": ("bytes", "size"), "path": ("path",),
}  # fmt: skip


def pairs_of_log(text: str, start: int, end: int) -> list[Pair]:
    """The labelled values of one log line; empty when it is none."""
    for layout in (_ACCESS, _LINE, _SYSLOG):
        match = layout.match(text, start, end)
        if match:
            return _pairs(match)
    return []


def _pairs(match: re.Match[str]) -> list[Pair]:
    groups = match.groupdict()
    if groups.get("thread") and not groups.get("logger"):
        groups["component"] = groups["thread"]
    return [
        Pair(label, tokens(label), match.start(place), *match.span(place))
        for group, value in groups.items()
        for place in ["thread" if group == "component" else group]
        if value and value != "-"
        for label in _LABELS.get(group, (group,))
    ]
