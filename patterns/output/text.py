"""Plain text out of an answer: without reasoning, control tokens, an outer fence, a preamble or outer quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patterns.errors import Truncated, Unreadable
from patterns.exchange import Repair
from patterns.output.excerpt import excerpt
from patterns.output.fences import find_fences
from patterns.output.languages import language_of
from patterns.output.reasoning import find_reasoning, mask_reasoning, without_tokens


@dataclass(frozen=True, slots=True)
class TextReading:
    """Text as it was meant, and what was taken off around it."""

    text: str
    repairs: tuple[Repair, ...] = ()


_PREAMBLE = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay|ok|great|no problem)\b[^\n:]{0,40}[,.!]*[ \t]*)?"
    r"(?:here(?:['’]s| is| are)|below is|this is)\b[^\n:]{0,120}:[ \t]*\n+(?=\S)"
    r"|(?:sure|certainly|of course|absolutely)(?: thing)?[!,.][^\n:]{0,60}:[ \t]*\n+(?=\S)",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "「": "」"}
_PLAIN = frozenset({"", "text", "markdown"})


def read_text(text: str) -> TextReading:
    """Read plain text; what is taken off is noted, and nothing is taken that would leave nothing.

    A preamble goes only when it ends in a colon and a line break; a fence and quotes go only when they enclose all
    the rest, and a fence only when it is one of prose. Raises Truncated when the text ends within its reasoning and
    Unreadable when it is empty.
    """
    shown, repairs = _shown(text)
    if not shown.strip():
        if find_reasoning(text).unclosed:
            raise Truncated("the answer ends within its reasoning", raw_text=text, hint="allow more tokens")
        raise Unreadable("the answer holds no text", raw_text=text, hint="ask again")
    for kind, inner in (("preamble", _without_preamble), ("fence", _without_fence), ("quotes", _without_quotes)):
        left = inner(shown)
        if left != shown and left.strip():
            at = text.find(shown)
            span = (at, at + len(shown)) if at >= 0 else None
            repairs.append(Repair(kind, span=span, before=excerpt(shown), after=excerpt(left), cost=1.0))
            shown = left
    return TextReading(shown, tuple(repairs))


def _shown(text: str) -> tuple[str, list[Repair]]:
    """Take reasoning and control tokens out, with a note for each stretch of them."""
    masked = mask_reasoning(text)
    if masked == text:
        return text.strip(), []
    reasoning = find_reasoning(text).spans
    repairs = [Repair("reasoning", span=span, before=excerpt(text[slice(*span)]), cost=0.0) for span in reasoning]
    parts: list[str] = []
    at = 0
    for start, end in reasoning:
        parts.append(text[at:start])
        at = end
    kept = "".join([*parts, text[at:]])
    plain = without_tokens(kept)
    if plain != kept:
        repairs.append(Repair("control tokens", cost=0.0))
    return plain.strip(), repairs


def _without_preamble(text: str) -> str:
    found = _PREAMBLE.match(text)
    return text[found.end() :].strip() if found else text


def _without_fence(text: str) -> str:
    """Open a fence that encloses everything; a fence of code stays, for it is part of the text."""
    if not text.startswith(("```", "~~~")):
        return text
    blocks = find_fences(text)
    outer = blocks[0]
    whole = outer.closed and outer.outer == (0, len(text))
    return outer.text.strip("\n") if whole and language_of(outer.tag) in _PLAIN else text


def _without_quotes(text: str) -> str:
    """Take off quotes that open and close the whole text and occur nowhere within."""
    closer = _QUOTES.get(text[:1])
    inner = text[1:-1]
    if closer is None or len(text) < 3 or not text.endswith(closer) or text[0] in inner or closer in inner:
        return text
    return inner.strip()
