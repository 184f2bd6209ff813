"""Texts that hold no answer: refusals, questions back, error pages, tracebacks, bare code."""

from __future__ import annotations

import re
from typing import Final

_REFUSAL = re.compile(
    r"\b(?:I(?:'m|’m| am)(?: (?:really|very|so|truly))? (?:sorry|afraid|unable|not (?:able|sure|certain|allowed|comfortable))|"
    r"(?:I|we) (?:can ?not|can't|can’t|could not|couldn't|couldn’t|won't|won’t|will not|do not|don't|don’t|did not|didn't|didn’t|"
    r"would need|need|am not|was not able|were unable)\b|my apologies|apologi[sz]e|sorry,|unfortunately|"
    r"as an? (?:AI|(?:large )?language model)|unable to|not possible to|impossible to (?:say|tell|know|determine)|"
    r"cannot be (?:determined|answered|extracted|read|found)|can't be (?:determined|answered)|no (?:idea|way (?:to|of))|"
    r"(?:not enough|insufficient|no|lack of|missing) (?:information|context|data|details?|input|text|document|answer|results?)\b|"
    r"(?:does|do|did) not (?:contain|mention|include|specify|provide|say|state|appear)|"
    r"(?:doesn't|doesn’t|don't|didn't) (?:contain|mention|include|specify|provide|say|state|appear)|"
    r"please (?:provide|share|send|paste|upload|clarify|specify|tell|give|let me know|try again)|"
    r"could you|can you|would you|let me know|(?:is|was|are|were) not (?:provided|attached|included|available|given|found)|"
    r"I'd be happy to|I’d be happy to|I would be happy to|happy to help|how can I help|"
    r"lo siento|no puedo|désolée?|je ne peux pas|tut mir leid|kann ich nicht|ich kann (?:das|dir|ihnen|nicht))",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？]\s*(?:[\"'”)*_]|$|\n|\s[A-Z])")
_ERROR = re.compile(
    r"Traceback \(most recent call last\)|^\s*File \"[^\"\n]+\", line \d+|^\s*at [\w$.<>]+ ?\([^)\n]*:\d+|"
    r"^\s*[\w.]{0,80}(?:Error|Exception)\b\s*(?::|$)|"
    r"\b(?:HTTP(?:/\d(?:\.\d)?)?|status(?: code)?|error(?: code)?)\s*:?\s*[1-5]\d\d\b|"
    r"\b[45]\d\d:?\s+(?:Bad|Unauthori[sz]ed|Forbidden|Not Found|Request|Conflict|Gone|Too Many|Internal|Service|Gateway|Not)\b|"
    r"\b(?:Bad Gateway|Internal Server Error|Service Unavailable|Gateway Time-?out|Too Many Requests|rate limit(?:ed)?)\b",
    re.IGNORECASE | re.MULTILINE,
)
_MARKUP = re.compile(r"<!DOCTYPE|<(?:html|head|body|script|style|title|div|h[1-6]|p|span|table|\?xml)\b", re.IGNORECASE)
_CODE = re.compile(
    r"^\s*(?:def |class \w+[(:]|import \w|from [\w.]+ import |return\b|(?:const|let|var) \w+ ?=|function \w*\(|#include|"
    r"public |SELECT |print\(|console\.|\w+(?:\.\w+)*\([^)\n]*\);?\s*$|\w+ = \S)",
    re.MULTILINE,
)
_HEAD: Final = 4_000
_TAIL: Final = 2_000


def declines(text: str) -> bool:
    """Tell a text that gives no answer, though a word or a number in it may look like one."""
    seen = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    return any(sign.search(seen) for sign in (_REFUSAL, _ERROR, _MARKUP, _CODE, _QUESTION))
