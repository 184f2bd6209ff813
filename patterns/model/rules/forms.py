"""Values known by their form: every value of a kind in a passage, written the way its field wants it."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence

from patterns.messages import Json
from patterns.model.rules.contacts import dialable, domains_in
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.figures import Amount
from patterns.model.rules.found import CUED, Found
from patterns.model.rules.kinds import Kind, kind_of, unit_in_name, wants_iso
from patterns.model.rules.money import codes_in
from patterns.model.rules.units import DIMENSIONS, convert, dimension_of
from patterns.model.rules.vocabulary import vocabulary

_MEASURED = vocabulary("mass length volume area temperature speed power voltage energy frequency data")
"""What a bare number in prose is not: a count is not given in kilograms."""
_UNTIL = re.compile(r"\s*(?:to|until|till|through|thru|-|–|—|bis)\s*(?:the )?", re.IGNORECASE)
_PERIOD = vocabulary("start from begin end to until date period day")
_LOWER = frozenset({"minimum", "from", "low", "lower", "least", "start"})
_UPPER = frozenset({"maximum", "to", "high", "upper", "most", "end"})
_ISO_UNITS = {
    "d": ("P", "D"),
    "week": ("P", "W"),
    "month": ("P", "M"),
    "year": ("P", "Y"),
    "h": ("PT", "H"),
    "min": ("PT", "M"),
    "s": ("PT", "S"),
}
_YEAR = re.compile(r"(?<![\w.,/$€£-])(?:1[5-9]|20)\d{2}(?![\w%]|[.,/-]\d)")


def forms(field: Field, evidence: Evidence, *, labelled: bool = False) -> list[Found]:
    """Every value of the field's kind. Behind a label a weaker form will do: a bare number is a price there."""
    reader = _READERS.get(kind_of(field))
    return list(reader(field, evidence, labelled)) if reader else []


def number(field: Field, value: float) -> Json | None:
    """The number as the schema wants it; None where a whole number is asked for and this is none."""
    if not math.isfinite(value):
        return None
    if field.type == "string":
        return None
    if value == int(value):
        return int(value)
    return None if field.type == "integer" else round(value, 10)


def _dates(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for when in evidence.dates:
        text = evidence.passage.text[when.start : when.end]
        value = when.day if wants_iso(field) else text
        if value:
            yield Found(value, when.start, when.end, 1.0)


def _datetimes(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for when in evidence.dates:
        if not wants_iso(field):
            yield Found(
                evidence.passage.text[when.start : when.stop], when.start, when.stop, 1.0 if when.clock else 0.9
            )
        elif when.moment:
            yield Found(when.moment, when.start, when.stop, 1.0)
        elif labelled and when.day and len(evidence.dates) == 1 and not evidence.times:
            yield Found(f"{when.day}T00:00:00", when.start, when.end, 0.75)


def _times(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for clock, start, end in evidence.times:
        yield Found(clock if wants_iso(field) else evidence.passage.text[start:end], start, end, 1.0)


def _durations(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for amount in evidence.numbers:
        if amount.unit in _ISO_UNITS and not amount.ranged:
            prefix, letter = _ISO_UNITS[amount.unit]
            if amount.value == int(amount.value) >= 0:
                yield Found(f"{prefix}{int(amount.value)}{letter}", amount.start, amount.stop, 1.0)


def _spans(name: str) -> Callable[[Field, Evidence, bool], Iterator[Found]]:
    def read(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
        for start, end in getattr(evidence, name):
            yield Found(evidence.passage.text[start:end], start, end, 1.0)

    return read


def _phones(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for start, end in evidence.phones or (dialable(evidence.passage) if labelled else ()):
        yield Found(evidence.passage.text[start:end], start, end, 1.0)


def _urls(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    absolute = field.format in ("uri", "url", "iri")
    spans = evidence.urls or (domains_in(evidence.passage) if labelled and not absolute else [])
    for start, end in spans:
        text = evidence.passage.text[start:end]
        if not absolute or "://" in text:
            yield Found(text, start, end, 1.0)


def _money(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    wanted = _end_of_range(field)
    for money in evidence.money:
        text = evidence.passage.text[money.start : money.end]
        value = text if field.type == "string" else number(field, money.amount)
        if value is not None and money.ranged in _ends(wanted, labelled):
            yield Found(value, money.start, money.end, 1.0)
    if labelled and not evidence.money:
        yield from _numbers(field, evidence, labelled)


def _currencies(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    for money in evidence.money:
        yield Found(money.currency, *money.mark, 0.95)
    for code, start, end in codes_in(evidence.passage):
        yield Found(code, start, end, 1.0 if labelled else 0.95)


def _end_of_range(field: Field) -> int:
    said = set(field.words)
    return -1 if said & _LOWER else 1 if said & _UPPER else 0


def _ends(wanted: int, labelled: bool) -> tuple[int, ...]:
    """Which numbers will do: one end of a range where the field asks for one, and behind its label a single number."""
    return (wanted, 0) if wanted and labelled else (wanted,)


def ranged(field: Field) -> frozenset[str]:
    """The words of which a label needs one to name this end of a range; empty when the field asks for no end."""
    return {-1: _LOWER, 1: _UPPER, 0: frozenset[str]()}[_end_of_range(field)]


def _numbers(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    if labelled and evidence.money and field.type != "string":
        yield from _money(field, evidence, labelled)
        return
    wanted = _end_of_range(field)
    if not labelled and field.type != "string":
        yield from _money(field, evidence, labelled)
    for amount in evidence.numbers:
        if not labelled and dimension_of(amount.unit) in _MEASURED:
            continue
        text = evidence.passage.text[amount.start : amount.end]
        value = text if field.type == "string" else number(field, amount.value)
        counts = labelled or amount.unit != "%" or field.type == "number"
        if value is not None and counts and amount.ranged in _ends(wanted, labelled):
            yield Found(value, amount.start, amount.end, 1.0)


def _percentages(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    marked = [amount for amount in evidence.numbers if amount.unit == "%"]
    for amount in marked or (evidence.numbers if labelled else []):
        value = (
            evidence.passage.text[amount.start : amount.stop] if field.type == "string" else number(field, amount.value)
        )
        if value is not None and not amount.ranged:
            yield Found(value, amount.start, amount.stop, 1.0)


def _years(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    passage = evidence.passage
    for match in _YEAR.finditer(passage.text, passage.start, passage.end):
        yield Found(int(match.group()) if field.type != "string" else match.group(), *match.span(), 1.0)
    for when in evidence.dates:
        year = re.search(r"\d{4}", passage.text[when.start : when.end])
        if year and when.day:
            start = when.start + year.start()
            yield Found(int(year.group()) if field.type != "string" else year.group(), start, start + 4, 0.9)


def _quantities(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    wanted = unit_in_name(field)
    dimension = dimension_of(wanted) or next((DIMENSIONS[word] for word in field.words if word in DIMENSIONS), "")
    for amount in evidence.numbers:
        if amount.ranged not in _ends(_end_of_range(field), labelled):
            continue
        fitting = amount.unit and (
            dimension_of(amount.unit) == dimension or (not dimension and amount.unit not in ("%", "piece"))
        )
        if fitting or (labelled and not amount.unit and field.type != "string"):
            value = _quantity(field, amount, wanted, evidence.passage.text)
            if value is not None:
                yield Found(value, amount.start, amount.stop, 1.0 if amount.unit else 0.9)


def _quantity(field: Field, amount: Amount, wanted: str, text: str) -> Json | None:
    if field.type == "string":
        return text[amount.start : amount.stop]
    if not wanted or not amount.unit:
        return number(field, amount.value)
    converted = convert(amount.value, amount.unit, wanted)
    return None if converted is None else number(field, converted)


def _ratings(field: Field, evidence: Evidence, labelled: bool) -> Iterator[Found]:
    schema = field.schema or {}
    highest = schema.get("maximum")
    for value, best, start, end in evidence.ratings:
        fits = not isinstance(highest, int | float) or not best or best <= highest
        made = evidence.passage.text[start:end] if field.type == "string" else number(field, value)
        if fits and made is not None:
            yield Found(made, start, end, 1.0)
    if labelled and not evidence.ratings:
        yield from _numbers(field, evidence, labelled)


_READERS: dict[Kind, Callable[[Field, Evidence, bool], Iterator[Found]]] = {
    "date": _dates, "datetime": _datetimes, "time": _times, "duration": _durations, "email": _spans("emails"),
    "url": _urls, "phone": _phones, "ip": _spans("ips"), "uuid": _spans("uuids"), "money": _money,
    "currency": _currencies,
    "percentage": _percentages, "year": _years, "quantity": _quantities, "rating": _ratings, "number": _numbers,
}  # fmt: skip


def span_of_days(field: Field, evidence: Evidence) -> list[Found]:
    """The first or last day of the one period a text tells: `from 3 May 2026 until 9 May 2026`."""
    own, text = set(field.words), evidence.passage.text
    first, last = own & {"start", "from", "begin"}, own & {"end", "to", "until"}
    if kind_of(field) != "date" or not own <= _PERIOD or not (first or last):
        return []
    joined = [
        (a, b)
        for a, b in itertools.pairwise(evidence.dates)
        if b.start - a.stop < 12 and _UNTIL.fullmatch(text, a.stop, b.start)
    ]
    when = joined[0][0 if first else 1] if len(joined) == 1 else None
    value = (when.day if wants_iso(field) else text[when.start : when.end]) if when else ""
    return [Found(value, when.start, when.end, CUED - 0.05)] if when and value else []


def distinct(found: Sequence[Found]) -> list[Found]:
    """The first of each different value."""
    kept: dict[str, Found] = {}
    for one in found:
        kept.setdefault(repr(one.value).lower(), one)
    return list(kept.values())
