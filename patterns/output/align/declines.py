"""Texts that hold no answer: refusals, questions back, error pages, tracebacks, bare code."""

from __future__ import annotations

import re
from typing import Final


def _any(*phrases: str, flags: int = re.IGNORECASE | re.MULTILINE) -> re.Pattern[str]:
    return re.compile("|".join(phrases), flags)


_WILL_NOT: Final = (
    r"\bI(?:'m| am)(?: really| very| so| truly)? (?:sorry|afraid|unable|not)\b",
    r"\b(?:I|we) (?:can ?not|can't|could ?n[o']t|won't|will not|do not|don't|did not|didn't|would need|need)\b",
    r"\b(?:I was|we were) (?:not able|unable)\b|\bunable to\b|\bno (?:idea|way (?:to|of))\b",
    r"\b(?:my apologies|apologi[sz]e|sorry,|unfortunately)",
    r"\bas an? (?:AI|(?:large )?language model)\b",
    r"\b(?:not possible|impossible) to\b",
    r"\b(?:cannot|can't|could not) be (?:determined|answered|extracted|read|found|told)\b",
    r"\b(?:lo siento|no puedo|désolée?|je ne peux pas|tut mir leid|kann ich nicht|ich kann (?:das|dir|ihnen|nicht))\b",
)
_LACKS: Final = (
    r"\b(?:not enough|insufficient|no|lack of|missing) "
    r"(?:information|context|data|details?|input|text|document|answer|results?)\b",
    r"\b(?:does|do|did)(?: not|n't) (?:contain|mention|include|specify|provide|say|state|appear)\b",
    r"\b(?:is|was|are|were)(?: not|n't) (?:provided|attached|included|available|given|found)\b",
)
_ASKS: Final = (
    r"\bplease (?:provide|share|send|paste|upload|attach|clarify|specify|tell|give|let me know|try again)\b",
    r"\b(?:could|can|would|will) you\b|\blet me know\b|\bhappy to\b|\bhow can I help\b",
    r"\b(?:you|your|should I|shall I)\b[^.!?\n]*\?|(?:^|[.!?:] )\s*which\b[^.!?\n]*\?|[?？][\s\"')*_]*\Z",
)
_FAILED: Final = (
    r"Traceback \(most recent call last\)|^\s*File \"[^\"\n]+\", line \d+|^\s*at [\w$.<>]+ ?\([^)\n]*:\d+",
    r"^\s*[\w.]{0,80}(?:Error|Exception)\b\s*(?::|$)",
    r"\b(?:HTTP(?:/\d(?:\.\d)?)?|status(?: code)?|error(?: code)?)\s*:?\s*[1-5]\d\d\b",
    r"\b[45]\d\d:?\s+(?:Bad|Unauthori[sz]ed|Forbidden|Not|Request|Conflict|Gone|Too Many|Internal|Service|Gateway)\b",
    r"\b(?:Bad Gateway|Internal Server Error|Service Unavailable|Gateway Time-?out|Too Many Requests)\b",
    r"\brate limit(?:ed)?\b",
)
_MARKUP: Final = (r"<!DOCTYPE|<(?:html|head|body|script|style|title|div|h[1-6]|p|span|table|\?xml)\b",)
_CODE: Final = (
    r"^\s*(?:def \w+\(|class \w+[(:]|import \w+$|from [\w.]+ import |(?:const|let|var) \w+ ?=|function \w*\(|#include)",
    r"^\s*(?:print\(|console\.|public (?:static|class) |SELECT .{1,200} FROM )",
)
_SIGNS: Final = (_any(*_WILL_NOT, *_LACKS, *_ASKS), _any(*_FAILED), _any(*_MARKUP), _any(*_CODE))

_TRIGGERS: Final = (
    "not", "n't", "unable", "sorry", "afraid", "need", "no idea", "no way", "apolog", "unfortunately", "impossible",
    "as an ai", "as a ai", "language model", "lo siento", "no puedo", "désol", "je ne peux", "tut mir leid",
    "ich kann", "kann ich",
    "no ", "insufficient", "lack of", "missing", "please", " you", "let me know", "happy to", "how can i", "?", "？",
    "traceback", "file \"", "(", "error", "exception", "http", "status", "bad ", "unauthor", "forbidden", "request",
    "conflict", "gone", "too many", "internal", "service", "gateway", "rate limit", "<",
    "class ", "import ", "const ", "let ", "var ", "function", "#include", "console.", "public ", "select ",
)  # fmt: skip
"""One of these stands in every text that a sign matches; to look for them takes a tenth of the time."""

_HEAD: Final = 4_000
_TAIL: Final = 2_000


def declines(text: str) -> bool:
    """Tell a text that gives no answer, though a word or a number in it may look like one."""
    seen = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    seen = seen.replace("’", "'")
    if not any(map(seen.lower().__contains__, _TRIGGERS)):
        return False
    return any(sign.search(seen) for sign in _SIGNS)


_COURTESY: Final = re.compile(
    r"(?:please )?(?:let me know|feel free|i hope|hope (?:this|that)|would you like|do you (?:want|need)|want me to|"
    r"shall i|(?:is there )?anything else|if you (?:need|want|have|would|'d)|i(?:'m| am|'d be) happy to)\b[^\n]{0,200}",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Tell the one line that closes an answer politely, and would be a question back where there is none."""
    return _COURTESY.fullmatch(text.strip().replace("’", "'")) is not None
