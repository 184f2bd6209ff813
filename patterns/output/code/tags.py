"""Code between tags: `<code>…</code>`, `[PYTHON]…[/PYTHON]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patterns.output.fences import Block

_TAG = re.compile(
    r"<(?P<close>/)?(?P<name>code|python|answer|solution|pre|response|result|final_code)(?:[ \t][^<>\n]{0,80})?>"
    r"|\[(?P<bracket_close>/)?(?P<bracket>PYTHON|CODE|ANSWER|SOLUTION)\]",
    re.IGNORECASE,
)
_MOST = 500


def find_tags(text: str, fences: Sequence[Block]) -> list[Block]:
    """Find what stands between an opening tag and the next closer of its name, unless a fence says it more exactly."""
    blocks: list[Block] = []
    opened: re.Match[str] | None = None
    fenced = [fence.outer for fence in fences[:_MOST]]
    for tag in _TAG.finditer(text):
        if len(blocks) >= _MOST:
            break
        if not (tag["close"] or tag["bracket_close"]):
            opened = tag
        elif opened and _name(tag) == _name(opened):
            start, end = opened.end(), tag.start()
            if not any(left < end and start < right for left, right in fenced):
                claimed, outer = "python" if _name(opened) == "python" else "", (opened.start(), tag.end())
                blocks.append(Block(text[start:end], start, end, claimed, origin="tag", outer=outer))
            opened = None
    return blocks


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or tag["bracket"]).lower()
