"""Where the text speaks of a nested object: a section or line that names it, labels that begin with its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.found import SURE, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.leaf import value_in
from patterns.model.rules.pairs import Pair

_NAMED = 0.85
_CALLED = frozenset({"name", "company", "full", "person", "organization"})


@dataclass(frozen=True)
class Scope:
    """A passage that can be about a nested object, and what is known of it before looking closer."""

    evidence: Evidence
    known: Mapping[str, Found] = field(default_factory=dict)


def scopes(parent: Field, part: Field, evidence: Evidence) -> Iterator[Scope]:
    """The passages that can be about a nested object.

    All of the text is one of them only when nothing beside the object has a field of the same name.
    """
    prefixed = _prefixed(part, evidence)
    whole = Meaning(replace(part, type="string", format="", options=(), fields=()))
    named = [pair for pair in evidence.passage.pairs if whole.fit(pair.tokens) >= _NAMED]
    for pair in named:
        scope = evidence.part(pair.value_start, pair.value_end)
        yield Scope(scope, {**_opening(part, pair, evidence), **prefixed})
    if not _shared(parent, part):
        yield Scope(evidence)
    elif prefixed and not named:
        yield Scope(evidence.part(0, 0), prefixed)


def _prefixed(part: Field, evidence: Evidence) -> dict[str, Found]:
    """Values behind labels that hold the object's name and a field's: `Customer email`, `customer.name`."""
    words = frozenset(part.words)
    found: dict[str, Found] = {}
    for pair in evidence.passage.pairs:
        rest = tuple(word for word in pair.tokens if word not in words)
        if not rest or len(rest) == len(pair.tokens):
            continue
        for leaf in part.leaves():
            meaning = Meaning(replace(leaf, context=frozenset()))
            one = value_in(meaning, evidence, pair.value_start, pair.value_end) if meaning.fit(rest) >= _NAMED else None
            if one is not None:
                found.setdefault(leaf.name, replace(one, confidence=one.confidence * SURE))
    return found


def _opening(part: Field, pair: Pair, evidence: Evidence) -> dict[str, Found]:
    """The name that the section or line about an object opens with."""
    first = evidence.passage.part(pair.value_start, pair.value_end).lines[0]
    if any(first.start <= other.start < first.end for other in evidence.passage.pairs):
        return {}
    for leaf in part.leaves():
        meaning = Meaning(leaf)
        if meaning.kind in ("person", "company", "text") and meaning.own - meaning.field.context <= _CALLED:
            one = value_in(meaning, evidence, *first)
            return {leaf.name: replace(one, confidence=0.9)} if one is not None and len(str(one.value)) <= 60 else {}
    return {}


def _shared(parent: Field, part: Field) -> bool:
    """Whether a name inside this object is also the name of something beside it."""
    inner = set(_names(part))
    others = {name for other in parent.fields if other is not part for name in (other.name, *_names(other))}
    return bool(inner & others)


def _names(part: Field) -> Iterator[str]:
    for member in (*part.fields, *(inner for branch in part.members for inner in branch.fields)):
        yield member.name
