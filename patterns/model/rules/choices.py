"""One of the words of an enum: behind a label, or said in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from patterns.messages import Json
from patterns.model.rules.flags import _NEGATION
from patterns.model.rules.found import ALONE, CUED, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import Word, stem, tokens, words_in

_SAYS = re.compile(r"(?:^|[.!?]\s+)(?:(?:this|it|that) (?:is|was)|(?:it|that)['’]s)\s+$", re.IGNORECASE)
_PLAIN = vocabulary(
    """
    high low medium normal small large big new old good bad open other none yes no true false on off a b c d e m
    f s l first second general standard basic free full short long hot cold easy hard light dark red green blue
    info public private home work fast slow left right critical major minor error debug question it is and or
    not test simple active positive negative neutral mixed unknown male female one two three
    """
)
"""Words too common to be an answer by themselves: the field's name must stand near."""
_MEANS: Mapping[str, tuple[str, ...]] = {
    "full_time": ("full-time", "fulltime"), "part_time": ("part-time", "parttime"), "male": ("man", "he", "mr"),
    "female": ("woman", "she", "mrs", "ms"), "warning": ("warn",), "critical": ("fatal",),
    "remote": ("home office", "work from home"), "cancelled": ("canceled",), "canceled": ("cancelled",),
    "contract": ("contractor", "freelance"), "freelance": ("freelancer",),
}  # fmt: skip


def option(options: tuple[Json, ...], text: str, start: int, end: int) -> tuple[Json, int, int, float] | None:
    """The one option that a labelled value names, where, and how well; nothing when two are named."""
    named = [(choice, span) for choice in options for span in _spoken(choice, text, start, end)[:1]]
    longest = [(c, s) for c, s in named if not any(o is not c and _covers(t, s) for o, t in named)]
    if len({repr(c) for c, _ in longest}) != 1:
        return None
    choice, span = longest[0]
    return choice, span.start, span.end, 1.0 if span.start - start < 3 else 0.9


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer != inner


def _spoken(choice: Json, text: str, start: int, end: int) -> list[Span]:
    """Where an option, or a way to say it, stands as words of their own."""
    spellings = (str(choice), *_MEANS.get(str(choice).lower().replace("-", "_").replace(" ", "_"), ()))
    spans = [Span(*m.span()) for m in _pattern(spellings).finditer(text, start, end)] if str(choice).strip() else []
    return sorted(spans)


@lru_cache(maxsize=1024)
def _pattern(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """The spellings with any separator between their words, in any case, inflected at the end."""
    ways = "|".join(r"[\s_-]?".join(re.escape(part) for part in re.split(r"[\s_-]+", way) if part) for way in spellings)
    return re.compile(rf"(?<![\w-])(?:{ways})(?![\w-])", re.IGNORECASE)


def options_in(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    """Options said in prose: weak words only beside the field's name, none that is negated."""
    names = {stem(word) for phrase, weight in meaning.phrases if weight > 0.95 for word in phrase}
    for choice in meaning.field.options:
        for span in _spoken(choice, passage.text, passage.start, passage.end)[:50]:
            before = passage.text[max(passage.start, span.start - 24) : span.start]
            if _NEGATION.search(re.split(r"[.,;:!?\n]", before)[-1]):
                continue
            near = {stem(w.form) for w in _around(passage, span)} - {stem(w) for w in tokens(str(choice))}
            if _SAYS.search(before):
                yield Found(choice, *span, ALONE)
            if names & near:
                yield Found(choice, *span, CUED)
            elif isinstance(choice, str) and not all(word in _PLAIN for word in re.split(r"[\s_-]+", choice.lower())):
                yield Found(choice, *span, ALONE + 0.05)


def _around(passage: Passage, span: Span) -> Iterator[Word]:
    """The words within a few steps of a span, in its line."""
    left = max(passage.start, passage.text.rfind("\n", passage.start, span.start) + 1, span.start - 32)
    stop = passage.text.find("\n", span.end, passage.end)
    right = min(passage.end if stop < 0 else stop, span.end + 24)
    yield from words_in(passage.text, left, span.start)
    yield from words_in(passage.text, span.end, right)
