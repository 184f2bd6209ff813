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


_LEADS = r"(?:[ \t]*(?:\*\*|__|\*|[\"“`]))*[ \t]*"
_KIND = r"(?:answer|option|choice|solution|response|result|statement|conclusion)"
_IS = r"(?:(?:would|should|must|will|has to)[ \t]+(?:therefore[ \t]+|then[ \t]+)?be|is|are|was|=)"
_ADVERB = r"(?:(?:thus|therefore|hence|then|clearly|most likely|probably|likely|indeed|simply|definitely|now|actually)[ \t,]+)?"

_ANNOUNCED = re.compile(
    rf"\b(?:(?P<is>(?:answers?|(?:correct|right|best|closest|nearest|final|chosen|appropriate|likely)[ \t]+{_KIND})"
    rf"(?:[ \t]+(?:to|for|of|here|choice|option)\b[^.:\n=]{{0,60}}?)?[*_]{{0,3}}[ \t]*,?[ \t]*{_IS}\b)"
    rf"[*_]{{0,3}}[ \t]*{_ADVERB}:?"
    rf"|(?P<colon>(?:final[ \t]+|correct[ \t]+|my[ \t]+|short[ \t]+)*answer[*_]{{0,3}}[ \t]*:)"
    rf"|(?P<chosen>(?:choose|chose|select|pick|go with|opt for|answer with)[ \t]+(?=(?:{_KIND}|[(\[])))"
    rf"|(?P<therefore>(?:therefore|thus|hence|so)[ \t]*[,:]?[ \t]*(?=\(?\[?[A-Z][)\]])))",
    re.IGNORECASE,
)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_TAGGED = re.compile(r"<(?:final_)?answer>(?P<value>[^<]{1,2000})</(?:final_)?answer>", re.IGNORECASE)
_HASHED = re.compile(r"^####[ \t]*(?P<value>[^\n]+)$", re.MULTILINE)
_REVERSED = re.compile(
    r"(?P<value>[^\s.,;:][^\n.;:]{0,80}?)[ \t]+(?:is|are|would be|must be)[ \t]+(?:therefore[ \t]+)?(?:the|our)[ \t]+"
    r"(?:(?:correct|right|best|closest|final|most[ \t]+\w+)[ \t]+)*(?:answer|option|choice)\b",
    re.IGNORECASE,
)
_CORRECT = re.compile(r"\b(?:option|choice|answer|statement)[ \t]+(?P<value>[(\[]?\w{1,3}[)\]]?)[ \t]+(?:is|must be)[ \t]+(?:the[ \t]+)?(?:correct|right|true|best)\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"(?:\b(?:if|whether|unless|suppose|assum(?:e|ing)|pretend|not|never|cannot|can't|isn't|wasn't|why|what|which|think|say)"
    r"(?:[ \t]+that)?(?:[ \t]+(?:the|an?|any|my|your))?(?:[ \t]+(?:final|correct|right|best))*[ \t]*|n't[ \t]+(?:the[ \t]+)?)$",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"(?:[ \t]*\n){0,3}(?:[ \t]*(?:\*\*|__|\*|[\"“`]|\$+|\\[\[(]|\\(?:text(?:bf|tt|it|rm)?|mathrm|mathbf|boxed|fbox)\s*\{|"
    r"(?:that|therefore|thus|as follows|the|simply)\b(?=[ \t:(])|(?:option|choice|answer|letter|number|statement)\b[ \t]*(?:is\b)?[ \t]*:?(?=[ \t(\"*A-Z\d])|[:=]))*[ \t]*",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"[ \t*]*(?:not\b|n't|neither\b|none\b(?!\w)|unknown|unclear|undetermined|impossible|either\b|one of\b|among\b|between\b|"
    r"cannot|can't|given (?:by|in)|found\b|obtained|based on|\?)",
    re.IGNORECASE,
)


def find_marks(text: str, start: int, end: int) -> Iterator[Mark]:
    """Find the announcements between `start` and `end`, in no order; doubted and negated ones are left out."""
    for found in _ANNOUNCED.finditer(text, start, end):
        if _DOUBT.search(text, max(found.start() - 50, start), found.start()):
            continue
        how = found.lastgroup or "is"
        begin = value_start(text, found.end(), end)
        if not _NEGATED.match(text, begin, end) and not _NEGATED.match(text, found.end(), end):
            yield Mark(begin, end, how)
    for found in _BOXED.finditer(text, start, end):
        yield Mark(found.end(), _closing(text, found.end(), end), "boxed")
    for how, pattern in (("tag", _TAGGED), ("hashes", _HASHED), ("reversed", _REVERSED), ("correct", _CORRECT)):
        for found in pattern.finditer(text, start, end):
            if how in {"tag", "hashes"} or not _DOUBT.search(text, max(found.start() - 50, start), found.start("value")):
                yield Mark(value_start(text, found.start("value"), end), found.end("value"), how)


def value_start(text: str, at: int, end: int) -> int:
    """Skip what stands between an announcement and its value: line breaks, markup, the word "option"."""
    found = _OPENERS.match(text, at, min(end, at + 200))
    return found.end() if found else at


def _closing(text: str, at: int, end: int) -> int:
    """Find the brace that closes the one before `at`, within 400 characters."""
    depth = 1
    limit = min(end, at + 400)
    for place in range(at, limit):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return limit
