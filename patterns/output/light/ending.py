"""The end of a text that was cut off: what is open there is closed, and a key without a value is left out."""

from __future__ import annotations

import re

from patterns.output.light.draft import Draft

_LAST_KEY = re.compile(r'([,{])\s*+"(?:[^"\\]|\\.)*+"\s*+:?+\s*+\Z').search
_LAST_COMMA = re.compile(r"(,)\s*+\Z").search


def finished(draft: Draft) -> str | None:
    """Give the mended text with everything closed; None where it cannot be told what is left out."""
    written = draft.written
    opened = draft.opened() if draft.cut else []
    if not opened:
        return written
    past = len(draft.text)
    if draft.end != past:
        return None
    closers = "".join(["}" if sign == "{" else "]" for sign in reversed(opened)])
    start, lost = past, _LAST_KEY(written) if opened[-1] == "{" else None
    if lost or (lost := _LAST_COMMA(written)):
        start = _place(draft, past - (len(written) - lost.start()))
        if start < 0 or draft.text[start] != lost[1]:
            return None
        start += lost[1] == "{"
        written = written[: lost.start() + (lost[1] == "{")]
    elif draft.within >= 0:
        start, closers = draft.within, f'"{closers}'
    if written.rstrip()[-1:] in ("{", "["):
        return None
    draft.mends.append(("cut", start, past, closers.removeprefix('"') if lost else closers))
    draft.complete = False
    return written + closers.removeprefix('"')


def _place(draft: Draft, start: int) -> int:
    """Give where in the text what is left out begins; `start` is where it would, were nothing of it mended."""
    if draft.within >= 0:
        start += len(draft.pieces[-1]) - (len(draft.text) - draft.text.rfind('"', 0, draft.within))
    mended = max((end for _, _, end, _ in draft.mends), default=0)
    return start if mended <= start else -1
