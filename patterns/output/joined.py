"""A cut answer and what came behind it as one text, however a model goes on: right there, or with a run-up."""

from __future__ import annotations

import re
from typing import Final

from patterns.messages import Format
from patterns.output.json_seam import JsonSeam, overlap, recurs

_FENCE = re.compile(r"^[ \t]*```[^\n]*\n", re.MULTILINE)
_TOP: Final = 48
"""Characters at the head of a text that show that it begins again from the top."""


def joined(kept: str, more: str, format: Format) -> str:
    """Put together what was kept of a cut answer and what was said when the rest of it was asked for.

    The rest may overlap with what was kept, stand in a fence or behind a sentence, open its brackets again, or be
    the whole answer from the top: then it is taken alone.
    """
    if format == "json":
        return JsonSeam(kept).join(more)
    return _code(kept, more) if format == "code" else _text(kept, more)


def _code(kept: str, more: str) -> str:
    """Join whole lines. Lines that stand on both sides go once, and so does a fence that is opened again."""
    above, opened = _lines(kept), _FENCE.search(kept)
    begun = _FENCE.search(more) if opened else None
    rest = more
    if begun and not (kept[opened.end() :] if opened else "").count("```") and _opens(more, begun):
        rest = more[begun.end() :]
    code = [line for line in (kept[opened.end() :] if opened else kept).splitlines() if line.strip()]
    mine = [line for line in rest.splitlines() if line.strip()]
    if len(code) > 1 and mine[:2] == code[:2]:
        return more
    below = _lines(rest)
    twice = next((n for n in range(min(len(above), len(below)), 0, -1) if above[-n:] == below[:n]), 0)
    if not any(len(line.strip()) > 3 for line in below[:twice]):  # a bracket alone may well come again
        twice = 0
    return kept + "".join(below[twice:])


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _opens(more: str, fence: re.Match[str]) -> bool:
    """Tell a fence that opens the code again from the one that closes it: words may stand before it, code does not."""
    before = more[: fence.start()].strip()
    return not before or (before.count("\n") == 0 and before.endswith((":", ".")))


def _text(kept: str, more: str) -> str:
    """Join words; what stands on both sides of the seam goes once."""
    if len(kept) > _TOP and more.startswith(kept[:_TOP]):
        return more
    rest = more.lstrip(" ") if kept.endswith((" ", "\n")) else more
    twice = overlap(kept, rest)
    return kept + (rest if recurs(rest[:twice]) else rest[twice:])
