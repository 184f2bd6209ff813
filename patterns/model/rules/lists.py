"""Lists of single values: behind a label, under a heading, in a sentence, or every value of a self-evident kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patterns.model.rules.choices import options_in
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.forms import distinct, forms
from patterns.model.rules.found import CUED, FLOOR, SURE, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.leaf import value_in
from patterns.model.rules.lexicon import ENTITIES
from patterns.model.rules.pairs import Pair
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.words import stem

_BULLET = re.compile(r"[ \t]*(?:[-*•◦‣>]|\d{1,2}[.)]|\[[ xX]\])[ \t]+(?:\[[ xX]\][ \t]+)?")
_SEPARATOR = re.compile(
    r"\s*[;|•·]\s*|\s*,\s*(?:and|or|und|et|&)\s+|\s*,\s+(?!\d{3}\b)|\s*,(?=[^\d\s])|\s+(?:and|und|et|&)\s+|\s+/\s+"
)
_TELLS = r"(?:\s+(?:are|is|include|includes|including|such as|like|in|with|of|required|needed)){1,2}:?\s+|:\s+"
_SKILLS = re.compile(
    r"\b(?:experienced?|proficien(?:t|cy)|skilled|expertise|fluent|familiar(?:ity)?|knowledge|expert|specialize[sd]?|versed)\s+(?:in|with|of)\s+",
    re.IGNORECASE,
)
_HASHTAG = re.compile(r"(?<![\w&])#([^\W\d_][\w-]{0,60})")
_SELF_EVIDENT = frozenset({"email", "url", "phone", "ip", "uuid"})
_LONGEST_ITEM = 4


def read_list(field: Field, evidence: Evidence) -> list[Found]:
    """The values of a list, in order of the text; empty when the text does not say what they are."""
    assert field.items is not None
    meaning, item = Meaning(replace(field, type="string", format="", options=())), Meaning(field.items)
    for found in (_labelled(meaning, item, evidence), _told(meaning, item, evidence), _every(meaning, item, evidence)):
        if found:
            return found
    return []


def _labelled(meaning: Meaning, item: Meaning, evidence: Evidence) -> list[Found]:
    """The items behind the best label; two equally good labels with different values are a tie."""
    best: list[tuple[float, Pair]] = sorted(
        ((fit, pair) for pair in evidence.passage.pairs if (fit := meaning.fit(pair.tokens)) >= FLOOR),
        key=lambda rated: -rated[0],
    )
    for fit, pair in best:
        spans = list(_parts(evidence.passage, pair))
        read = [one for span in spans for one in [value_in(item, evidence, *span)] if one is not None]
        if read and len(read) >= len(spans) * 0.6:
            return [replace(one, confidence=round(one.confidence * fit * SURE, 4)) for one in read]
    return []


def _parts(passage: Passage, pair: Pair) -> Iterator[Span]:
    """Where the items of a labelled list stand: one a line, or set apart by commas."""
    lines = passage.part(pair.value_start, pair.value_end).lines
    if pair.section and (len(lines) > 1 or _BULLET.match(passage.text, pair.value_start)):
        for line in lines:
            bullet = _BULLET.match(passage.text, *line)
            yield Span(bullet.end() if bullet else line.start, _unstopped(passage.text, *line))
        return
    yield from split(passage, pair.value_start, pair.value_end)


def split(passage: Passage, start: int, end: int) -> Iterator[Span]:
    """The parts of an enumeration: `Python, SQL and Go`."""
    at, end = start, _unstopped(passage.text, start, end)
    for mark in _SEPARATOR.finditer(passage.text, start, end):
        if mark.start() > at:
            yield passage.trim(at, mark.start())
        at = mark.end()
    if at < end:
        yield passage.trim(at, end)


def _unstopped(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ".,; ":
        end -= 1
    return end


def _told(meaning: Meaning, item: Meaning, evidence: Evidence) -> list[Found]:
    """An enumeration in a sentence that names the field: `Her skills include Python, SQL and Go`."""
    if item.kind == "choice":
        return distinct(
            sorted(
                options_in(replace(item, field=replace(item.field, name=meaning.field.name)), evidence.passage),
                key=lambda one: one.start,
            )
        )
    if item.kind in _SELF_EVIDENT or item.kind in ("number", "date"):
        return []
    passage = evidence.passage
    for start in _openings(meaning, passage):
        sentence = next((s for s in passage.sentences if s.start <= start < s.end), None)
        stop = (
            min(
                sentence.end,
                *(
                    at
                    for m in (";", "(", " - ", " – ", ", but ")
                    if (at := passage.text.find(m, start, sentence.end)) > 0
                ),
                sentence.end,
            )
            if sentence
            else start
        )
        spans = list(split(passage, start, stop))
        if len(spans) > 1 and all(len(passage.text[slice(*s)].split()) <= _LONGEST_ITEM for s in spans):
            read = [one for span in spans for one in [value_in(item, evidence, *span)] if one is not None]
            if len(read) == len(spans):
                return [replace(one, confidence=CUED - 0.1) for one in read]
    return []


def _openings(meaning: Meaning, passage: Passage) -> Iterator[int]:
    """Where an enumeration of the field may begin."""
    for words in {" ".join(meaning.field.name.split("_"))}:
        pattern = re.compile(rf"\b{re.escape(words)}\b(?:{_TELLS})", re.IGNORECASE)
        yield from (match.end() for match in pattern.finditer(passage.text, passage.start, passage.end))
    if {stem(word) for word in meaning.own} & {stem("skill"), stem("technology"), stem("expertise")}:
        yield from (match.end() for match in _SKILLS.finditer(passage.text, passage.start, passage.end))


def _every(meaning: Meaning, item: Meaning, evidence: Evidence) -> list[Found]:
    """All values of the kind, where the field asks for just that: `emails`, `dates`, `hashtags`."""
    passage = evidence.passage
    if meaning.own & {"hashtag", "tag"}:
        return [
            Found(m[1], m.start(1), m.end(1), 0.8) for m in _HASHTAG.finditer(passage.text, passage.start, passage.end)
        ]
    plain = meaning.own - ENTITIES - {"all", "mentioned", "contact"}
    kind = {"email": "email", "url": "url", "phone": "phone", "date": "date", "ip": "ip", "uuid": "uuid"}.get(item.kind)
    if kind and plain <= item.free_words | {kind, "link", "ip"}:
        return [replace(one, confidence=0.8) for one in distinct(forms(item.field, evidence))]
    if item.kind == "money" and plain <= {"price", "amount"}:
        return [replace(one, confidence=0.75) for one in forms(item.field, evidence)]
    return []
