"""Lightly damaged JSON, mended in one pass: quotes, bare keys, trailing commas, comments, literals, raw newlines.

A regular expression runs over all that is sound in one go and stops at each damage, so that the work in Python
grows with the damages and not with the text. Whatever else is wrong, or could mean two things, is left to the scanner:
the mended text has to be strict JSON of the asked type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from patterns.exchange import Repair

_SOUND = re.compile(
    r"""(?:[ \t\r\n{}\[\]:]
    |"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"(?=\s*+[,:}\]])
    |-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][-+]?\d++)?(?=\s*+[,}\]])
    |(?:true|false|null)(?=\s*+[,}\]])
    |,(?!\s*+[}\]/\#])
    )++""",
    re.VERBOSE,
)
_DAMAGE = re.compile(
    r"""(?P<quotes>'[^'"\\\x00-\x1f]*+'(?=\s*+[,:}\]]))
    |(?P<lines>"(?:[^"\\\x00-\x08\x0b-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+(?<![\n\t])"(?=\s*+[,:}\]]))
    |(?P<key>[A-Za-z_]\w*+(?=\s*+:))
    |(?P<comma>,(?=\s*+[}\]]))
    |(?P<literal>(?:True|False|None|undefined)(?=\s*+[,}\]]))
    |(?P<between>,(?=\s*+[/\#]))
    |(?P<comment>//[^\n"']*+(?=\n)|\#[^\n"']*+(?=\n)|/\*[^*"']*+\*/)
    """,
    re.VERBOSE,
)
_LITERALS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_MOST = 200
"""Damages that are mended so; a text with more of them is not lightly damaged."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Strict JSON, if the rest of the text was sound, and how it was made of the text."""

    text: str
    mends: tuple[Repair, ...]


def mended(text: str, start: int, end: int) -> Mended | None:
    """Mend the value between `start` and `end`; None where it is sound, or more than lightly damaged."""
    pieces: list[str] = []
    mends: list[Repair] = []
    at = start
    while at < end:
        if (sound := _SOUND.match(text, at, end)) is not None:
            pieces.append(sound[0])
            at = sound.end()
            continue
        found = _DAMAGE.match(text, at, end)
        if found is None or len(mends) >= _MOST:
            return None
        pieces.append(_mend(found, mends))
        at = found.end()
    return Mended("".join(pieces), tuple(mends)) if mends else None


def _mend(found: re.Match[str], mends: list[Repair]) -> str:
    """Give what should stand there, and note the mend."""
    kind, before, span = found.lastgroup, found[0], found.span()
    if kind == "between":  # a comma before a comment: whether it is one too many shows after it
        return before
    if kind == "quotes":
        after = json.dumps(before[1:-1], ensure_ascii=False)
        mends.append(Repair("quotes", "$", span, before, after, 0.2))
    elif kind == "lines":
        after = before.replace("\n", "\\n").replace("\t", "\\t")
        mends.append(Repair("raw newline", "$", span, before, after, 0.3))
    elif kind == "key":
        after = f'"{before}"'
        mends.append(Repair("unquoted key", "$", span, before, after, 0.3))
    elif kind == "literal":
        after = _LITERALS[before]
        mends.append(Repair("literal", "$", span, before, after, 0.2))
    else:
        after = ""
        mends.append(Repair("trailing comma" if kind == "comma" else "comment", "$", span, before, after, 0.1))
    return after
