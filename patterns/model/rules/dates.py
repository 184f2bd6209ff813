"""Dates and times in a text, read without a clock: what needs today's date to be known is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import listed

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?)"
_ZONE = r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?(?![\w:])"
_ISO = re.compile(r"(?<![\w./-])(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?=T\d|[^\w/-]|$)", re.ASCII)
_DMY = re.compile(
    rf"(?<![\w.,-])(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:day\s+)?(?:of\s+)?(?P<mon>{_MONTH})\b\.?(?:,?[\s-]+(?P<y>\d{{4}})(?![\w:]))?",
    re.IGNORECASE,
)
_MDY = re.compile(
    rf"(?<![\w-])(?P<mon>{_MONTH})\b\.?[\s-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)(?:(?:,\s?|[\s-]+)(?P<y>\d{{4}})(?![\w:]))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\w./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?![\w/-]|\.\d)"
)
_CLF = re.compile(
    rf"(?<![\w/])(?P<d>\d{{2}})/(?P<mon>{_MONTH})/(?P<y>\d{{4}}):(?P<clock>\d{{2}}:\d{{2}}:\d{{2}})(?:\s(?P<zone>[+-]\d{{4}}))?",
    re.I,
)
_FOREIGN = re.compile(r"(?<![\w.])\d{1,2}\.?º?\s(?:de\s|di\s)?[^\W\d_]{3,10}\.?\s(?:de\s|del\s)?\d{4}(?!\w)")
_TIME_AFTER = re.compile(rf"(?:T|,?\s+(?:(?:at|@|um|-|–)\s+)?|\s*\|\s*){_CLOCK}{_ZONE}", re.IGNORECASE)
_TIME = re.compile(rf"(?<![\w:.,-]){_CLOCK}{_ZONE}", re.IGNORECASE)
_FEW = 40
"""How many dates in other languages are tried in one passage."""


@dataclass(frozen=True, slots=True)
class When:
    """A date as written: its day in ISO form (empty when the text leaves it open), and the time beside it.

    `end` is past the date alone, `stop` past the time.
    """

    day: str
    start: int
    end: int
    clock: str = ""
    zone: str = ""
    stop: int = 0

    @property
    def moment(self) -> str:
        """Day and time in ISO 8601, empty when one of them is open."""
        return f"{self.day}T{self.clock}{self.zone}" if self.day and self.clock else ""


def dates_in(passage: Passage) -> list[When]:
    """Every calendar date, in order, none inside another."""
    found = sorted([*_read(passage), *_foreign(passage)], key=lambda when: (when.start, -when.stop))
    kept: list[When] = []
    for when in found:
        if not kept or when.start >= kept[-1].stop:
            kept.append(when)
    return kept


def _read(passage: Passage) -> Iterator[When]:
    day_first = _order(passage.text)
    for pattern in (_CLF, _ISO, _DMY, _MDY):
        for match in pattern.finditer(passage.text, passage.start, passage.end):
            month = match["mon"].lower() if pattern is not _ISO else ""
            if month == "may" and not match["y"] and not match["mon"][0].isupper():
                continue
            day = _day(match["y"], _MONTHS[month] if month else int(match["m"]), int(match["d"]))
            if day is not None:
                yield _clocked(When(day, *match.span(), stop=match.end()), passage, match if pattern is _CLF else None)
    for match in _NUMERIC.finditer(passage.text, passage.start, passage.end):
        day = _numeric(int(match["a"]), int(match["b"]), match["y"], match["sep"], day_first)
        if day is not None:
            yield _clocked(When(day, *match.span(), stop=match.end()), passage)


def _day(year: str | None, month: int, day: int) -> str | None:
    """The ISO form; empty when there is no year; None when there is no such day."""
    try:
        made = date(int(year) if year else 2024, month, day)
    except ValueError:
        return None
    return made.isoformat() if year else ""


def _numeric(a: int, b: int, year: str, separator: str, day_first: bool | None) -> str | None:
    """Read `3/4/2026` by what the text itself says about its order; leave it open when nothing does."""
    full = year if len(year) == 4 else f"20{year}" if int(year) < 70 else f"19{year}"
    if separator == "." or a > 12 or a == b:
        return _day(full, b, a)
    if b > 12:
        return _day(full, a, b)
    if day_first is None:
        return ""
    return _day(full, b, a) if day_first else _day(full, a, b)


@lru_cache(maxsize=4)
def _order(text: str) -> bool | None:
    """Whether this text writes the day first: told by its unambiguous dates, else by the pound or euro sign."""
    firsts = {
        int(m["a"]) > 12
        for m in _NUMERIC.finditer(text)
        if m["sep"] != "." and (int(m["a"]) > 12) != (int(m["b"]) > 12)
    }
    if firsts:
        return firsts.pop() if len(firsts) == 1 else None
    return True if any(mark in text for mark in ("£", "€", " EUR", " GBP")) else None


def _clocked(when: When, passage: Passage, known: re.Match[str] | None = None) -> When:
    """The date with the time that stands right behind it."""
    match = known or _TIME_AFTER.match(passage.text, when.end, passage.end)
    clock = clock_of(match["clock"]) if match else ""
    return replace(when, clock=clock, zone=_zone(match["zone"]), stop=match.end()) if match and clock else when


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    return "Z" if zone.upper() in ("Z", "UTC", "GMT") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"


def clock_of(written: str) -> str:
    """`2:30 pm` as `14:30:00`; empty when there is no such time."""
    low = written.lower().replace(".m", "m").replace(",", ".").rstrip(".")
    half = "pm" if "pm" in low else "am" if "am" in low else ""
    parts = low.removesuffix(half).strip().split(":")
    hour, minute, second = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0, parts[2] if len(parts) > 2 else "00"
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return f"{hour:02}:{minute:02}:{second}" if hour < 24 and minute < 60 and float(second) < 60 else ""


def times_in(passage: Passage) -> list[tuple[str, int, int]]:
    """Times of day in ISO form, with where they stand."""
    matches = _TIME.finditer(passage.text, passage.start, passage.end)
    return [(clock + _zone(m["zone"]), *m.span()) for m in matches if (clock := clock_of(m["clock"]))]


def _foreign(passage: Passage) -> Iterator[When]:
    """Dates with month names of other languages: only what looks like one is put to dateparser."""
    tried = 0
    for match in _FOREIGN.finditer(passage.text, passage.start, passage.end):
        word = next((w for w in re.findall(r"[^\W\d_]{3,}", match.group())), "")
        if word.lower() in _MONTHS or tried >= _FEW:
            continue
        tried += 1
        day = _parsed(match.group())
        if day:
            yield _clocked(When(day, *match.span(), stop=match.end()), passage)


@lru_cache(maxsize=256)
def _parsed(written: str) -> str:
    import dateparser

    parsed = dateparser.parse(
        written,
        languages=listed("en de fr es it nl pt pl sv da cs ru uk"),
        settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"},
    )
    return parsed.date().isoformat() if parsed else ""
