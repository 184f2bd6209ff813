"""Dates and times as people write them: `2 May 2024`, `May 2nd, 2024`, `02.05.2024`, `10:30 AM`."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

from patterns.output.align.mentions import denied
from patterns.output.align.spelling import fold

_MONTHS: Final = {
    name[:cut]: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for cut in {3, 4 if name == "september" else 3, len(name)}
}
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS: Final = tuple(
    re.compile(rf"(?<![\w./-]){form}(?![\w/-]|\.\d)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<s>[-/.])(?P<moon>\d{{1,2}})(?P=s)(?P<day>\d{{1,2}})",
        rf"{_DAY}(?:\s+of)?[\s-]{{1,2}}{_MONTH},?[\s-]{{1,2}}{_YEAR}",
        rf"{_MONTH}\s{{1,2}}{_DAY},?\s{{1,2}}{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<moon>\d{{1,2}})\.\s?{_YEAR}",
        rf"(?P<one>\d{{1,2}})(?P<s>[-/])(?P<two>\d{{1,2}})(?P=s){_YEAR}",
    )
)
_CLOCK = re.compile(
    r"(?<![\w:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d{1,9})?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"\s?\(?(?P<zone>Z\b|UTC\b|GMT\b|[-+]\d\d:?\d\d\b)?",
    re.IGNORECASE,
)
_LONGEST: Final = 200
_BOUND = re.compile(r"\b(?:before|after|prior to|later than|earlier than|(?:days?|weeks?) from)\s+$", re.IGNORECASE)
_OTHER_CLOCK = re.compile(r"\d\s?[ap]\.?m\b|\d\s?h\d|\b(?:noon|midnight|o['’]clock)\b", re.IGNORECASE)
"""Times of day that are written otherwise, and are not read."""
_OTHER_ZONE = re.compile(
    r"[ \t]*\(?(?:(?!(?:AM|PM|AD|ON|AT|IN)\b|MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]{2,5}\b|[A-Z][a-z]+/[A-Z][a-z]+"
    r"|(?i:(?:eastern|pacific|central|mountain|local)\b)|[+-]\d{1,2}(?!\d))|[+-]\d"
)
"""Zones that are named in words, which differ by place and season."""


def date_in(text: str) -> date | None:
    """Find the only date in a text; None when there is none, another, or one that could be read in two ways."""
    found: set[date] = set()
    for form in _FORMS:
        for match in form.finditer(text[:_LONGEST]):
            day = _date(match.groupdict())
            if day is None or _is_bound(text[: match.start()]):
                return None
            found.add(day)
    return found.pop() if len(found) == 1 else None


def names_time(text: str) -> bool:
    """Tell whether a text says a time of day at all, in whatever way."""
    return ":" in text or _OTHER_CLOCK.search(text[:_LONGEST]) is not None


def _is_bound(before: str) -> bool:
    """Tell words that deny a date, or make another of it: `before 4 March` is no day that is known."""
    return denied(before) or _BOUND.search(before) is not None


def time_in(text: str) -> str | None:
    """Find the only time of day in a text, written as ISO 8601 with its zone."""
    found = list(_CLOCK.finditer(text[:_LONGEST]))
    if len(found) != 1:
        return None
    parts = found[0]
    if _OTHER_ZONE.match(text, parts.end()):
        return None
    hour, half = int(parts["hour"]), (parts["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        clock = time(hour, int(parts["minute"]), int(parts["second"] or 0)).isoformat()
    except ValueError:
        return None
    zone = (parts["zone"] or "").upper()
    return clock + ("Z" if zone in ("Z", "UTC", "GMT") else zone)


def _date(parts: dict[str, str | None]) -> date | None:
    year = int(parts["year"] or 0)
    if parts.get("one"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        if one <= 12 and two <= 12 and one != two:
            return None
        day, month = (one, two) if one > 12 else (two, one)
    else:
        day = int(parts["day"] or 0)
        name = parts.get("month")
        month = int(parts["moon"] or 0) if name is None else _month(name)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS.get(fold(name), 0)
