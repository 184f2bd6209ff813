"""How a text feels about its subject: VADER clause by clause, with idioms, failures and sarcasm it does not know."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

from patterns.model.rules.figures import ratings_in
from patterns.model.rules.lazy import Regex
from patterns.model.rules.passage import Passage, Span
from patterns.model.rules.vocabulary import vocabulary

_TURN = Regex(
    r"\b(?:but|however|although|though|yet|except|otherwise|unfortunately|sadly|while|whereas|on the other hand)\b"
    r"|[;:]",
    re.I,
)
_IDIOMS: tuple[tuple[Regex, float], ...] = tuple(
    (Regex(rf"\b(?:{words})", re.IGNORECASE), valence)
    for words, valence in (
        (r"(?:can(?:['’]?t|not)|could(?:n['’]?t| not)) (?:\w+ ){1,4}enough\b", 3.2),
        (r"could(?:n['’]?t| not) (?:be (?:happier|better|more \w+)|ask for|have asked for|have been (?:happier"
        r"|better))", 3.2),
        (r"(?:can(?:['’]?t|not) (?:complain|fault)|no (?:complaints|problems|issues|regrets)|nothing to fault)", 2.0),
        (r"(?:can(?:['’]?t|not) (?:wait|stop using|live without)|won['’]?t regret|never (?:fails|disappoints?|let me"
        r" down))", 2.4),
        (r"(?:not worth|waste of|wasted|never (?:again|buy|order|come back|go back|use)|first and last time|rip[-"
        r" ]?off|scam\b)", -3.0),
        (r"(?:stay away|avoid\b|do(?:n['’]?t| not) (?:buy|bother|recommend)|would(?:n['’]?t| not) recommend"
        r"|can(?:['’]?t|not) recommend)", -2.8),
        (r"(?:fell|falls|falling) apart|(?:stopped|quit) working|(?:does|did|do|is|was|would|will)(?:n['’]?t| not)"
        r" (?:work|turn on|start|fit|last)", -2.6),
        (r"won['’]?t (?:work|turn on|start|charge|open|close)|(?:never|not) (?:arrived|came|received|delivered"
        r"|answered|replied)", -2.6),
        (r"(?:broke|broken|breaks|cracked|scratched|leak(?:s|ed|ing)|crash(?:es|ed|ing)?|freez(?:es|ing)|froze|buggy"
        r"|defective|faulty|flimsy)\b", -2.2),
        (r"(?:refund|money back|returned it|return it|sent it back|sending it back)\b", -1.8),
        (r"(?:too (?:expensive|slow|small|loud|hot|cold|long|short|big|heavy|noisy|salty|tight|late|thin|weak"
        r"|complicated)|overpriced)\b", -2.0),
        (r"(?:arrived late|days? late|weeks? late|delayed|still waiting|no (?:reply|response|answer)|wrong (?:item"
        r"|size|colou?r|order)|missing)\b", -2.0),
        (r"(?:let ?down|letdown|nothing special|underwhelm\w*|mediocre|lukewarm|worse than|overheat\w*|annoying\w*"
        r"|expected (?:more|better)|hoped for (?:more|better)|could be better|left much to be desired)\b", -1.8),
        (r"(?:fails?|failed|failing|useless|unusable|unreliable|outage|rude(?:ly)?|dirty|stale|bland)\b", -1.8),
        (r"(?:one|1) star\b|\b0/10|\b[12]/5\b|\b[12]/10\b", -3.0),
        (r"(?:must[- ]have|game[- ]changer|life ?saver|worth every|two thumbs up|exceed\w* (?:\w+ )?expectations"
        r"|blew me away|second to none)", 3.2),
        (r"(?:five|5) stars\b|\b10/10|\b5/5\b|highly recommend", 3.2),
        (r"(?:works?|worked|fits?|runs?) (?:great|perfectly|flawlessly|fine|well|like a charm|as (?:expected"
        r"|described|advertised))", 2.0),
        (r"(?:as described|on time|lasts? (?:for )?(?:days|ages|forever)|sturdy|solid|fast delivery|quick delivery"
        r"|well[- ]made|well[- ]built|spotless|seamless(?:ly)?|effortless(?:ly)?)\b", 1.6),
    )
)  # fmt: skip
_IRONY = Regex(
    r"^\W*(?:oh,? |well,? |wow,? |yeah,? )?(?:great|wonderful|fantastic|lovely|perfect|awesome|brilliant|nice|super"
    r"|excellent|congratulations|thanks(?: a lot| so much)?|bravo)\b[,.!…]",
    re.IGNORECASE,
)
_IRONIC_ALWAYS = Regex(
    r"just what i needed|thanks for nothing|what a (?:joke|surprise)|as if\b|yeah,? right|how (?:lovely|wonderful"
    r"|nice) that",
    re.I,
)
_MISHAP = Regex(
    r"\b(?:broke|broken|crash\w*|fail\w*|again|another|delay\w*|late|lost|error|bug|down|cancel\w*|wrong|stopped"
    r"|dead|queue|wait\w*|third time|hold)\b", re.I
)  # fmt: skip
_ENGLISH = vocabulary(
    "the a an is are was were it this that i you my we and or but not with for of to in on at have has had be so"
    " very too just they he she there"
)
_FOREIGN = vocabulary(
    """
    der die das und ist nicht ich ein eine sehr mit auf für war aber auch nur wir sie es
    le la les est pas une un des et je très dans pour avec mais nous vous
    el los las es una muy que con por pero no lo y il di che non sono molto per ma het een niet van zijn
    """
)
_WORDS = Regex(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_POLITE = Regex(
    r"^\s*(?:from|to|cc|date|subject)\s?:|\b(?:please|dear|(?:kind|best|warm)(?:est)? (?:regards|wishes)|sincerely"
    r"|support team|customer support)\b",
    re.IGNORECASE,
)
"""Courtesies, which say nothing of what somebody feels."""
_RATED = 5.0
"""Valence of a rating at the end of its scale: it says outright what the words only suggest."""
_LONGEST, _MANY = 600, 400


class _Analyzer(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


@lru_cache(maxsize=1)
def _vader() -> _Analyzer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return cast(_Analyzer, SentimentIntensityAnalyzer())


@dataclass(frozen=True, slots=True)
class Feeling:
    """What the clauses of a text add up to.

    `balance` runs from -1 to 1; `good` and `bad` sum the clauses on each side; `ironic` says that praise stands
    beside a mishap; `place` is the clause that weighs most.
    """

    balance: float
    good: float
    bad: float
    ironic: bool
    place: Span

    @property
    def pole(self) -> str:
        """positive, negative, neutral, or mixed."""
        if max(self.good, self.bad) < 0.25:
            return "neutral"
        if min(self.good, self.bad) >= 0.3 and min(self.good, self.bad) >= 0.35 * max(self.good, self.bad):
            return "mixed"
        return "positive" if self.balance > 0 else "negative"

    @property
    def confidence(self) -> float:
        """How clearly the clauses agree, and how strong they are; irony is never sure."""
        total = self.good + self.bad
        if self.pole == "neutral":
            return round(0.75 - total, 2)
        agreement = (
            abs(self.good - self.bad) / total
            if self.pole != "mixed"
            else min(self.good, self.bad) / max(self.good, self.bad)
        )
        sure = 0.5 + 0.4 * agreement * min(1.0, max(self.good, self.bad) / 0.6)
        return round(min(sure, 0.6) if self.ironic else sure, 2)


def feeling(passage: Passage) -> Feeling | None:
    """How a text feels; None when it is not in English or says nothing."""
    if not _is_english(passage):
        return None
    good = bad = weighed = 0.0
    ironic, place, most = False, passage.trim(passage.start, passage.end), 0.0
    scores: list[float] = []
    for span, turned, irony in _clauses(passage):
        score = _score(passage.part(*span), irony)
        weight = 1.3 if turned else 1.0
        good, bad = good + max(score, 0) * weight, bad + max(-score, 0) * weight
        ironic = ironic or irony
        if score:
            scores.append(score * weight)
        if abs(score) > most:
            most, place = abs(score), span
    weighed = sum(scores) / len(scores) if scores else 0.0
    return Feeling(max(-1.0, min(1.0, weighed)), good, bad, ironic, place)


def _clauses(passage: Passage) -> Iterator[tuple[Span, bool, bool]]:
    """Clauses, whether a `but` stands before each, and whether each is ironic."""
    mishap = bool(_MISHAP.search(passage.text, passage.start, passage.end))
    for sentence in passage.sentences[:_MANY]:
        text = passage.text[slice(*sentence)]
        irony = bool((_IRONY.search(text) or _IRONIC_ALWAYS.search(text)) and mishap and _sour(passage))
        at, turned = sentence.start, False
        for turn in _TURN.finditer(passage.text, sentence.start, sentence.end):
            if turn.start() > at:
                yield passage.trim(at, min(turn.start(), at + _LONGEST)), turned, irony
            at, turned = turn.end(), turn.group().isalpha()
        if at < sentence.end:
            yield passage.trim(at, min(sentence.end, at + _LONGEST)), turned, irony


def _sour(passage: Passage) -> bool:
    """Whether what follows the praise is a mishap told as one, not a wish come true."""
    text = passage.text[passage.start : min(passage.end, passage.start + _LONGEST)]
    return any(valence < 0 and pattern.search(text) for pattern, valence in _IDIOMS) or bool(
        re.search(r"\banother\b|delet\w+ my\b", text, re.I)
    )


def _score(clause: Passage, ironic: bool) -> float:
    """VADER's compound of the clause with idioms and ratings counted in, -1 to 1."""
    rest, extra = _POLITE.sub(" ", clause.text[clause.start : clause.end]), 0.0
    for value, best, start, end in ratings_in(clause):
        extra += _RATED * (1 if value >= 0.75 * best else -1 if value <= 0.45 * best else 0)
        rest = rest.replace(clause.text[start:end], " ")
    for pattern, valence in _IDIOMS:
        rest, times = pattern.subn(" ", rest)
        extra += valence * min(times, 2)
    compound: float = _vader().polarity_scores(rest)["compound"] if rest.strip() else 0.0
    valence = _valence(compound) + extra
    if ironic:
        valence = -abs(valence) or -1.0
    return round(valence / math.sqrt(valence * valence + 15), 4)


def _valence(compound: float) -> float:
    """The sum of valences behind VADER's compound (its normalization x / sqrt(x² + 15), turned round)."""
    scale: float = math.sqrt(15 / max(1e-6, 1 - compound * compound))
    return compound * scale if abs(compound) < 0.9999 else 12.0 * compound


def _is_english(passage: Passage) -> bool:
    words = [
        m.group().lower() for m in _WORDS.finditer(passage.text[passage.start : min(passage.end, passage.start + 4000)])
    ]
    if not words:
        return False
    english, foreign = sum(w in _ENGLISH for w in words), sum(w in _FOREIGN for w in words)
    if foreign > english:
        return False
    if english or len(words) <= 3 or len(words) < 8:
        return bool(english) or any(_known(word) for word in words)
    return english / len(words) > 0.05


def _known(word: str) -> bool:
    return _vader().polarity_scores(word)["compound"] != 0.0 or any(pattern.search(word) for pattern, _ in _IDIOMS)
