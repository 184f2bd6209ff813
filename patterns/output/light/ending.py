"""The end of a text that was cut off: what is open there is closed, and a key without a value is left out."""

from __future__ import annotations

import re

from patterns.output.light.draft import CLOSERS, Draft

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|([{}\[\]])').finditer
_LAST_KEY = re.compile(r',\s*+"(?:[^"\\]|\\.)*+"\s*+:?+\s*+\Z').search


def finished(draft: Draft) -> str | None:
    """Give the mended text with everything closed; None where it cannot be told what is left out."""
    written = "".join(draft.pieces)
    opened = draft.opened()
    if not opened:
        return _bracketed(draft, written)
    past = len(draft.text)
    kept = written.rstrip()
    sign = kept[-1]
    if sign in "{[:" or (sign == '"' and opened[-1] == "{"):
        key = _LAST_KEY(written)
        kept = written[: key.start()] if key else kept
    elif sign == ",":
        kept = kept[:-1]
    if draft.end != past or kept[-1] == ":" or (kept[-1] in "{[" and len(opened) == 1):
        return None
    closers = "".join([CLOSERS[sign] for sign in reversed(opened)])
    lost = len(written) - len(kept)
    if lost and written[len(kept)] == ",":
        start = _place(draft, past - lost)
        if start < 0 or draft.text[start] != ",":
            return None
        draft.mends.append(("cut", start, past, closers))
    elif draft.within >= 0:
        draft.mends.append(("cut", draft.within, past, f'"{closers}'))
    else:
        behind = draft.mends[-1] if draft.mends else None
        start = behind[1] if behind and behind[0] == "comment" and behind[2] == past else past
        draft.mends.append(("cut", start, past, closers))
    draft.complete = False
    return kept + closers


def _place(draft: Draft, start: int) -> int:
    """Give where in the text what is left out begins; `start` is where it would, were nothing of it mended."""
    if draft.within >= 0:
        start += len(draft.pieces[-1]) - (len(draft.text) - draft.text.rfind('"', 0, draft.within))
    mended = max((end for _, _, end, _ in draft.mends), default=0)
    return start if mended <= start else -1


def _bracketed(draft: Draft, written: str) -> str | None:
    """Put in the one bracket that is missing before those at the end; None where it is another, or more than one."""
    opened: list[str] = []
    for found in _BRACKETS(written):
        sign = found[1]
        if sign in CLOSERS:
            opened.append(sign)
        elif sign and opened and sign == CLOSERS[opened[-1]]:
            opened.pop()
        elif sign:
            break
    else:
        return None if opened else written
    tail = written[found.start() :]
    place = len(draft.text) - len(tail)
    if draft.end < len(draft.text) or draft.text[place:] != tail:
        return None
    closers = [CLOSERS[sign] for sign in reversed(opened)]
    if closers and tail.strip() == {"}": "]", "]": "}"}[closers[0]] and len(closers) == 1:
        draft.mends.append(("wrong bracket", place, place + 1, closers[0]))
        return f"{written[: found.start()]}{closers[0]}"
    if not closers or "".join(tail.split()) != "".join(closers[1:]):
        return None
    draft.mends.append(("missing bracket", place, place, closers[0]))
    return f"{written[: found.start()]}{closers[0]}{tail}"
