"""Which label a text gets: by the words of labels and descriptions, and by the nearest examples."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from patterns.model.rules.lexicon import STOPWORDS
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.topics import topic_words
from patterns.model.rules.vocabulary import vocabulary
from patterns.model.rules.words import Word, stem, tokens

_NAME, _DESCRIPTION, _TOPIC, _EXAMPLES = 3.0, 1.6, 1.0, 4.0
_ENOUGH = 1.5
"""Evidence below this is none: about two topic words, or one word of a label."""
_LEAD = 0.3
"""How much of the best label's evidence the second may lack and still tie."""
_SHORT = 8
"""Content words of a text so short that one telling word will do, when nothing speaks for another label."""
_UNSURE = 0.54
_NEAR = 0.2
_LITTLE = STOPWORDS | vocabulary(
    """
    do does did not no so if then than too very just about all any some more most other others such only own same can
    anything everything something etc eg ie like related regarding concerning include including about label text
    message one they he she them him what which who how when where there here up down out off over under again once also
    """
)
_REST = vocabulary("other others misc miscellaneous none unknown general rest else")
_MANY = 3000


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chosen label, how sure, and the word of the text that weighs most."""

    label: str
    confidence: float
    place: Span


def classify(passage: Passage, labels: Mapping[str, str], examples: Sequence[tuple[str, str]] = ()) -> Verdict | None:
    """The label with clearly most evidence; None when there is too little, or two are as good."""
    words = [word for word in passage.words[:_MANY] if word.form not in _LITTLE]
    told = _same(passage, examples)
    if told is not None:
        return Verdict(told, 0.97, passage.trim(passage.start, passage.end))
    spoken = _spoken(words, labels)
    near = _nearest(words, examples)
    totals = {label: sum(spoken[label].values()) + _EXAMPLES * near.get(label, 0.0) for label in labels}
    ranked = sorted(totals, key=lambda label: -totals[label])
    best, second = totals[ranked[0]], totals[ranked[1]] if len(ranked) > 1 else 0.0
    only = best >= _TOPIC and not second and len(words) <= _SHORT
    if (best < _ENOUGH and not only) or best - second < _LEAD * best:
        return None
    clear = (best - second) / best
    confidence = 0.45 + 0.4 * clear * min(1.0, best / 4)
    if confidence < _UNSURE:
        return None
    return Verdict(ranked[0], round(confidence, 2), _heaviest(words, spoken[ranked[0]], passage))


def evidence_of(passage: Passage, labels: Mapping[str, str]) -> dict[str, float]:
    """How much the words of a text speak for each label; for several labels at once."""
    words = [word for word in passage.words[:_MANY] if word.form not in _LITTLE]
    return {label: sum(stems.values()) for label, stems in _spoken(words, labels).items()}


def _spoken(words: Iterable[Word], labels: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """For each label, the stems of the text that speak for it and how much; shared by labels counts less."""
    said = Counter(stem(word.form) for word in words)
    weights = {label: _weights(label, description) for label, description in labels.items()}
    shared = Counter(one for known in weights.values() for one in known)
    return {
        label: {
            one: weight / shared[one] * min(1.5, 1 + 0.25 * (said[one] - 1))
            for one, weight in known.items()
            if one in said
        }
        for label, known in weights.items()
    }


def _weights(label: str, description: str) -> dict[str, float]:
    weights = dict.fromkeys(topic_words(label), _TOPIC)
    weights |= {stem(word): _DESCRIPTION for word in tokens(description) if word not in _LITTLE}
    weights |= {stem(word): _NAME for word in tokens(label) if word not in _LITTLE | _REST}
    return weights


def _nearest(words: Sequence[Word], examples: Sequence[tuple[str, str]]) -> dict[str, float]:
    """For each label of the examples, the likeness of the nearest one (cosine of tf-idf over stems, 0 to 1)."""
    bags = [Counter(stem(word) for word in tokens(text) if word not in _LITTLE) for text, _ in examples]
    seen = Counter(one for bag in bags for one in bag)
    rarity = {one: 1.0 + math.log((1 + len(bags)) / (1 + count)) for one, count in seen.items()}
    mine = Counter(stem(word.form) for word in words)
    nearest: dict[str, float] = {}
    for bag, (_, label) in zip(bags, examples, strict=True):
        likeness = _cosine(mine, bag, rarity)
        if likeness >= _NEAR:
            nearest[label] = max(nearest.get(label, 0.0), likeness)
    return nearest


def _cosine(left: Mapping[str, int], right: Mapping[str, int], rarity: Mapping[str, float]) -> float:
    def length(bag: Mapping[str, int]) -> float:
        return math.sqrt(sum((count * rarity.get(one, 1.0)) ** 2 for one, count in bag.items()))

    shared = sum(left[one] * right[one] * rarity[one] ** 2 for one in left.keys() & right.keys())
    return shared / (length(left) * length(right)) if shared else 0.0


def _same(passage: Passage, examples: Sequence[tuple[str, str]]) -> str | None:
    """The label of an example with this very text."""
    text = " ".join(passage.text[passage.start : passage.end].split()).lower()
    labels = {label for example, label in examples if " ".join(example.split()).lower() == text}
    return labels.pop() if len(labels) == 1 and text else None


def _heaviest(words: Sequence[Word], spoken: Mapping[str, float], passage: Passage) -> Span:
    if not spoken:
        return passage.trim(passage.start, passage.end)
    best = max(words, key=lambda word: (spoken.get(stem(word.form), 0.0), -word.start))
    return Span(best.start, best.end)
