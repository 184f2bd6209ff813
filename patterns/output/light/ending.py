"""The end of a text that was cut off: what is open there is closed, and a key without a value is left out."""

from __future__ import annotations

import re

from patterns.output.light.draft import Draft

_LAST_KEY = re.compile(r'([,{])\s*+"(?:[^"\\]|\\.)*+"\s*+:?+\Z').search


def finished(draft: Draft) -> str | None:
    """Give the mended text with everything closed; None where nothing but brackets would be left."""
    written = draft.written
    opened = draft.opened() if draft.cut else []
    if not opened:
        return written
    past = len(draft.text)
    if draft.end != past:
        return None
    written = written.rstrip()
    if opened[-1] == "{" and (key := _LAST_KEY(written)):
        written = written[: key.start()] + ("{" if key[1] == "{" else "")
    elif written[-1] == ",":
        written = written[:-1]
    if written[-1] in "{[":
        return None
    draft.mends.append(("cut", past, past, ""))
    draft.complete = False
    return written + "".join(["}" if sign == "{" else "]" for sign in reversed(opened)])
