"""XML as values: elements are members, repeated ones lists, and what stands in the innermost are texts and numbers."""

from __future__ import annotations

import html
import re
import sys
import textwrap
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from patterns.exchange import Repair
from patterns.output.fences import find_fences
from patterns.output.languages import language_of
from patterns.output.reasoning import find_reasoning
from patterns.output.scan.account import account
from patterns.output.scan.choose import believable
from patterns.output.scan.elements import Attribute, Element, Elements
from patterns.output.scan.notation import written_in
from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate, Node

_PAGE = re.compile(r"<!doctype html|<(?:html|head|body>\s*<(?:h1|div|p|center)|script|style)\b", re.IGNORECASE)
_THOUGHTS = re.compile(
    r"(?:seed:)?think(?:ing)?|thoughts?|reasoning|reflection|scratchpad|inner_monologue|analysis", re.I
)
_ANSWERS = frozenset(
    {"answer", "final_answer", "final", "output", "result", "response", "json", "arguments", "parameters"}
    | {"tool_call", "function_call"}
)
_NAMED = frozenset({"field", "parameter", "param", "arg", "property", "invoke"})
"""Elements whose `name` attribute is the name of a member."""
_KEYS = ("name", "key")
_BLANK = re.compile(r"(?:<\?xml[^<>]{0,200}+\?>|[`~]{3,}+\w*+|\s)++")
_MARKED = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{2,31});|<!--|<!\[CDATA\[")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)
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
    """Makes nodes of elements."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._source = Source(text)
        self._mends: list[Repair] = []

    def readings(self, tops: Sequence[Element]) -> list[Candidate]:
        """Read elements that stand beside each other: all together as one object, then each for itself."""
        if not tops or (len(tops) == 1 and self._is_plain(tops[0])):
            return []
        made: list[Candidate] = []
        if len(tops) > 1 or tops[0].local.lower() not in _ANSWERS:
            start, end = tops[0].start, tops[-1].end
            sure = self._alone(start, end) and not any(self._says_more(tops, start, end))
            made.append(self._candidate(self._object([], tops, start, end), tops, sure or self._apart(tops)))
        for top in tops[:_MOST] if len(tops) > 1 or tops[0].children or tops[0].attributes else tops:
            alone = len(tops) == 1 and self._alone(top.start, top.end)
            if alone or ((top.children or top.attributes) and not _THOUGHTS.fullmatch(top.local)):
                node = self._inside(top) if top.local.lower() in _ANSWERS and top.children else self._content(top)
                if node.kind in ("object", "array") or alone:
                    made.append(self._candidate(node, [top], alone or self._apart([top])))
        return made

    def _is_plain(self, top: Element) -> bool:
        """Tell an element that merely stands around JSON or words, which are read without it."""
        first = self._source.blank(top.inner)
        holds_json = first < top.inner_end and self._text[first] in "{["
        return not top.children and not top.attributes and (holds_json or top.local.lower() in _ANSWERS)

    def _candidate(self, root: Node, tops: Sequence[Element], sure: bool) -> Candidate:
        start, end = tops[0].start, tops[-1].end
        whole = self._alone(start, end)
        outside = "" if whole else (self._text[max(0, start - 1_000) : start] + self._text[end : end + 1_000]).strip()
        mends = [replace(written_in("markup", self._text, start, root), span=(start, end))]
        mends += [
            Repair("missing bracket", "$", (one.end, one.end), "", f"</{one.name}>", 2) for one in _left_open(tops)
        ]
        mends += self._mends
        self._mends = []
        cost = sum(mend.cost for mend in mends)
        return Candidate(root, "span", tuple(mends), cost, root.complete, outside, "markup", not sure)

    # what an element holds

    def _content(self, element: Element) -> Node:
        """Give the value of one element."""
        children = element.children
        if _THOUGHTS.fullmatch(element.local):
            return self._string(element)
        if children and any(self._says_more(children, element.inner, element.inner_end)):
            return self._string(element)
        if not children:
            leaf = self._leaf(element)
            blank = leaf.kind == "string" and leaf.value == ""
            return (
                self._object(element.attributes, [], element.start, element.end)
                if blank and element.attributes
                else leaf
            )
        return self._inside(element)

    def _inside(self, element: Element) -> Node:
        """Give the elements inside one as an object, or as the list that its name is the plural of."""
        children = element.children
        names = {child.local.lower() for child in children}
        if len(names) == 1 and not element.attributes and _is_plural(element.local.lower(), *names):
            return self._array(children, element.inner, element.inner_end, element.closed != "cut")
        attributes = element.attributes if element.local.lower() not in _NAMED else []
        node = self._object(attributes, children, element.inner, element.inner_end)
        node.complete = element.closed != "cut"
        return node

    def _array(self, elements: Sequence[Element], start: int, end: int, complete: bool = True) -> Node:
        return Node("array", [self._content(one) for one in elements], start, end, complete)

    def _object(self, attributes: Sequence[Attribute], elements: Sequence[Element], start: int, end: int) -> Node:
        pairs = [(Node("string", one.name, one.start, one.end), self._attribute(one)) for one in attributes]
        groups: dict[str, list[Element]] = {}
        for one in elements:
            groups.setdefault(_name(one), []).append(one)
        for name, group in groups.items():
            key = Node("string", name, group[0].start + 1, group[0].start + 1 + len(group[0].name))
            several = len(group) > 1
            pairs.append(
                (key, self._array(group, group[0].start, group[-1].end) if several else self._content(group[0]))
            )
        complete = all(one.closed != "cut" for one in elements)
        return Node("object", pairs, start, end, complete)

    def _attribute(self, one: Attribute) -> Node:
        quote = one.end - 1 - len(one.value)
        value = html.unescape(one.value) if "&" in one.value else one.value
        word = read_word(self._text, quote, one.end - 1)
        return word if word and word.kind != "bare" else Node("string", value, quote, one.end - 1)

    def _leaf(self, element: Element) -> Node:
        """Read what stands in an element without others: a value in brackets, a number, or text."""
        start, end, complete = element.inner, element.inner_end, element.closed != "cut"
        first = self._source.blank(start)
        if first < end and self._text[first] in "{[" and (node := self._container(first, end)) is not None:
            return node
        word = read_word(self._text, start, end, cut=not complete)
        if word is not None and word.kind != "bare":
            return word
        node = self._string(element)
        if node.value:
            node.kind, node.raw = "bare", str(node.value)
        return node

    def _container(self, start: int, end: int) -> Node | None:
        """Read the object or list that an element holds; None where its text merely begins with a bracket."""
        source = self._source
        if source.fuel < 2 * (end - start):
            return None
        source.fuel -= 2 * (end - start)
        source.begin()
        source.end = end
        try:
            root, past = read_container(source, start)
            whole = source.skip(past) == end
        except TooMuch:
            return None
        finally:
            source.end = len(self._text)
        if not whole or source.cost > 2 + (end - start) / 20:
            return None
        self._mends += account(source.text, source.mends)
        return root

    def _string(self, element: Element) -> Node:
        start, end = element.inner, element.inner_end
        raw = self._text[start:end]
        if _MARKED.search(raw):
            raw = "".join(_plain_parts(raw))
        value = textwrap.dedent(raw).strip() if raw[:1] in "\r\n" else raw.strip()
        return Node("string", value, start, max(end, start), element.closed != "cut")

    # what stands around elements

    def _says_more(self, elements: Sequence[Element], start: int, end: int) -> list[bool]:
        """Tell for each gap between elements whether words stand in it."""
        stops = [start, *(at for one in elements for at in (one.start, one.end)), end]
        gaps = (self._text[a:b] for a, b in zip(stops[::2], stops[1::2], strict=True))
        return [bool(_CDATA.sub("", gap).strip()) if "<!" in gap else bool(gap.strip()) for gap in gaps]

    def _alone(self, start: int, end: int) -> bool:
        """Nothing but blanks, thoughts and the marks of a fence stands around."""
        before, after = self._text[max(0, start - 4_000) : start], self._text[end : end + 4_000]
        thought = before.rfind("</think>")
        before = before[thought + 8 :] if thought >= 0 else before
        return not _BLANK.sub("", before) and not _BLANK.sub("", after)

    def _apart(self, tops: Sequence[Element]) -> bool:
        """Elements with others inside that stand on lines of their own, with nothing between them."""
        if any(not top.children for top in tops) or any(self._says_more(tops, tops[0].start, tops[-1].end)):
            return False
        before, after = self._text[: tops[0].start], self._text[tops[-1].end :][:200]
        return not before[before.rfind("\n") + 1 :].strip() and not after.partition("\n")[0].strip()


def _name(element: Element) -> str:
    if element.local.lower() in _NAMED:
        given = next((one.value for one in element.attributes if one.name in _KEYS), None)
        if given:
            return given
    return element.local


def _is_plural(name: str, of: str) -> bool:
    """Tell `items` of `item`, `entries` of `entry`, `item_list`, `children`."""
    plain = name.removesuffix("list").rstrip("_-")
    return plain in (of + "s", of + "es", of + "ren", of[:-1] + "ies") or (plain == of and name != of) or (
        of in ("item", "li", "entry", "element", "value") and name.endswith("s")
    )  # fmt: skip


def _plain_parts(raw: str) -> list[str]:
    """Decode entities, and take the marks off CDATA and comments out."""
    parts: list[str] = []
    at = 0
    for section in _CDATA.finditer(raw):
        parts += (html.unescape(raw[at : section.start()]), section[1] or "")
        at = section.end()
    return [*parts, html.unescape(raw[at:])]


def _left_open(tops: Sequence[Element]) -> list[Element]:
    todo = list(tops)
    left: list[Element] = []
    while todo and len(left) < _MOST:
        one = todo.pop()
        todo += one.children
        if one.closed == "implied":
            left.append(one)
    return left
