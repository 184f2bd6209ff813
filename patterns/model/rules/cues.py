"""Words beside a value that say what it is: `the total comes to $45`, `12 employees`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from patterns.model.rules.found import CUED, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.lexicon import CONTRARY, ENTITIES, STOPWORDS
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import Word, stem, words_in

_BEFORE, _AFTER = 64, 40
_FARTHEST = 3
_STEP = 0.05
_SPREAD = 2
_COUNTED = frozenset({"number", "quantity", "rating", "percentage"})
"""Kinds whose name follows the value: `12 employees`."""
_MANY = 400
"""How many values of one kind are looked at in prose."""
_SILENT = (STOPWORDS - {"to", "by"}) | vocabulary(
    "january february march april may june july august september october november december"
)
_THRESHOLD = re.compile(r"\b(?:over|above|under|below|more than|less than|up to|at least|from)\s+$", re.IGNORECASE)
"""An amount behind these is a border, not a price."""
_DIRECTIONS = frozenset({"to", "by"})
_HARD_STOPS = ";!?()[]|"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A value and the telling words on both sides of it, in order, within its sentence."""

    found: Found
    before: tuple[Word, ...]
    after: tuple[Word, ...]


def surroundings(found: Sequence[Found], passage: Passage) -> list[Surroundings]:
    """The words around each value, up to the next value of the same kind or the end of the sentence."""
    ordered = sorted(found, key=lambda one: (one.start, one.end))[:_MANY]
    starts = [span.start for span in passage.sentences]
    made = []
    for index, one in enumerate(ordered):
        at = bisect_right(starts, one.start) - 1
        sentence = passage.sentences[at] if at >= 0 else passage
        left = max(sentence.start, one.start - _BEFORE, *(other.end for other in ordered[max(0, index - 1) : index]))
        right = min([sentence.end, one.end + _AFTER, *(other.start for other in ordered[index + 1 : index + 2])])
        left, right = _stop_left(passage.text, left, one.start), _stop_right(passage.text, one.end, right)
        made.append(Surroundings(one, _content(passage.text, left, one.start), _content(passage.text, one.end, right)))
    return made


def _stop_left(text: str, start: int, end: int) -> int:
    return max(start, *(text.rfind(mark, start, end) + 1 for mark in _HARD_STOPS))


def _stop_right(text: str, start: int, end: int) -> int:
    stops = [at for mark in _HARD_STOPS if (at := text.find(mark, start + 1, end)) >= 0]
    return min([end, *stops])


def _content(text: str, start: int, end: int) -> tuple[Word, ...]:
    while start > 0 and start < end and text[start - 1].isalnum() and text[start].isalnum():
        start += 1
    return tuple(word for word in words_in(text, start, end) if word.form not in _SILENT and not word.form.isdigit())


def cued(meaning: Meaning, around: Sequence[Surroundings], passage: Passage) -> list[Found]:
    """The values that words beside them call by this field's name; one mention names one value."""
    claims: dict[int, list[Found]] = {}
    for place in around:
        for confidence, mention in _mentions(meaning, place, passage.text):
            one = place.found
            threshold = meaning.kind == "money" and _THRESHOLD.search(passage.text, max(0, one.start - 12), one.start)
            if threshold or not passage.labelled_alike(mention, one.start):
                continue
            claims.setdefault(mention, []).append(Found(one.value, one.start, one.end, confidence * one.confidence))
    best = [max(rivals, key=lambda one: one.confidence) for rivals in claims.values()]
    return sorted(best, key=lambda one: (-one.confidence, one.start))


def _mentions(meaning: Meaning, place: Surroundings, text: str) -> list[tuple[float, int]]:
    """How strongly each mention of the field beside this value names it, with where the mention stands."""
    said = {word.form for word in (*place.before, *place.after)}
    counted = meaning.kind in _COUNTED
    sides = (
        (place.before[::-1], CUED - _STEP / 2 if counted else CUED, _FARTHEST),
        (place.after, CUED if counted else CUED - 0.08, 1),
    )
    mentions = []
    for phrase, weight in meaning.phrases:
        if not phrase <= said or phrase <= _DIRECTIONS:
            continue
        for words, base, farthest in sides:
            at, reach = _find(words, phrase, farthest, meaning.free_words)
            if reach and not _contrary(_near(words, at + reach, text), phrase, meaning):
                mention = words[at]
                steps = sum(word.form not in meaning.free_words | _DIRECTIONS for word in words[:at])
                steps += text.count(
                    ",",
                    *sorted(
                        (mention.end, place.found.start)
                        if mention.start < place.found.start
                        else (place.found.end, mention.start)
                    ),
                )
                steps += 2 * (reach > len(phrase))
                mentions.append((weight * (base - _STEP * steps), mention.start))
    return mentions or _embraced(meaning, place)


def _embraced(meaning: Meaning, place: Surroundings) -> list[tuple[float, int]]:
    """A count between the verb and the noun of its name: `fixes 14 bugs` for `bugs_fixed`."""
    if meaning.kind != "number" or len(meaning.own) < 2 or not place.after:
        return []
    wanted = {stem(word) for word in meaning.own}
    before, after = {stem(word.form) for word in place.before[-2:]}, stem(place.after[0].form)
    return [(CUED - 0.1, place.after[0].start)] if after in wanted and wanted <= before | {after} else []


def _find(words: Sequence[Word], phrase: frozenset[str], farthest: int, free: frozenset[str]) -> tuple[int, int]:
    """How many words away the phrase is, nearest first, and over how many it stretches; zero when it is not there.

    Words that change nothing do not count as distance; a phrase may be spread over a few words more than its own.
    """
    far = 0
    for at in range(len(words)):
        if words[at].form in phrase:
            for reach in range(len(phrase), len(phrase) + 1 + _SPREAD * (len(phrase) > 1)):
                if phrase <= {word.form for word in words[at : at + reach]}:
                    return at, reach
        far += words[at].form not in free | _DIRECTIONS
        if far > farthest:
            break
    return 0, 0


def _near(words: Sequence[Word], count: int, text: str) -> Sequence[Word]:
    """These words, and the next one when only white space parts it from them."""
    if count >= len(words):
        return words
    first, last = sorted((words[count - 1], words[count]), key=lambda word: word.start)
    return words[: count + 1] if text[first.end : last.start].isspace() else words[:count]


def _contrary(near: Sequence[Word], phrase: frozenset[str], meaning: Meaning) -> bool:
    """Whether a word between, or right at the phrase, says that something else is meant."""
    against = CONTRARY - ENTITIES if meaning.kind in _COUNTED or meaning.kind == "money" else CONTRARY
    return any(
        word.form in against and word.form not in phrase | _DIRECTIONS and word.form not in meaning.free_words
        for word in near
    )
