"""Labels that stand for feelings: which of positive, negative, neutral or mixed each of them means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from patterns.messages import Json
from patterns.model.rules.sentiment import Feeling

_POLES = {
    "positive": "positive pos good happy favorable favourable satisfied pleased praise optimistic promoter up 👍 😊 🙂",
    "negative": "negative neg bad unhappy unfavorable unfavourable dissatisfied displeased critical pessimistic "
    "detractor down 👎 😞 🙁",
    "neutral": "neutral neither objective factual ok okay indifferent balanced passive none 😐",
    "mixed": "mixed both ambivalent conflicted",
}
_POLE_OF = {word: pole for pole, words in _POLES.items() for word in words.split()}
_STRONG = re.compile(r"\b(?:very|strongly|extremely|highly|most)\b")
_WEAK = re.compile(r"\b(?:slightly|somewhat|mildly|rather|weakly)\b")
_VERY = 0.75


def poles(options: Sequence[Json]) -> Mapping[str, tuple[Json, ...]] | None:
    """The options by the pole they mean; None unless all of them mean one, and both ends are there."""
    found: dict[str, tuple[Json, ...]] = {}
    for option in options:
        words = re.split(r"[\s_-]+", str(option).lower())
        named = {_POLE_OF[word] for word in words if word in _POLE_OF}
        if len(named) != 1 or len(words) > 2:
            return None
        pole = named.pop()
        found[pole] = (*found.get(pole, ()), option)
    return found if {"positive", "negative"} <= found.keys() else None


def choose(by_pole: Mapping[str, tuple[Json, ...]], felt: Feeling) -> tuple[Json, float] | None:
    """The option a feeling calls for, and how sure; None when the options have no place for it."""
    pole, confidence = felt.pole, felt.confidence
    if pole == "mixed" and "mixed" not in by_pole:
        lopsided = abs(felt.good - felt.bad) / (felt.good + felt.bad)
        pole = (
            "neutral"
            if "neutral" in by_pole and lopsided < 0.15
            else "positive"
            if felt.good > felt.bad
            else "negative"
        )
        confidence = round(0.5 + 0.2 * lopsided, 2)
    if pole not in by_pole:
        return None
    options = by_pole[pole]
    if len(options) == 1:
        return options[0], confidence
    strong = [option for option in options if _STRONG.search(str(option).lower().replace("_", " "))]
    weak = [option for option in options if _WEAK.search(str(option).lower().replace("_", " "))]
    plain = [option for option in options if option not in strong and option not in weak]
    wanted = strong if max(felt.good, felt.bad) >= _VERY else plain or weak
    return ((wanted or list(options))[0], round(confidence * 0.85, 2)) if wanted or options else None
