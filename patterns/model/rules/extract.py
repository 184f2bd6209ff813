"""From a field tree and texts to a value with sources: what is not found stays open, and is said."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as member

from patterns.exchange import Source
from patterns.messages import Json
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.found import Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.leaf import candidates
from patterns.model.rules.objects import assign


@dataclass
class Reading:
    """A value, where its parts stand, and the needed fields that were not found (dotted names)."""

    value: Json = None
    sources: list[Source] = member(default_factory=list)
    missing: list[str] = member(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.sources)


def source(path: str, found: Found, evidence: Evidence) -> Source:
    passage = evidence.passage
    return Source(
        path, passage.input, found.start, found.end, passage.text[found.start : found.end], round(found.confidence, 2)
    )


def read_object(field: Field, evidence: Evidence, path: str = "$") -> Reading:
    """Fill an object from a passage."""
    leaves = list(field.leaves())
    claims = {}
    for leaf in leaves:
        if len(leaf.options) == 1 and leaf.needed:
            continue
        meaning = Meaning(leaf)
        claims[leaf.name] = (meaning.kind, candidates(meaning, evidence))
    given = assign(claims)
    reading, value = Reading(), {}
    for part in field.fields:
        if part.name in given:
            value[part.name] = given[part.name].value
            reading.sources.append(source(f"{path}.{part.name}", given[part.name], evidence))
        elif len(part.options) == 1 and part.needed:
            value[part.name] = part.options[0]
        elif part.needed:
            reading.missing.append(part.name)
        elif part.nullable and part.default is None:
            value[part.name] = None
    reading.value = value
    return reading
