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
    r"\b(?:not|no|never|none|without|nothing|nobody|neither|nor|cannot|hardly|lacks?|isn['’]?t|aren['’]?t|wasn['’]?t|don['’]?t|doesn['’]?t|"
    r"didn['’]?t|won['’]?t|wouldn['’]?t|can['’]?t|couldn['’]?t|hasn['’]?t|haven['’]?t|hadn['’]?t|shouldn['’]?t)\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"\b(?:if|whether|maybe|perhaps|might|may|could|should|would|will|shall|must|can|unless|until|once|when|please|possibly|"
    r"probably|hopefully|expect(?:ed)?|plan(?:s|ned)?|going to|want(?:s|ed)?|need(?:s|ed)?|to be|ask(?:ed|ing)?|wonder|to)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(r"\b(?:unlikely|likely|possible|possibly|doubtful|uncertain|unclear|unknown|expected|planned|optional|tomorrow|soon|later|next)\b", re.I)
_AUXILIARY = vocabulary(
    """
    is has have was are do does can will would should could in of for a the be requires
    """
)
_NEAR = 48
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
        if last is None:
            continue
        said = _said(passage, Span(first.start, last.end), allowed)
        if said is not None:
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
    text = passage.text
    start = max(passage.start, span.start - _NEAR)
    for mark in (". ", "! ", "? ", "\n", "; ", ", but ", ", "):
        start = max(
            start, text.rfind(mark, start, span.start) + len(mark) if mark in text[start : span.start] else start
        )
    before, after = text[start : span.start], text[span.end : min(passage.end, span.end + 24)]
    after = re.split(r"[.!;,\n]", after, maxsplit=1)[0]
    if "?" in after or _DOUBT.search(after) or [w for w in _MAYBE.findall(before) if w.lower() not in allowed]:
        return None
    negations = len(_NEGATION.findall(before)) + len(re.findall(r"^\W*(?:is |was |are )?(?:not|never)\b", after))
    if re.search(r"(?:\bnon|\bun)-?$", before):
        negations += 1
    return negations % 2 == 0
