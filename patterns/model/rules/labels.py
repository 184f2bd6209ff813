"""Whether a label, or the words beside a value, name a field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from patterns.model.rules.fields import Field
from patterns.model.rules.kinds import Kind, kind_of, unit_in_name
from patterns.model.rules.lexicon import CONCEPTS, CONTRARY, ENTITIES
from patterns.model.rules.units import unit_of
from patterns.model.rules.words import stem, tokens

_FILLERS: dict[Kind, frozenset[str]] = {
    "date": frozenset({"date", "on", "day"}),
    "datetime": frozenset({"date", "time", "timestamp", "on", "at"}),
    "time": frozenset({"time", "at"}),
    "email": frozenset({"email", "address"}),
    "url": frozenset({"url", "website", "address", "page"}),
    "phone": frozenset({"phone", "number", "mobile"}),
    "money": frozenset({"amount", "price", "value", "usd", "eur", "gbp", "chf"}),
    "id": frozenset({"number", "id", "reference", "code"}),
    "number": frozenset({"number", "count", "quantity"}),
    "rating": frozenset({"rating", "score", "star", "overall"}),
    "quantity": frozenset({"approx", "approximate", "gross", "net"}),
    "person": frozenset({"name", "full"}),
    "company": frozenset({"name"}),
    "place": frozenset({"name"}),
    "text": frozenset({"name", "text", "list", "value"}),
    "choice": frozenset({"type", "level", "status", "current"}),
    "flag": frozenset({"is"}),
}
_FORM_WORDS: dict[Kind, frozenset[str]] = {
    "email": frozenset({"email", "address"}),
    "phone": frozenset({"phone", "number", "mobile"}),
    "url": frozenset({"url", "website"}),
    "time": frozenset({"time"}),
    "datetime": frozenset({"timestamp", "datetime", "date", "time", "at"}),
    "percentage": frozenset({"rate", "percentage"}),
    "id": frozenset({"number", "id", "reference", "code"}),
    "money": frozenset({"amount", "price", "value", "sum"}),
    "date": frozenset({"date", "day"}),
    "year": frozenset({"year", "in"}),
}
"""Words of a name that repeat its kind."""
_ENDS = frozenset({"minimum", "maximum", "low", "high", "lower", "upper", "least", "most"})
_IRREGULAR = {
    "payment": "paid", "departure": "depart departed", "arrival": "arrive arrived", "delivery": "deliver delivered",
    "expiry": "expire expired", "sale": "sold", "meeting": "meet", "birth": "born", "death": "died",
    "submission": "submit submitted",
    "registration": "register registered", "cancellation": "cancel cancelled canceled", "purchase": "bought",
    "build": "built",
    "founding": "founded", "construction": "built", "publication": "published", "release": "released",
}  # fmt: skip
_ASKING = frozenset({"do", "does", "did", "you", "have", "any", "can", "is", "are"})
_PERIODS = {
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
    "weekly": "week",
    "daily": "day",
    "hourly": "hour",
    "nightly": "night",
}
_EASY = frozenset({"email", "phone", "url", "ip", "uuid"})
"""Kinds that are known by themselves: a qualified label (`Office phone`) is enough."""
_TAIL = re.compile(r"[,;:(.]|\s-\s| in | as | of when ")


@lru_cache(maxsize=1)
def _concepts() -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(tokens(phrase)) for phrase in line) for line in CONCEPTS)


@lru_cache(maxsize=1)
def known_phrases() -> frozenset[frozenset[str]]:
    """Every phrase that means something, as sets of canonical words."""
    return frozenset(phrase for line in _concepts() for phrase in line)


@dataclass(frozen=True)
class Meaning:
    """What a field may be called: phrases with how well each fits, and words that may be left out or added."""

    field: Field
    exact: bool = False
    """Only phrases that say which end of a range is meant."""

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.field)

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset(self.field.words) - ({"is", "has"} if self.kind == "flag" else set())

    @cached_property
    def phrases(self) -> tuple[tuple[frozenset[str], float], ...]:
        """The field's own words first, then what means the same, then the words of its title and description."""
        own = {self.own: 1.0}
        title = frozenset(tokens(self.field.title))
        if title:
            own.setdefault(title, 1.0)
        stripped = self.own - self.field.context
        bare = self._without_form()
        named = [own_phrase for own_phrase in (self.own, title, stripped, bare) if own_phrase]
        if bare:
            own.setdefault(bare, 0.95)
        for form in (
            _inflections(bare or self.own) if self.kind in ("date", "datetime", "time", "year", "money") else ()
        ):
            own.setdefault(frozenset({form}), 0.93)
        for word in self.own & _PERIODS.keys() if self.kind == "money" else ():
            own.setdefault(frozenset({_PERIODS[word]}), 0.93)
        within = [self.own | {word} for word in self.field.context]
        for line in _concepts():
            for wanted, weight in [*((n, 0.92) for n in named), *((w, 0.92) for w in within)]:
                if wanted in line:
                    for phrase in line:
                        own.setdefault(phrase, weight if phrase != line[0] else 0.95)
        for phrase in _described(self.field.description):
            own.setdefault(phrase, 0.9)
        if self.exact:
            return tuple((phrase, weight) for phrase, weight in own.items() if phrase & self.own & _ENDS)
        return tuple(own.items())

    def _without_form(self) -> frozenset[str]:
        """The field's words without those that only say what its value looks like: `sender_email`, `weight_kg`."""
        form = _FORM_WORDS.get(self.kind, frozenset())
        unit = unit_in_name(self.field) if self.kind == "quantity" else ""
        last = self.field.words[-1:] if unit and unit_of(re.split(r"[_\s]", self.field.name)[-1]) == unit else ()
        ends = _ENDS if self.kind in ("money", "number", "quantity", "percentage") else frozenset[str]()
        rest = self.own - form - set(last) - ends
        return rest if rest != self.own else frozenset()

    @cached_property
    def free_words(self) -> frozenset[str]:
        """Words that change nothing beside this field's name."""
        return (_FILLERS.get(self.kind, frozenset()) | self.field.context) - (CONTRARY & self.own)

    def fit(self, label: tuple[str, ...]) -> float:
        """How well a label names this field, 0 to 1."""
        known = self._fits.get(label)
        if known is None:
            said = frozenset(label)
            known = (
                max((weight * self._likeness(said, phrase) for phrase, weight in self.phrases), default=0.0)
                if said
                else 0.0
            )
            self._fits[label] = known
        return known

    @cached_property
    def _fits(self) -> dict[tuple[str, ...], float]:
        """Labels that were weighed already: forms and logs repeat theirs."""
        return {}

    def _likeness(self, said: frozenset[str], phrase: frozenset[str]) -> float:
        if said == phrase:
            return 1.0
        extra, missing = said - phrase, phrase - said
        free = self.free_words
        if self.kind == "flag" and {stem(word) for word in said - _ASKING} == {stem(word) for word in phrase}:
            return 0.9
        if not said & phrase:
            return 0.95 if self._by(said) else _spelling(said, phrase)
        if not missing and extra <= free:
            return 0.95
        if not extra and missing <= free and (said - free or phrase <= free):
            return 0.92
        if extra <= free and missing <= free and said - free:
            return 0.88
        if not missing:
            return self._qualified(extra)
        if not extra:
            return 0.7 if missing <= ENTITIES | free and not (missing & CONTRARY) - ENTITIES else 0.0
        return _spelling(said, phrase)

    def _by(self, said: frozenset[str]) -> bool:
        """`Approved by` names an approver."""
        return (
            "by" in said
            and len(said) == 2
            and {stem(word) for word in said - {"by"}} == {stem(word) for word in self.own}
        )

    def _qualified(self, extra: frozenset[str]) -> float:
        """A label that says more than the field's name: fine for what is known by its form, doubtful else."""
        if self.kind in _EASY:
            return 0.72
        if extra & CONTRARY or len(extra) > 2:
            return 0.0
        return (
            0.66
            if self.kind in ("date", "datetime", "id", "quantity", "text", "free", "choice", "flag")
            or extra <= ENTITIES
            else 0.0
        )


def _inflections(words: frozenset[str]) -> tuple[str, ...]:
    """How else a sentence says an event: `purchased` for a purchase date, `renews` for a renewal date."""
    if len(words) != 1:
        return ()
    (word,) = words
    root = next(
        (word[: -len(end)] for end in ("ment", "al", "e") if word.endswith(end) and len(word) > len(end) + 2), word
    )
    return (*_IRREGULAR.get(word, "").split(), root, f"{root}e", f"{root}ed", f"{root}d")


def _spelling(said: frozenset[str], phrase: frozenset[str]) -> float:
    """Forgive a slip of spelling in a long enough label."""
    if said in known_phrases():
        return 0.0
    sizes = sum(map(len, said)) + len(said), sum(map(len, phrase)) + len(phrase)
    if min(sizes) < 7 or abs(sizes[0] - sizes[1]) > 2 or abs(len(said) - len(phrase)) > 1:
        return 0.0
    left, right = " ".join(sorted(said)), " ".join(sorted(phrase))
    return _ratio(left, right)


@lru_cache(maxsize=16384)
def _ratio(left: str, right: str) -> float:
    from rapidfuzz.distance import DamerauLevenshtein

    slips = DamerauLevenshtein.distance(left, right, score_cutoff=2)
    return 0.86 if slips <= 1 + (min(len(left), len(right)) >= 9) else 0.0


def _described(description: str) -> list[frozenset[str]]:
    """The head of a description as a phrase: `the invoice number, as printed` gives invoice number."""
    head = _TAIL.split(description, maxsplit=1)[0].strip()
    words = tokens(head)
    return [frozenset(words)] if 0 < len(words) <= 4 else []


@lru_cache(maxsize=512)
def meaning_of(field: Field) -> Meaning:
    """The meaning of a field, made once."""
    return Meaning(field)
