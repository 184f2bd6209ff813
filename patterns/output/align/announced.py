"""Where a text states its answer: after `the answer is` or `Answer:`, in a first line of its own, or all over."""

from __future__ import annotations

import re

from patterns.output.align.declines import declines
from patterns.output.fences import find_fences
from patterns.output.reasoning import mask_reasoning

_ANNOUNCES = re.compile(
    r"(?:(?:final|correct|right|best|my)\s+)?\b(?:answer|result|verdict|conclusion|output|classification|label)\b[*_]{0,3}"
    r"\s*(?:is|would be|should be|=|:)[*_]{0,3}\s*:?\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"[*_`\"' ]{0,4}(?P<said>(?!\d{1,2}[.)]|[-*•#])[^\s:*_`\"']+(?: [^\s:*_`\"']+)?)[*_`\"'. ]{0,4}\n[ \t]*\n"
)
"""A first line of a word or two, with what explains it below."""
_WORDS = frozenset(("", "json", "text", "txt", "plaintext", "markdown", "md", "yaml"))
"""Languages of a fence that may hold an answer in words."""
_CLAUSE = re.compile(r"[(\s]{0,3}(?:(?!,\s|[;(]|\b(?:out of|because|since|as|which|and not|rather)\b).)+", re.DOTALL)
_SENTENCE = re.compile(r"[.!](?=\s+[A-Z(\"'*])|\n\s*\n")


def statements(text: str) -> list[tuple[str, bool]]:
    """Give the places of a prose text where a scalar may stand, the strongest first, and whether it is announced there.

    Nothing is given for a text that declines to answer; reasoning and code blocks are not looked at.
    """
    prose = _without_code(_visible(text)).strip()
    heading = _HEADING.match(prose)
    found = [(heading["said"], True)] if heading and not declines(heading["said"]) else []
    if not prose or declines(prose):
        return found
    announced = list(_ANNOUNCES.finditer(prose))
    found.append((prose, False))
    if announced:
        tail = prose[announced[-1].end() :]
        end = _SENTENCE.search(tail)
        tail = tail[: end.start()] if end else tail
        clause = _CLAUSE.match(tail)
        found[:0] = [(clause[0] if clause else tail, True), (tail, True)]
    return [(part.strip(), sure) for part, sure in found if part.strip()]


def _visible(text: str) -> str:
    return mask_reasoning(text) if "<" in text or "[" in text or "◁" in text else text


def _without_code(text: str) -> str:
    parts: list[str] = []
    at = 0
    for block in find_fences(text) if "```" in text or "~~~" in text else ():
        if block.outer[0] < at:
            continue
        parts.append(text[at : block.outer[0]])
        at = block.outer[1]
        if block.tag.lower() in _WORDS and "\n" not in block.text.strip():
            parts.append(block.text)
    return "".join(parts) + text[at:]
