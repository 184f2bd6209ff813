"""Yes or no: behind a label, or said in a sentence that is neither a question nor a maybe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.model.rules.found import CUED, Found
from patterns.model.rules.labels import Meaning
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import Word, stem, words_in

_YES = vocabulary(
    """
    yes y true ja oui si sí on enabled active checked x ✓ ✔ ☑ ✅ confirmed available included required 1
    """
)
_NO = vocabulary(
    """
    no n false nein non off disabled inactive unchecked none not never ✗ ✘ ☐ ❌ unavailable excluded 0 nope
    """
)
_MARK = re.compile(r"[\[(]?\s*([^\W_]+|[✓✔☑✅✗✘☐❌])")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|without|nothing|nobody|neither|nor|cannot|hardly|lacks?|isn['’]?t|aren['’]?t|wasn['’]?t"
    r"|don['’]?t|doesn['’]?t|"
    r"didn['’]?t|won['’]?t|wouldn['’]?t|can['’]?t|couldn['’]?t|hasn['’]?t|haven['’]?t|hadn['’]?t|shouldn['’]?t)\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"\b(?:if|whether|maybe|perhaps|might|(?-i:may)|could|should|would|will|shall|must|can|unless|until|once|when"
    r"|please|possibly|"
    r"probably|hopefully|expect(?:ed)?|plan(?:s|ned)?|going to|want(?:s|ed)?|need(?:s|ed)?|to be|ask(?:ed|ing)?"
    r"|wonder|to)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:unlikely|likely|possible|possibly|doubtful|uncertain|unclear|unknown|expected|planned|optional|tomorrow"
    r"|soon|later|next)\b",
    re.I,
)
_AUXILIARY = vocabulary(
    """
    is has have was are do does can will would should could in of for a the be requires
    """
)
_BORDER = re.compile(r"[.!?]\s|\n|[;,:]\s|\s(?:and|but)\s")
_NOT_AFTER = re.compile(r"^\W*(?:(?:is|was|are|were|has|have) )?(?:been )?(?:not|never|no longer)\b", re.IGNORECASE)
_STATED = re.compile(
    r"(?:\b(?:is|are|was|were|been|being|am|fully|completely|marked|flagged|includes?|including|with|has|have"
    r"|offers?)|['’]s|['’]re)"
    r"(?: (?:a|an|the|now|already|also|still|very|fully|its|their|own|fairly|really|all|both|under|in|on|as)){0,2}\s+$",
    re.IGNORECASE,
)
"""A word that states what follows: `is`, `has a`, `marked as`."""
_HELD = re.compile(
    r"\s+(?:is|are|was|were|has been|have been)\s+(?:also |now )?(?:included|allowed|available|possible|provided"
    r"|permitted|welcome|yes|free)\b",
    re.I,
)
"""What is said to be there: `Pets are allowed`."""
_DONE = re.compile(
    r"\b(?:I|we|you|he|she|they|it|who|have|has|had|customer|client|already)(?: (?:already|just|also|now))?\s+$",
    re.IGNORECASE,
)
"""Somebody did it: `I paid`."""
_SUBJECT = re.compile(
    r"\b(?:I|we|he|she|they|everyone|would|will|definitely|highly)(?: (?:would|will|highly|definitely|gladly"
    r"|strongly))*\s+$",
    re.IGNORECASE,
)
_SAID = frozenset({"recommend", "recommended", "recommends", "recommendation", "buy", "return", "again"})
_NEAR, _AFTER = 48, 32
_MANY = 200


def flag(text: str, start: int, end: int) -> tuple[bool, int, int] | None:
    """The yes or no that a labelled value begins with, and where it stands."""
    match = _MARK.match(text, start, end)
    word = match[1].lower() if match else ""
    if match is None or (word not in _YES and word not in _NO):
        return None
    return word in _YES, match.start(1), match.end(1)


def flags_in(meaning: Meaning, passage: Passage) -> Iterator[Found]:
    """Sentences that say the field's words, plainly or negated."""
    wanted = [stem(word) for word in meaning.field.words if word not in _AUXILIARY]
    if not wanted:
        return
    allowed = set(meaning.field.name.lower().split("_"))
    places = [word for word in passage.words if stem(word.form) == wanted[0]][:_MANY]
    for first in places:
        last = _rest(wanted, first, passage)
        said = _said(passage, Span(first.start, last.end), allowed) if last else None
        if last and said is not None:
            yield Found(said, first.start, last.end, CUED - 0.05 if said else CUED - 0.07)


def _rest(wanted: list[str], first: Word, passage: Passage) -> Word | None:
    """The last word of the field's name in the text, when all of them follow the first closely."""
    last, left = first, wanted[1:]
    for word in words_in(passage.text, first.end, min(passage.end, first.end + 40)):
        if left and stem(word.form) == left[0]:
            last, left = word, left[1:]
    return last if not left else None


def _said(passage: Passage, span: Span, allowed: set[str]) -> bool | None:
    """What the clause around these words says: yes, no, or nothing that can be relied on."""
    before, after = _clause(passage, span)
    if "?" in after or _DOUBT.search(after) or any(w.lower() not in allowed for w in _MAYBE.findall(before)):
        return None
    negations = len(_NEGATION.findall(before)) + len(_NOT_AFTER.findall(after))
    if negations:
        return negations % 2 == 0
    stated = _STATED.search(before) or _HELD.match(after) or (allowed & _SAID and _SUBJECT.search(before))
    done = _DONE.search(before) and passage.text[span.start : span.end].lower() in allowed
    return True if stated or done else None


def _clause(passage: Passage, span: Span) -> tuple[str, str]:
    """What stands before and after some words in their clause."""
    text = passage.text
    before = _BORDER.split(text[max(passage.start, span.start - _NEAR) : span.start])[-1]
    after = text[span.end : min(passage.end, span.end + _AFTER)]
    return before, re.split(r"[.!;,\n]", after, maxsplit=1)[0]
