"""Values written in XML: one element that is all of an answer, or fields beside each other, in prose too."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from patterns.exchange import Repair
from patterns.output.fences import find_fences
from patterns.output.languages import language_of
from patterns.output.reasoning import find_reasoning
from patterns.output.scan.choose import believable
from patterns.output.scan.contents import Contents, is_thought
from patterns.output.scan.elements import Element, Elements
from patterns.output.scan.notation import written_in
from patterns.output.tree import Candidate, Node, Noted

_PAGE = re.compile(r"<!doctype html|<(?:html|head|body>\s*<(?:h1|div|p|center)|script|style)\b", re.IGNORECASE)
_ANSWERS = frozenset(
    {"answer", "final_answer", "final", "output", "result", "response", "json", "arguments", "parameters"}
    | {"tool_call", "function_call"}
)
_BLANK = re.compile(r"(?:<\?xml[^<>]{0,200}+\?>|[`~]{3,}+\w*+|\s)++")
_LANGUAGES = frozenset({"", "xml", "text", "markdown"})
_MOST = 32
"""Elements at the top of a text that are read one by one."""


def read_markup(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Give what the elements of a text say: all of them together, and each that has elements inside.

    Nothing is given for a page of HTML, or where an object stands beside the elements.
    """
    if _PAGE.search(text):
        return []
    hidden = find_reasoning(text)
    fences = find_fences(text) if "```" in text or "~~~" in text else []
    skipped = [block.outer for block in fences if language_of(block.tag) not in _LANGUAGES]
    elements = Elements(text, skipped)
    shown = [top for top in elements.tops if not _is_within(top.start, hidden.spans)]
    objects = [one.root for one in found if one.root.kind == "object" and one.origin != "pairs" and believable(one)]
    stretches = [(top.start, top.end) for top in elements.tops]
    if not elements.tops or not all(_is_within(root.start, stretches) for root in objects):
        return []
    writer = _Writer(text)
    made = writer.readings(shown)
    if len(shown) < len(elements.tops) and not hidden.unclosed:
        made += writer.readings(elements.tops)[:1]
    return made


def _is_within(at: int, stretches: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a place lies in one of some stretches, which stand in order."""
    after = bisect_right(stretches, (at, sys.maxsize))
    return after > 0 and at < stretches[after - 1][1]


class _Writer:
    """Makes candidates of the elements at the top of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._contents = Contents(text)

    def readings(self, tops: Sequence[Element]) -> list[Candidate]:
        """Read elements that stand beside each other: all together as one object, then each for itself."""
        if not tops or (len(tops) == 1 and self._is_plain(tops[0])):
            return []
        made: list[Candidate] = []
        several = len(tops) > 1
        if several or tops[0].local.lower() not in _ANSWERS:
            start, end = tops[0].start, tops[-1].end
            sure = self._alone(start, end) and not self._contents.holds_words(tops, start, end)
            root = self._contents.object_of([], tops, start, end)
            made.append(self._candidate(root, tops, sure or self._apart(tops)))
        for top in tops[:_MOST]:
            alone = not several and self._alone(top.start, top.end)
            if alone or ((top.children or top.attributes) and not is_thought(top)):
                node = self._one(top)
                if alone or node.kind in ("object", "array"):
                    made.append(self._candidate(node, [top], alone or self._apart([top])))
        return made

    def _one(self, top: Element) -> Node:
        """Give what one element holds; of one that wraps the answer, the elements in it, whatever words are beside."""
        wraps = top.children and top.local.lower() in _ANSWERS
        return self._contents.inside(top) if wraps else self._contents.content(top)

    def _is_plain(self, top: Element) -> bool:
        """Tell an element that merely stands around JSON or words, which are read without it."""
        holds_json = self._text[top.inner : top.inner_end].lstrip()[:1] in ("{", "[")
        return not top.children and not top.attributes and (holds_json or top.local.lower() in _ANSWERS)

    def _candidate(self, root: Node, tops: Sequence[Element], sure: bool) -> Candidate:
        start, end = tops[0].start, tops[-1].end
        whole = self._alone(start, end)
        outside = "" if whole else (self._text[max(0, start - 1_000) : start] + self._text[end : end + 1_000]).strip()
        mends = [replace(written_in("markup", self._text, start, root), span=(start, end))]
        mends += [
            Repair("missing bracket", "$", (one.end, one.end), "", f"</{one.name}>", 2) for one in _left_open(tops)
        ]
        mends += self._contents.mends()
        cost = sum(mend.cost for mend in mends)
        return Noted(root, "span", tuple(mends), cost, root.complete, outside, "markup", not sure)

    def _alone(self, start: int, end: int) -> bool:
        """Nothing but blanks, thoughts and the marks of a fence stands around."""
        before, after = self._text[max(0, start - 4_000) : start], self._text[end : end + 4_000]
        thought = before.rfind("</think>")
        before = before[thought + 8 :] if thought >= 0 else before
        return not _BLANK.sub("", before) and not _BLANK.sub("", after)

    def _apart(self, tops: Sequence[Element]) -> bool:
        """Elements with others inside that stand on lines of their own, with nothing between them."""
        if any(not top.children for top in tops) or self._contents.holds_words(tops, tops[0].start, tops[-1].end):
            return False
        before, after = self._text[: tops[0].start], self._text[tops[-1].end :][:200]
        return not before[before.rfind("\n") + 1 :].strip() and not after.partition("\n")[0].strip()


def _left_open(tops: Sequence[Element]) -> list[Element]:
    todo = list(tops)
    left: list[Element] = []
    while todo and len(left) < _MOST:
        one = todo.pop()
        todo += one.children
        if one.closed == "implied":
            left.append(one)
    return left
