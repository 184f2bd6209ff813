"""Everything that speaks for a value of one field: labels, words beside it, its being the only one of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patterns.model.rules.choices import option, options_in
from patterns.model.rules.cues import Surroundings, cued, surroundings
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.fields import Field
from patterns.model.rules.flags import flag, flags_in
from patterns.model.rules.forms import distinct, forms, ranged, span_of_days
from patterns.model.rules.found import ALONE, CUED, FLOOR, SURE, Found
from patterns.model.rules.ids import codes
from patterns.model.rules.kinds import MONEY, unit_in_name
from patterns.model.rules.labels import Meaning
from patterns.model.rules.lexicon import CONTRARY, ENTITIES
from patterns.model.rules.limits import within
from patterns.model.rules.names import behind_label, told
from patterns.model.rules.pairs import Pair
from patterns.model.rules.passage import Passage
from patterns.model.rules.poles import choose, poles
from patterns.model.rules.sentiment import feeling
from patterns.model.rules.units import DIMENSIONS, dimension_of
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import Word, tokens

_NOTHING = re.compile(
    r"(?:n/?a|none(?: known)?|nothing|null|nil|unknown|tb[acd]|to be (?:confirmed|announced|determined)|not"
    r" (?:available|applicable|known|provided|specified|given|stated)|[-–—?.…_/]+|\(?empty\)?|keine?)\.?$",
    re.IGNORECASE,
)
_QUOTED = 0.85
"""What a label in a quoted reply is worth beside one in the letter itself."""
_HEDGE = re.compile(
    r"\b(?:might|could|(?-i:may)|would|should|if|maybe|perhaps|approximately|around|roughly|estimate[ds]?)\b[^.\n]{0,"
    r"32}$",
    re.IGNORECASE,
)
_GENERIC = vocabulary("price total amount cost value sum bill payment charge")
_SELF_EVIDENT = frozenset({"email", "url", "phone", "ip", "uuid"})
_FEELINGS = vocabulary("sentiment polarity tone mood attitude opinion feeling emotion")
_DEMAND = re.compile(
    r"\b(?:need(?:ed|s)?|required?|submit(?:ted)?|apply|pay|paid|payable|reply|respond|returned?|completed?"
    r"|finish(?:ed)?|send|sent|"
    r"deliver(?:ed)?|confirm|register|sign(?:ed)?)\b[^.\n]{0,32}\b(?:by|before|until|no later than)\s+(?:the )?$",
    re.IGNORECASE,
)
_SPOTS = vocabulary("seat room gate platform terminal")
_SPARSE = vocabulary("mass temperature speed power voltage area frequency")
_TYPED = vocabulary(
    """
    date datetime time duration email url phone ip uuid money currency percentage year quantity rating number
    """
)


def candidates(meaning: Meaning, evidence: Evidence) -> list[Found]:
    """What may fill this field, best first."""
    labelled = list(_labelled(meaning, evidence))
    found = [*labelled, *_told(meaning, evidence)]
    if not any(one.confidence >= FLOOR for one in found):
        found += _alone(meaning, evidence)
    found.sort(key=lambda one: (-one.confidence, one.start))
    return [one for one in found if one.confidence >= FLOOR and within(meaning.field, one.value)]


def _labelled(meaning: Meaning, evidence: Evidence) -> Iterator[Found]:
    """Values behind labels that name the field."""
    for pair in evidence.passage.pairs:
        fit = meaning.fit(pair.tokens)
        if fit < FLOOR:
            continue
        one = _value(meaning, evidence, pair)
        if one is not None:
            quoted = _QUOTED if evidence.passage.text.startswith(">", evidence.passage.line_start(pair.start)) else 1.0
            yield replace(one, confidence=round(one.confidence * fit * SURE * quoted, 4))


def _value(meaning: Meaning, evidence: Evidence, pair: Pair) -> Found | None:
    """The value behind one label, when it reads as the field's kind."""
    passage, end = evidence.passage, pair.value_end
    if pair.section and "address" not in meaning.own:
        line = passage.text.find("\n", pair.value_start, end)
        end = passage.trim(pair.value_start, line).end if line >= 0 else end
    if pair.column and meaning.kind not in _TYPED and "  " in passage.text[pair.value_start : end]:
        return None
    if meaning.kind == "percentage" and not {"rate", "percentage"} & set(tokens(pair.label)) - {"percentage"}:
        marked = distinct(forms(meaning.field, evidence.part(pair.start, end)))
        return marked[0] if len(marked) == 1 else None
    ends = ranged(meaning.field)
    if ends and meaning.kind in _TYPED and not ends & set(pair.tokens):
        found = distinct(forms(meaning.field, evidence.part(pair.value_start, end)))
        return found[0] if len(found) == 1 else None
    return value_in(meaning, evidence, pair.value_start, end)


def value_in(meaning: Meaning, evidence: Evidence, start: int, end: int) -> Found | None:
    """What stands between two offsets, read as the field's kind: a labelled value, or the cell of a table."""
    text = evidence.passage.text
    if start >= end or _NOTHING.match(text, start, end):
        return None
    if meaning.kind == "flag":
        said = flag(text, start, end)
        return Found(said[0], said[1], said[2], 1.0) if said else None
    if meaning.kind == "choice":
        chosen = option(meaning.field.options, text, start, end)
        return Found(*chosen) if chosen else None
    if meaning.kind in _TYPED:
        return _typed(meaning.field, evidence.part(start, end))
    if meaning.kind == "id":
        return _code(meaning.field, evidence, start, end)
    return behind_label(meaning, evidence.passage, start, end)


def _typed(field: Field, value: Evidence) -> Found | None:
    """The one value of the kind behind a label; the first when it opens the value and others follow."""
    found = distinct(forms(field, value, labelled=True))
    if len(found) == 1:
        return found[0]
    opening = found and found[0].start - value.passage.start <= 3
    return replace(found[0], confidence=found[0].confidence * 0.8) if opening else None


def _code(field: Field, evidence: Evidence, start: int, end: int) -> Found | None:
    """An identifier behind a label: the first code of it, or all of it when it is one word."""
    found = list(codes(field, evidence.part(start, end), labelled=True))
    text = evidence.passage.text
    lead = len(text[start:end]) - len(text[start:end].lstrip("#№ "))
    whole = text[start + lead : end]
    if (
        field.type == "string"
        and re.fullmatch(r"[A-Za-z0-9][\w./-]*(?: (?:[A-Z0-9]{2,6}|\d{2,12})){0,9}", whole)
        and len(whole) <= 48
    ):
        return Found(whole, start + lead, end, 1.0 if any(c.isdigit() for c in whole) else 0.85)
    if found and found[0].start - start <= 12:
        return found[0]
    spot = field.type == "string" and not found and set(field.words) & _SPOTS
    return Found(whole, start + lead, end, 0.9) if spot and len(whole) <= 48 else None


def _told(meaning: Meaning, evidence: Evidence) -> Iterator[Found]:
    """Values that sentences tell."""
    passage = evidence.passage
    if meaning.kind == "flag":
        yield from flags_in(meaning, passage)
    elif meaning.kind == "choice":
        yield from _felt(meaning, passage) if meaning.own & _FEELINGS else options_in(meaning, passage)
    elif meaning.kind in _TYPED:
        yield from cued(meaning, surroundings(forms(meaning.field, evidence), passage), passage)
        if ranged(meaning.field):
            single = surroundings(forms(meaning.field, evidence, labelled=True), passage)
            yield from cued(replace(meaning, exact=True), single, passage)
        yield from span_of_days(meaning.field, evidence)
        yield from _demanded(meaning, evidence)
    elif meaning.kind == "id":
        yield from _told_codes(meaning, evidence)
    if meaning.kind not in ("flag", "choice", "id"):
        yield from told(meaning, passage)


def _demanded(meaning: Meaning, evidence: Evidence) -> Iterator[Found]:
    """The day by which something is asked for, where the field is a deadline: `I need it by 30 June 2026`."""
    if meaning.kind != "date" or not meaning.own & {"due", "deadline"}:
        return
    text = evidence.passage.text
    for one in forms(meaning.field, evidence):
        if _DEMAND.search(text, max(evidence.passage.start, one.start - 56), one.start):
            yield replace(one, confidence=CUED - 0.1)


def _felt(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    """The sentiment of the whole text, where the field asks for one."""
    by_pole = poles(meaning.field.options)
    felt = feeling(passage) if by_pole else None
    chosen = choose(by_pole, felt) if by_pole and felt else None
    if felt and chosen:
        yield Found(chosen[0], felt.place.start, felt.place.end, chosen[1])


def _told_codes(meaning: Meaning, evidence: Evidence) -> Iterator[Found]:
    for one in cued(meaning, surroundings(list(codes(meaning.field, evidence)), evidence.passage), evidence.passage):
        if one.confidence >= 0.78:
            yield one


def _alone(meaning: Meaning, evidence: Evidence) -> list[Found]:
    """The only value of the kind in the text, when the name asks for no particular one and nothing contradicts."""
    own, kind = meaning.own - meaning.field.context, meaning.kind
    if kind not in _TYPED or kind in ("number", "duration"):
        return []
    found = distinct(forms(meaning.field, evidence))
    if len(found) != 1 or (own & CONTRARY and not own & CONTRARY <= ENTITIES | meaning.free_words):
        return []
    if kind in _SELF_EVIDENT or kind == "currency":
        return (
            [replace(found[0], confidence=ALONE + 0.1)]
            if own - ENTITIES - {"contact"} <= meaning.free_words | {kind}
            else []
        )
    if kind == "money" and not own - ENTITIES <= _GENERIC:
        return []
    if kind in ("date", "datetime", "time") and not own - ENTITIES <= meaning.free_words | {"when"}:
        return []
    if kind == "year" and own - ENTITIES != {"year"}:
        return []
    if kind == "quantity" and not _sparse(meaning):
        return []
    if _HEDGE.search(evidence.passage.text, max(evidence.passage.start, found[0].start - 40), found[0].start):
        return []
    place = surroundings(found, evidence.passage)[0]
    said = {word.form for word in _same_clause(place, evidence.passage.text)}
    against = (said & ((CONTRARY - ENTITIES - {"from", "to"}) | MONEY)) - meaning.own - meaning.free_words - _GENERIC
    return [] if against else [replace(found[0], confidence=ALONE * found[0].confidence)]


def only(field: Field, evidence: Evidence) -> list[Found]:
    """The one value of its type in the text, for a question that asks for nothing but that."""
    found = distinct(forms(field, evidence, labelled=True))
    if len(found) != 1 or not within(field, found[0].value):
        return []
    return [replace(found[0], confidence=ALONE)]


def _same_clause(place: Surroundings, text: str) -> list[Word]:
    """The words near a value that no comma parts from it."""
    before = [word for word in place.before[-4:] if "," not in text[word.end : place.found.start]]
    after = [word for word in place.after[:2] if "," not in text[place.found.end : word.start]]
    return before + after


def _sparse(meaning: Meaning) -> bool:
    """Whether what is measured is rarely told of two things in one text, or the field's name fixes the unit."""
    unit = dimension_of(unit_in_name(meaning.field))
    return any(DIMENSIONS.get(word) in _SPARSE for word in meaning.field.words) or unit in _SPARSE | {"length", "data"}
