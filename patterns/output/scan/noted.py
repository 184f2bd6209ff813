"""Values in notations other than JSON: on a sure sign, or where nothing else is found, their readers are asked.

The readers are loaded when one is first asked for: most answers never need them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from patterns.output.scan.choose import believable
from patterns.output.tree import Candidate, Node

_BEFORE_MEMBER = re.compile(r"[ \t]*+(?:-[ \t]++)?+(?:[\w-]{1,40}+(?: [\w-]{1,40}+){0,2}+:[ \t]++)?+").fullmatch
_PAIR_LINE = re.compile(r"^[ \t]*+(?:-[ \t]++)?+[\w-]{1,40}+(?: [\w-]{1,40}+){0,2}+:(?:[ \t]|$)", re.M).search
_BEFORE_PART = ("=", ":", "(", "-")
"""What stands before a part of a value in other notations."""
_NEAR = 120


def noted(text: str, found: Sequence[Candidate], rescan: Callable[[str], list[Candidate]]) -> list[Candidate]:
    """Give what the text says in other notations; `found` is what was read as JSON."""
    made: list[Candidate] = []
    first = next((one for one in found if one.origin != "text"), None)
    line = _line_before(text, first.root) if first is not None and first.root.start else ""
    clear = first is not None and first.cost < 1 and believable(first)
    if ("</" in text or "/>" in text) and not _over(text, first, clear):
        from patterns.output.scan.markup import read_markup

        made += read_markup(text, found)
    if clear and line[-1:] not in _BEFORE_PART:
        return made
    if may_be_python(text):
        from patterns.output.scan.reprs import read_python

        made += read_python(text, rescan)
    if not made and "=" in text and "\n" in text and "```" not in text:
        from patterns.output.scan.settings import read_settings

        made += read_settings(text)
    if line and first is not None and _is_member(text, first.root, line):
        from patterns.output.scan.lines import read_members

        made += read_members(text)
    if not clear and "\n" in text and ("# " in text or "**" in text):
        from patterns.output.scan.headings import read_headings

        made += read_headings(text)
    return made


def may_be_noted(text: str, found: Sequence[Candidate]) -> bool:
    """Tell whether a text may hold a value in another notation, by a glance that costs next to nothing."""
    if found:
        first = found[0]
        start = first.root.start
        if first.cost < 1 and first.root.kind == "object" and text[start - 1] == "\n":
            return "</" in text
    else:
        start = 0
    if "=" in text or "<" in text or ("(" in text and may_be_python(text)):
        return True
    return "\n" in text and (text[start - 1] == " " or "**" in text or "# " in text)


def _over(text: str, first: Candidate | None, clear: bool) -> bool:
    """Tell an object that holds all tags of a text in its strings, or one that stands where no element is open."""
    if first is None or first.root.kind != "object" or first.origin == "pairs":
        return False
    start, end = first.root.start, first.root.end
    if start < text.find("<") and text.rfind(">") < end:
        return True
    return clear and text[max(0, start - 1) : start] != ">" and text.rfind("</", 0, start) >= text.rfind("<", 0, start)


def may_be_python(text: str) -> bool:
    """Tell whether a text may hold what Python prints, by a glance."""
    return "=" in text or "<" in text or "([" in text or "({" in text or ("(" in text and "date" in text)


def outermost(found: list[Candidate], made: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what merely stands inside a value that was surely written in another notation."""
    sure = [one.root for one in made if not one.doubtful and one.origin != "pairs"]
    if not sure:
        return found
    start, end = min(root.start for root in sure), max(root.end for root in sure)
    return [one for one in found if not (start <= one.root.start and one.root.end <= end)]


def _line_before(text: str, node: Node) -> str:
    before = text[max(0, node.start - _NEAR) : node.start]
    return before[before.rfind("\n") + 1 :].rstrip()


def _is_member(text: str, node: Node, line: str) -> bool:
    """Tell a list or object that stands on a line behind a key or a dash, with other such lines around it."""
    if not _BEFORE_MEMBER(f"{line} "):
        return False
    start = text.rfind("\n", 0, node.start) + 1
    return _PAIR_LINE(text, 0, start) is not None or _PAIR_LINE(text, node.end) is not None
