"""Lists of flat objects: rows of a table whose header names the fields, or lines such as `2 x Coffee beans 9.50`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from patterns.messages import Json
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.figures import DIGITS, plain
from patterns.model.rules.forms import number
from patterns.model.rules.found import CUED, FLOOR, SURE, Found
from patterns.model.rules.kinds import Kind
from patterns.model.rules.labels import Meaning, meaning_of
from patterns.model.rules.leaf import value_in
from patterns.model.rules.money import amount_of
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.tables import Table, tables_in
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import tokens

Row: TypeAlias = Mapping[str, Found]

_SIGN = r"(?:US\$|[$€£¥₹]|(?:USD|EUR|GBP|CHF|CAD|AUD)\b)"
_PRICE = rf"(?:{_SIGN}\s?)?(?:{DIGITS})(?:\s?{_SIGN})?"
_LINE = re.compile(
    rf"(?:[-*•◦]\s+|\d{{1,2}}[.)]\s+)?(?:(?P<count>\d{{1,6}}(?:[.,]\d{{1,3}})?)\s?(?P<times>[x×*]|pcs\.?|pieces? of"
    rf"|units? of)?\s+)?"
    r"(?P<name>[^\W\d_][^\n]{0,80}?)"
    rf"(?:,?\s+\(?(?:[x×]\s?(?P<after>\d{{1,6}})|(?P<before>\d{{1,6}})\s?(?:[x×]|pcs\.?))\)?)?"
    rf"(?:\s*(?:@|à|at|each|=|:|-|–|—|\.{{2,}}|,|\s)\s*(?P<price>{_PRICE})(?:\s*(?:each|/ea|per \w+|apiece))?)"
    rf"(?:\s*(?:=|:|-|–|—|→|\s)\s*(?P<sum>{_PRICE}))?\s*$"
)
_NAMES = vocabulary("name item product description article title service position label line text")
_COUNTS = vocabulary("quantity count number unit piece")
_SUMS = vocabulary("total subtotal amount sum line")
_PRICES = vocabulary("price cost unit rate each")
_TOTALS = vocabulary("total subtotal tax discount shipping balance net gross due amount deposit paid grand fee sum tip")


def rows(item: Field, evidence: Evidence) -> list[Row]:
    """The objects of a list, one a row; empty when no table and no item lines fit."""
    meanings = [meaning_of(leaf) for leaf in item.leaves()]
    found = [_of_table(table, meanings, evidence) for table in tables_in(evidence.passage)]
    best = max(found, key=lambda rows: sum(map(len, rows)), default=[])
    return best or _of_lines(meanings, evidence)


def _of_table(table: Table, meanings: Sequence[Meaning], evidence: Evidence) -> list[Row]:
    """The rows of a table of which at least two headings, or all there are fields for, name a field."""
    text = evidence.passage.text
    fits = sorted(
        (
            (_fit(meaning, tokens(text[slice(*cell)])), column, index)
            for column, cell in enumerate(table.header)
            for index, meaning in enumerate(meanings)
        ),
        key=lambda fit: -fit[0],
    )
    columns: dict[int, tuple[int, float]] = {}
    for fit, column, index in fits:
        if fit >= FLOOR and index not in columns and column not in {c for c, _ in columns.values()}:
            columns[index] = (column, fit)
    if len(columns) < min(2, len(meanings)):
        return []
    made = []
    for cells in table.rows:
        row = {}
        for index, (column, fit) in columns.items():
            one = value_in(meanings[index], evidence, *cells[column])
            if one is not None:
                row[meanings[index].field.name] = Found(
                    one.value, one.start, one.end, round(one.confidence * fit * SURE, 4)
                )
        made.append(row)
    return [row for row in made if row]


def _fit(meaning: Meaning, heading: tuple[str, ...]) -> float:
    """How well a heading names a field. What a row is about goes by many names."""
    about = meaning.field.type == "string" and bool(heading) and meaning.own <= _NAMES and set(heading) <= _NAMES
    return max(meaning.fit(heading), 0.8 if about else 0.0)


def _of_lines(meanings: Sequence[Meaning], evidence: Evidence) -> list[Row]:
    """Item lines: a name with a price, and maybe how many. Sums below them are none."""
    places = _places(meanings)
    if "name" not in places or not {"price", "sum"} & places.keys():
        return []
    made, passage = [], evidence.passage
    for line in passage.lines:
        match = _LINE.match(passage.text, *line)
        if match and not set(tokens(match["name"])) & _TOTALS and not match["name"].rstrip().endswith(":"):
            row = _row(match, places, passage)
            if row:
                made.append((bool(match["times"] or match["after"] or match["before"]), row))
    counted = any(times for times, _ in made)
    return [row for _, row in made] if counted or len(made) > 1 else []


def _places(meanings: Sequence[Meaning]) -> dict[str, Meaning]:
    """Which field takes which part of an item line."""
    places: dict[str, Meaning] = {}
    for meaning in meanings:
        own: frozenset[str] = meaning.own
        numeric: tuple[Kind, ...] = ("number", "money", "quantity")
        if meaning.field.type == "string" and own & _NAMES and meaning.kind in ("text", "person"):
            places.setdefault("name", meaning)
        elif meaning.kind in numeric and own & _COUNTS and not own & _PRICES - {"unit"}:
            places.setdefault("count", meaning)
        elif meaning.kind in numeric and own & _PRICES and not own & {"total"}:
            places.setdefault("price", meaning)
        elif meaning.kind in numeric and own & _SUMS:
            places.setdefault("sum", meaning)
        elif meaning.kind == "currency":
            places.setdefault("currency", meaning)
    return places


def _row(match: re.Match[str], places: Mapping[str, Meaning], passage: Passage) -> dict[str, Found]:
    count = next((key for key in ("count", "after", "before") if match[key]), "")
    spans: dict[str, Span | None] = {
        "name": Span(*match.span("name")),
        "count": Span(*match.span(count)) if count else None,
    }
    one, two = match.span("price"), match.span("sum")
    if match["sum"]:
        spans |= {"price": Span(*one), "sum": Span(*two)}
    else:
        spans["price" if "price" in places else "sum"] = Span(*one)
    row = {}
    for place, span in spans.items():
        value = _value(places[place].field, place, passage.text[slice(*span)]) if span and place in places else None
        if span and value is not None:
            row[places[place].field.name] = Found(value, span.start, span.end, CUED)
    return row


def _value(field: Field, place: str, text: str) -> Json | None:
    if field.type == "string":
        return text
    amount = amount_of(text) if place in ("price", "sum") else plain(text)
    return None if amount is None else number(field, amount)
