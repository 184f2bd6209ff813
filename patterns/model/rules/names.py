"""Which person, company, job or place a field means: by its label, or by what the text says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patterns.model.rules import firms, people
from patterns.model.rules.callings import is_job
from patterns.model.rules.cues import cued, surroundings
from patterns.model.rules.forms import distinct
from patterns.model.rules.found import ALONE, CUED, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.lexicon import ENTITIES
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary

_SENDERS = vocabulary("sender author from signatory writer signed reviewer")
_RECIPIENTS = vocabulary("recipient to addressee attention")
_SUBJECTS = vocabulary("name full person customer user employee candidate applicant patient student member contact")
_BUYERS = vocabulary("customer recipient to buyer bill")
_AFTER_NAME = re.compile(
    r"\s*(?:[<(\[|;]|,\s*(?=[^,\n]*[\d@])|,\s+(?=[a-z])|(?<=\w{3})\.\s|\s[-–—]\s|\s+at\s|<|\t| {3,}).*$", re.DOTALL
)
_AFTER_COMPANY = re.compile(r"\s*(?:[<(\[|;]|,\s*(?=[^,\n]*[\d@])|\s[-–—]\s|\t| {3,}).*$", re.DOTALL)
_AFTER_JOB = re.compile(r"\s*(?:[<(\[|;]|\s+at\s+[A-Z]|\t| {3,}).*$", re.DOTALL)
_CUTS = {"person": _AFTER_NAME, "company": _AFTER_COMPANY, "occupation": _AFTER_JOB}
_MAIL_ONLY = re.compile(r"\S+@\S+")


def behind_label(meaning: Meaning, passage: Passage, start: int, end: int) -> Found | None:
    """The words behind a label, without the address or the remark that follows a name."""
    cut = _CUTS.get(meaning.kind)
    text = passage.text[start:end]
    kept = cut.sub("", text) if cut else text
    kept = kept.rstrip(" ,;") if cut else kept
    if not kept.strip():
        return None
    if meaning.kind == "person" and not _can_be_person(kept, meaning):
        return None
    if meaning.kind == "place" and len(kept) > 80:
        return None
    return Found(kept, start, start + len(kept), 1.0)


def _can_be_person(words: str, meaning: Meaning) -> bool:
    if _MAIL_ONLY.fullmatch(words):
        return bool(meaning.own & (_SENDERS | _RECIPIENTS))
    return len(words.split()) <= 8 and any(c.isalpha() for c in words)


def told(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    """What sentences, greetings and signatures say of this field."""
    own = meaning.own
    if meaning.kind == "person":
        yield from _people(meaning, passage)
    elif meaning.kind == "company":
        yield from _companies(meaning, passage)
    elif meaning.kind == "occupation":
        yield from people.occupations(passage)
        yield from _headline(passage)
    elif meaning.kind == "place":
        yield from _places(own, passage)
    elif meaning.kind == "text" and own & {"title", "headline", "heading"}:
        yield from _heading(passage)
    elif meaning.kind == "number" and own == {"age"}:
        yield from people.ages(passage)


def _headline(passage: Passage) -> Iterator[Found]:
    """A job that is all of the first line: the headline of an advert."""
    if not passage.lines:
        return
    line = passage.text[slice(*passage.lines[0])]
    job = re.sub(r"\s*\((?:[mfdwx]\s?/\s?)+[mfdwx]\)|\s*\(all genders\)|^#+\s*", "", line).strip()
    if len(job.split()) <= 6 and is_job(job) and not re.search(r"[.:!?,;|\d]", job) and job[0].isupper():
        start = passage.text.find(job, passage.lines[0].start)
        yield Found(job, start, start + len(job), CUED - 0.05)


def _heading(passage: Passage) -> Iterator[Found]:
    """The first heading of a document in Markdown."""
    match = re.compile(r"\s*#\s+([^\n#]{1,120}?)[ \t#]*(?:\n|$)").match(passage.text, passage.start, passage.end)
    if match:
        yield Found(match[1], *match.span(1), CUED)


def _people(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    own = meaning.own - meaning.free_words if meaning.own - {"name", "full"} else meaning.own
    part = own & {"forename", "surname", "first", "last", "given", "family"}
    if part:
        yield from _parts(bool(own & {"forename", "first", "given"}), passage)
        return
    if own & _SENDERS:
        yield from people.signers(passage)
    if own & _RECIPIENTS:
        yield from people.greeted(passage)
    if own <= _SUBJECTS:
        yield from people.subjects(passage)
    elif own & _SENDERS:
        yield from (one for one in people.subjects(passage) if _of_self(passage, one))
    if own - {"name", "full"}:
        around = surroundings(list(people.names_in(passage)), passage)
        yield from (one for one in cued(meaning, around, passage) if one.confidence >= CUED - 0.1)


def _of_self(passage: Passage, one: Found) -> bool:
    return bool(
        re.search(r"(?:name is|name['’]s|I am|I['’]m|This is)\s+$", passage.text[max(0, one.start - 16) : one.start])
    )


def _parts(first: bool, passage: Passage) -> Iterator[Found]:
    """The first or the last word of the name the text is about; only where a name has two words."""
    for one in people.subjects(passage):
        words = str(one.value).split()
        if len(words) == 2:
            start = one.start if first else one.end - len(words[1])
            yield Found(
                words[0] if first else words[1], start, start + len(words[0] if first else words[1]), CUED - 0.05
            )


def _companies(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    own = meaning.own
    if own & {"company", "employer", "organization"}:
        yield from firms.employers(passage)
    suffixed = distinct(list(firms.companies(passage)))
    around = surroundings(suffixed, passage)
    yield from (one for one in cued(meaning, around, passage) if one.confidence >= CUED - 0.1)
    if (
        len(suffixed) == 1
        and own - ENTITIES <= {"company", "name", "organization", "vendor", "employer"}
        and not own & _BUYERS
    ):
        yield replace(suffixed[0], confidence=ALONE + 0.1)
    elif len(suffixed) > 1 and own & {"vendor"} and passage.lines and suffixed[0].start == passage.lines[0].start:
        yield replace(suffixed[0], confidence=ALONE)


def _places(own: frozenset[str], passage: Passage) -> Iterator[Found]:
    for one in firms.places(passage):
        text = str(one.value)
        if own & {"city", "hometown"} and "," in text:
            text = text.split(",")[0]
        yield Found(text, one.start, one.start + len(text), one.confidence)
