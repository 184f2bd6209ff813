"""Words as the engine compares them: lower case, one spelling for one thing, little words gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from patterns.model.rules.lexicon import SPELLINGS, STOPWORDS

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER = re.compile(r"[a-z]+[A-Z]\w*|(?:[A-Z][a-z]{2,}){2,}\w*")
_WORD = re.compile(
    r"(?:check|pick|drop|sign|log|set)[ -](?:in|out|up|off)\b|[^\W_]+(?:['’][^\W_]+)?|#|№|%", re.IGNORECASE
)
_MAIL = re.compile(r"\be[\s_-]mail", re.IGNORECASE)
_PARTICLE = re.compile(r"\b(check|pick|drop|sign|log|start|set)[\s-](in|out|up|off)\b", re.IGNORECASE)
_NUMERO = re.compile(r"\bn\s?[°º]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its canonical form, and where it stands."""

    form: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def tokens(phrase: str) -> tuple[str, ...]:
    """The canonical words of a name, label or short phrase: `Invoice no.` and `invoiceNumber` give the same."""
    phrase = _PARTICLE.sub(r"\1\2", _NUMERO.sub("number", phrase).replace("_", " "))
    spaced = _MAIL.sub("email", _CAMEL.sub(" ", phrase) if _IDENTIFIER.fullmatch(phrase) else phrase)
    forms = [form for found in _WORD.finditer(spaced) for form in canonical(found.group())]
    content = [form for form in forms if form not in STOPWORDS]
    directed = len(forms) == 2 and forms[-1] in ("to", "by") and forms[0] not in STOPWORDS
    return tuple(forms if directed or not content else content)


@lru_cache(maxsize=16384)
def canonical(word: str) -> tuple[str, ...]:
    """The canonical form of a word; a foreign compound may give two (`Rechnungsnummer`: invoice, number)."""
    low = word.lower().replace("’", "'").replace(" ", "").replace("-", "").removesuffix("'s")
    if low in SPELLINGS:
        return tuple(SPELLINGS[low].split())
    bare = singular(low)
    return tuple(SPELLINGS.get(bare, bare).split())


def singular(word: str) -> str:
    """The word without its plural ending, where that is safe."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words_in(text: str, start: int, end: int) -> Iterator[Word]:
    """The words of a stretch of text, little words included, in order."""
    for found in _WORD.finditer(text, start, end):
        for form in canonical(found.group()):
            yield Word(form, found.start(), found.end())


_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("iveness", "ive"), ("ements", ""), ("ement", ""),
    ("ments", ""), ("ment", ""), ("ingly", ""), ("edly", ""), ("ations", ""), ("ation", ""), ("ings", ""), ("ing", ""),
    ("ions", ""), ("ion", ""), ("ness", ""), ("able", ""), ("ible", ""), ("ies", "y"), ("ied", "y"), ("ers", ""),
    ("ful", ""), ("ive", ""), ("ous", ""), ("ed", ""), ("er", ""), ("ly", ""), ("es", ""), ("s", ""), ("al", ""),
    ("e", ""),
)  # fmt: skip


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A rough stem: `shipping`, `shipped` and `shipment` become one. For comparing only, never shown."""
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(kept) >= 4 - (len(ending) <= 2):
            word = word[: len(word) - len(ending)] + kept
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word
