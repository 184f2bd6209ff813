"""The places where a text states its answer: how models announce one, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """An announcement: what is announced begins at `start` and ends at `end` at the latest; `how` names its form."""

    start: int
    end: int
    how: str


_KIND = r"(?:answer|option|choice|solution|response|result|statement|conclusion)"
_BEST = r"(?:correct|right|best|closest|nearest|final|chosen|appropriate|likely|accurate|precise|true)"
_ANNOUNCED = re.compile(
    rf"""
    (?P<is> \b(?:answers? | {_BEST}[ \t]{{1,4}}{_KIND})
        (?:[ \t]{{1,4}}(?:to|for|of|here|choice|option|among)\b[^.:\n=]{{0,60}}?)?  # "to the question"
        [*_]{{0,3}}[ \t]{{0,4}},?[ \t]{{0,4}}
        (?:(?:would|should|must|will|has[ ]to)[ \t]{{1,4}}(?:(?:therefore|then)[ \t]{{1,4}})?be|is|are|was|=)(?!\w)
        [*_]{{0,3}}[ \t]{{0,4}}
        (?:(?:thus|therefore|hence|then|clearly|most[ ]likely|probably|likely|indeed|simply|definitely|now)[ \t,]+)?
        :?
    )
    | (?P<colon> \b(?:(?:final|correct|my|short)[ \t]{{1,4}})*answer[*_]{{0,3}}[ \t]{{0,4}}: )
    | (?P<chosen> \b(?:choose|chose|select|pick|go[ ]with|opt[ ]for|answer[ ]with)[ \t]{{1,4}}(?={_KIND}|[(\[]) )
    | (?P<therefore> \b(?:therefore|thus|hence|so)[ \t]{{0,4}}[,:]?[ \t]{{0,4}}(?=\(?\[?[A-Z][)\]][.!]?\s*(?:\n|$)) )
    | (?P<abroad> 答案[是为：:]+ | 正解は | 答え[は：:]+ | \b(?:la[ ])?respuesta(?:[ ]correcta|[ ]final)?(?:[ ]es|[ ]?:)
        | \b(?:la[ ])?réponse(?:[ ]correcte|[ ]finale)?(?:[ ]est|[ ]?:) | \bantwort(?:[ ](?:ist|lautet))?[ ]?:?(?=[ ])
        | \bответ[ ]?: | \b(?:la[ ])?risposta(?:[ ]corretta)?(?:[ ]è|[ ]?:) | \ba[ ]resposta(?:[ ]correta)?[ ]é )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_TAGGED = re.compile(r"<(?:final_)?answer>(?P<value>[^<]{1,2000})</(?:final_)?answer>", re.IGNORECASE)
_HASHED = re.compile(r"^####[ \t]{0,4}(?P<value>\S[^\n]*)$", re.MULTILINE)
_REVERSED = re.compile(
    r"[ \t]{1,4}(?:is|are|would be|must be|should be)[ \t]{1,4}(?:therefore[ \t]{1,4})?(?:the|our)[ \t]{1,4}"
    rf"(?:(?:{_BEST}|most[ \t]{{1,4}}\w+)[ \t]{{1,4}})*(?:answer|option|choice)\b",
    re.IGNORECASE,
)
_CORRECT = re.compile(
    r"\b(?:(?:option|choice|answer|statement)[ \t]{1,4}(?P<value>[(\[]?\w{1,3}[)\]]?)|(?P<bare>(?-i:[A-Z])))"
    r"[ \t]{1,4}(?:is|must be)[ \t]{1,4}(?:the[ \t]{1,4})?"
    r"(?:correct|right|true|best)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"(?:\b(?:if|whether|unless|suppose|assum(?:e|ing)|pretend|not|never|cannot|can't|why|what|which|think)|n't)"
    r"(?:[ \t]+that)?(?:[ \t]+(?:the|an?|any|my|your))?(?:[ \t]+(?:final|correct|right|best))*[ \t]*$",
    re.IGNORECASE,
)
"""Words before an announcement that make it none: "if the answer is", "not the answer"."""

_NEGATED = re.compile(
    r"[ \t*]*(?:not\b|n't|neither\b|none\b|unknown|unclear|undetermined|impossible|either\b|one of\b|among\b|between\b|"
    r"cannot|can't|given (?:by|in)|found\b|obtained|based on|let['’]s\b|let me\b|\?)",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"""(?: [ \t]*\n){0,3}
    (?: [ \t]* (?: \*\*|__|\*|["“`]|\$+|\\[\[(]|\\(?:text(?:bf|tt|it|rm)?|mathrm|mathbf|boxed|fbox)\s*\{|[:=：]
        | (?:that|therefore|thus|as[ ]follows|simply)\b(?=[ \t:(])
        | (?:option|choice|answer|letter|number|statement)\b[ \t]*(?:is\b)?[ \t]*:?(?=[ \t("*A-Z\d])
        | \n(?=\\boxed) )
    )* [ \t]*""",
    re.IGNORECASE | re.VERBOSE,
)
_RETRACTED = re.compile(
    r"\banswer (?:is|was) (?:actually )?not (?:given|listed|among|included|present|provided|available|in\b|one of)"
    r"|\bthis is not (?:the|a) (?:correct|right) (?:answer|option|choice)"
    r"|\bnone of (?:the|these) (?!other)(?:\w+ ){0,2}(?:options|answers|choices)\b"
    r"|\bno (?:correct|right) (?:answer|option|choice)\b|\banswer is:?[ \t]*\(?none of\b"
    r"|\b(?:cannot|can't|unable to) (?:\w+ )?(?:provide|give|determine|choose|select) (?:an?|the|any) (?:\w+ )?"
    r"(?:answer|option)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;:,\n!?]")
_BRACE = re.compile(r"[{}]")
_BEFORE = 80
"""Characters looked at before an announcement. Runs of blanks are bounded too, so that no place is read twice."""


def find_marks(text: str, start: int, end: int) -> Iterator[Mark]:
    """Find the announcements between `start` and `end`, in no order; doubted and negated ones are left out."""
    for found in _ANNOUNCED.finditer(text, start, end):
        begin = value_start(text, found.end(), end)
        if not _is_doubted(text, found.start(), start) and not _is_negated(text, found.end(), begin, end):
            yield Mark(begin, end, found.lastgroup or "is")
    for found in _BOXED.finditer(text, start, end):
        yield Mark(value_start(text, found.end(), end), _closing(text, found.end(), end), "boxed")
    for how, pattern in (("tag", _TAGGED), ("hashes", _HASHED)):
        for found in pattern.finditer(text, start, end):
            yield Mark(value_start(text, found.start("value"), end), found.end("value"), how)
    for found in _CORRECT.finditer(text, start, end):
        named = "value" if found["value"] else "bare"
        if not _is_doubted(text, found.start(), start):
            yield Mark(value_start(text, found.start(named), end), found.end(named), "correct")
    yield from _reversed(text, start, end)


def last_retraction(text: str, start: int, end: int) -> int:
    """Give where the text last says that no answer is right, -1 when it never does."""
    return max((found.start() for found in _RETRACTED.finditer(text, start, end)), default=-1)


def value_start(text: str, at: int, end: int) -> int:
    """Skip what stands between an announcement and its value: line breaks, markup, the word "option"."""
    found = _OPENERS.match(text, at, min(end, at + 200))
    return found.end() if found else at


def _reversed(text: str, start: int, end: int) -> Iterator[Mark]:
    """Read "9 is the answer": a mark for each word of the clause before, for each may begin the value."""
    for found in _REVERSED.finditer(text, start, end):
        before = text[max(found.start() - _BEFORE, start) : found.start()]
        clause = found.start() - len(_CLAUSE.split(before)[-1])
        if not _DOUBT.search(text, clause, found.start()):
            for word in re.finditer(r"\S+", text[clause : found.start()]):
                yield Mark(value_start(text, clause + word.start(), found.start()), found.start(), "reversed")


def _is_doubted(text: str, at: int, start: int) -> bool:
    return bool(_DOUBT.search(text, max(at - _BEFORE, start), at))


def _is_negated(text: str, at: int, begin: int, end: int) -> bool:
    return bool(_NEGATED.match(text, begin, end) or _NEGATED.match(text, at, end))


def _closing(text: str, at: int, end: int) -> int:
    """Find the brace that closes the one before `at`, within 400 characters."""
    depth = 1
    limit = min(end, at + 400)
    for brace in _BRACE.finditer(text, at, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return limit
