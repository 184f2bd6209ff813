"""Lightly damaged JSON, mended in one pass into strict JSON: the ways that answers mostly go wrong.

A regular expression runs over all that is sound in one go and stops at each damage, so that the work in Python
grows with the damages and not with the text. Whatever else is wrong, or could mean two things, is left to the scanner:
the mended text has to be strict JSON of the asked type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from patterns.output.light.draft import Draft
from patterns.output.light.ending import finished
from patterns.output.light.marks import blank, closer, comma, comment
from patterns.output.light.strings import otherwise_quoted, plain_quoted
from patterns.output.light.words import bare, number

__all__ = ["Draft", "mended"]

_SOUND = re.compile(
    r"""(?:[ \t\r\n{\[:]++
    |[}\]](?!\s*+["{\[])
    |"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"(?=\s*+(?:[,:}\]]|\Z))
    |-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][-+]?\d++)?(?=\s*+(?:[,}\]]|\Z|/[/*]))
    |(?:true|false|null)(?=\s*+(?:[,}\]]|/[/*]))
    |(?<![,\[{]),(?!\s*+[,}\]/\#.…])
    )++""",
    re.VERBOSE,
).match
_MOST: Final = 200
"""Damages that are mended so; a text with more of them is not lightly damaged."""
_BY_SIGN: Final[Mapping[str, Callable[[Draft, int], int]]] = {
    '"': plain_quoted,
    ",": comma,
    **dict.fromkeys("'‘`“”", otherwise_quoted),
    **dict.fromkeys("/#", comment),
    **dict.fromkeys("}]", closer),
    **dict.fromkeys("0123456789+-.", number),
}


def mended(
    text: str, start: int, end: int, *, cut: bool = False, growing: bool = False, free: bool = False
) -> tuple[str, Draft] | None:
    """Mend the value between `start` and `end`; None where it is sound, or more than lightly damaged.

    What is given may still be no JSON: the one who reads it will say. `cut` says that the text may lack its end,
    `growing` that the end may still come, `free` that any words will do where the type asks for text.
    """
    draft = Draft(text, start, end, cut=cut, growing=growing, free=free)
    pieces, at = draft.pieces, start
    while at < end:
        if (sound := _SOUND(text, at, end)) is not None:
            pieces.append(sound[0])
            at = sound.end()
            if at >= end:
                break
        if len(draft.mends) >= _MOST:
            return None
        sign = text[at]
        mend = _BY_SIGN.get(sign)
        if mend is None:
            mend = bare if sign.isalpha() or sign == "_" else blank
        at = mend(draft, at)
        if at < 0:
            return None
    written = finished(draft) if cut else "".join(pieces)
    return None if written is None or (len(pieces) == 1 and not draft.mends) else (written, draft)
