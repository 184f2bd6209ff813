"""From a field tree and a passage to a value with sources: what is not found stays open, and is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as member

from patterns.exchange import Source
from patterns.messages import Json
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.found import Found
from patterns.model.rules.labels import meaning_of
from patterns.model.rules.leaf import candidates, only
from patterns.model.rules.limits import long_enough, within
from patterns.model.rules.lists import read_list
from patterns.model.rules.objects import assign, claim
from patterns.model.rules.parts import scopes
from patterns.model.rules.rows import Row, rows

_MANY = 3000
"""Stretches of text that are looked at for objects of a list."""
_FEWEST = 2
"""How many values a paragraph or sentence must give to be taken for one object of a list."""


@dataclass
class Reading:
    """A value, where its parts stand, and the needed fields that were not found (`customer.email`)."""

    value: Json = None
    sources: list[Source] = member(default_factory=list)
    missing: list[str] = member(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(source.confidence for source in self.sources)


def read(field: Field, evidence: Evidence, path: str = "$", known: Row | None = None) -> Reading:
    """The value of any field. What is known of an object beforehand stands above what is found."""
    if field.type == "object":
        return read_object(field, path, {**_settle(field, evidence), **(known or {})}, evidence)
    if field.type == "array":
        return read_array(field, evidence, path)
    if field.type == "union":
        return read_union(field, evidence, path)
    return read_one(field, evidence, path)


def read_one(field: Field, evidence: Evidence, path: str) -> Reading:
    """A single value by itself."""
    meaning = meaning_of(field)
    given = assign([claim(meaning, candidates(meaning, evidence) or only(field, evidence))])
    if field.name not in given:
        return Reading(missing=[field.name or "value"])
    found = given[field.name]
    return Reading(found.value, [source(path, found, evidence)])


def read_object(field: Field, path: str, given: Row, evidence: Evidence) -> Reading:
    """Fill an object: its own values are given, what it holds is looked for."""
    reading, values = Reading(), {}
    for name, found in given.items():
        values[name] = found.value
        reading.sources.append(source(f"{path}.{name}", found, evidence))
    for part in field.fields:
        if part.type in ("object", "array", "union") and part.name not in values:
            inner = _inside(field, part, evidence, f"{path}.{part.name}")
            if inner is not None:
                values[part.name] = inner.value
                reading.sources += inner.sources
    reading.value = {part.name: values[part.name] for part in field.fields if part.name in values}
    return _closed(field, reading)


def _settle(field: Field, evidence: Evidence) -> dict[str, Found]:
    """The values of an object's own fields."""
    meanings = [meaning_of(leaf) for leaf in field.leaves() if not _fixed(leaf) and not is_confidence(leaf)]
    return assign([claim(meaning, candidates(meaning, evidence)) for meaning in meanings])


def _fixed(field: Field) -> bool:
    """Whether there is only one value this field can have."""
    return len(field.options) == 1 and field.needed


def is_confidence(field: Field) -> bool:
    """Whether this field asks how sure the answer is, from 0 to 1."""
    return field.type == "number" and field.words[-1:] in (("confidence",), ("probability",), ("certainty",))


def _closed(field: Field, reading: Reading) -> Reading:
    """Fill what has one possible value, leave open what may be open, and name what is missing."""
    values = dict(reading.value) if isinstance(reading.value, dict) else {}
    for part in field.fields:
        if part.name in values:
            continue
        if _fixed(part):
            values[part.name] = part.options[0]
        elif is_confidence(part) and reading.sources:
            values[part.name] = min(one.confidence for one in reading.sources)
        elif part.needed:
            reading.missing.append(part.name)
        elif part.nullable and part.default is None:
            values[part.name] = None
    reading.value = {part.name: values[part.name] for part in field.fields if part.name in values}
    return reading


def _inside(field: Field, part: Field, evidence: Evidence, path: str) -> Reading | None:
    """A nested value, when something of it was found and nothing it needs is missing."""
    if part.type == "array":
        inner = read_array(part, evidence, path)
        return inner if inner.sources else None
    options = [read(part, scope.evidence, path, scope.known) for scope in scopes(field, part, evidence)]
    whole = [reading for reading in options if reading.sources and not reading.missing]
    return max(whole, key=lambda reading: reading.weight, default=None)


def read_union(field: Field, evidence: Evidence, path: str) -> Reading:
    """The one branch that fits the text best; nothing when two fit as well."""
    options = [read(branch, evidence, path) for branch in field.members]
    whole = sorted((r for r in options if r.sources and not r.missing), key=lambda r: -r.weight)
    if not whole or (len(whole) > 1 and whole[0].weight - whole[1].weight < 0.3):
        return Reading(missing=[field.name or "value"])
    return whole[0]


def read_array(field: Field, evidence: Evidence, path: str) -> Reading:
    """A list of values, or of objects: rows, log lines, paragraphs or sentences that each tell one."""
    item = field.items
    if item is None or item.type in ("array", "other", "union"):
        return Reading([], missing=[field.name or "value"])
    if item.type != "object":
        found = [one for one in read_list(field, evidence) if within(item, one.value)]
        found = found if long_enough(field, len(found)) else []
        sources = [source(f"{path}[{i}]", one, evidence) for i, one in enumerate(found)]
        return Reading([one.value for one in found], sources, [] if found else [field.name or "value"])
    made = _gathered(read_object(item, f"{path}[{i}]", row, evidence) for i, row in enumerate(rows(item, evidence)))
    made = made or _stretches(item, evidence, path)
    if not made or not long_enough(field, len(made)):
        return Reading([], missing=[field.name or "value"])
    return Reading([one.value for one in made], [source for one in made for source in one.sources])


def _gathered(readings: Iterable[Reading]) -> list[Reading]:
    """The readings, provided that none lacks what it needs."""
    made = list(readings)
    return made if made and not any(one.missing for one in made) else []


def _stretches(item: Field, evidence: Evidence, path: str) -> list[Reading]:
    """One object a stretch of text: of the ways to cut, the one that tells most."""
    ways = [_each(item, cut, path) for cut in _cuts(evidence)]
    return max(ways, key=lambda made: sum(one.weight for one in made), default=[])


def _each(item: Field, cut: list[Evidence], path: str) -> list[Reading]:
    made: list[Reading] = []
    for part in cut[:_MANY]:
        one = read(item, part, f"{path}[{len(made)}]")
        if len(one.sources) >= min(_FEWEST, len(item.fields)) and not one.missing:
            made.append(one)
    return made


def _cuts(evidence: Evidence) -> Iterator[list[Evidence]]:
    passage = evidence.passage
    logged = [evidence.part(*line) for line in passage.lines if passage.part(*line).logged]
    if logged:
        yield logged
        return
    if len(passage.blocks) > 1:
        yield [evidence.part(block.start, block.end) for block in passage.blocks]
    yield [evidence.part(*line) for line in passage.lines]
    yield [evidence.part(*sentence) for sentence in passage.sentences]


def source(path: str, found: Found, evidence: Evidence) -> Source:
    """Where a found value stands, for the result."""
    passage = evidence.passage
    text = passage.text[found.start : found.end]
    return Source(path, passage.input, found.start, found.end, text, round(found.confidence, 2))
