"""Words beside a value that say what it is: `the total comes to $45`, `12 employees`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from patterns.model.rules.found import CUED, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.lexicon import CONTRARY, STOPWORDS
from patterns.model.rules.passage import Passage
from patterns.model.rules.words import Word, words_in

_BEFORE, _AFTER = 64, 40
_FARTHEST = 3
_STEP = 0.05
_MANY = 400
"""How many values of one kind are looked at in prose."""
_HARD_STOPS = ";!?()[]|\n"


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
    return tuple(word for word in words_in(text, start, end) if word.form not in STOPWORDS)


def cued(meaning: Meaning, around: Sequence[Surroundings]) -> list[Found]:
    """The values that words beside them call by this field's name; one mention names one value."""
    claims: dict[int, list[Found]] = {}
    for place in around:
        for confidence, mention in _mentions(meaning, place):
            one = place.found
            claims.setdefault(mention, []).append(Found(one.value, one.start, one.end, confidence * one.confidence))
    best = [max(rivals, key=lambda one: one.confidence) for rivals in claims.values()]
    return sorted(best, key=lambda one: (-one.confidence, one.start))


def _mentions(meaning: Meaning, place: Surroundings) -> list[tuple[float, int]]:
    """How strongly each mention of the field beside this value names it, with where the mention stands."""
    free = meaning.free_words
    before = [word for word in reversed(place.before)]
    mentions = []
    said = {word.form for word in (*place.before, *place.after)}
    for phrase, weight in meaning.phrases:
        if not phrase <= said:
            continue
        for words, base, farthest in ((before, CUED, _FARTHEST), (list(place.after), CUED - 0.08, 1)):
            at = _find(words, phrase, farthest, free)
            if at is not None and not _contrary(words, at, phrase, free):
                skipped = sum(word.form not in free for word in words[:at])
                mentions.append((weight * (base - _STEP * skipped), words[at].start))
    return mentions


def _find(words: Sequence[Word], phrase: frozenset[str], farthest: int, free: frozenset[str]) -> int | None:
    """Where the phrase stands in these words, nearest first; words that change nothing do not count as distance."""
    far = 0
    for at in range(len(words)):
        if {word.form for word in words[at : at + len(phrase)]} == phrase:
            return at
        far += words[at].form not in free
        if far > farthest:
            return None
    return None


def _contrary(words: Sequence[Word], at: int, phrase: frozenset[str], free: frozenset[str]) -> bool:
    """Whether a word between, or right at the phrase, says that something else is meant."""
    near = words[: at + len(phrase) + 1]
    return any(word.form in CONTRARY and word.form not in phrase and word.form not in free for word in near)
