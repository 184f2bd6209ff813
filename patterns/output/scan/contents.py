"""What the elements of XML hold: objects of the elements inside, lists of repeated ones, texts and numbers."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence

from patterns.exchange import Repair
from patterns.output.scan.account import SHOWN, account
from patterns.output.scan.elements import Attribute, Element
from patterns.output.scan.parser import read_container
from patterns.output.scan.source import Source, TooMuch
from patterns.output.scan.words import read_word
from patterns.output.tree import Node

_THOUGHTS = re.compile(
    r"(?:seed:)?think(?:ing)?|thoughts?|reasoning|reflection|scratchpad|inner_monologue|analysis", re.I
).fullmatch
_NAMED = frozenset({"field", "parameter", "param", "arg", "property", "invoke"})
"""Elements whose `name` attribute is the name of a member."""
_KEYS = ("name", "key")
_MARKED = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{2,31});|<!--|<!\[CDATA\[")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)


class Contents:
    """Makes nodes of the elements in a text; `mends` are those that it took since they were last asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._source = Source(text)
        self._mends: list[Repair] = []

    def mends(self) -> list[Repair]:
        """Give the mends made so far, and begin another account."""
        made, self._mends = self._mends, []
        return made

    def holds_words(self, elements: Sequence[Element], start: int, end: int) -> bool:
        """Tell whether words stand between elements."""
        return any(self._says_more(elements, start, end))

    def content(self, element: Element) -> Node:
        """Give the value of one element."""
        children = element.children
        if is_thought(element):
            return self._string(element)
        if children and self.holds_words(children, element.inner, element.inner_end):
            return self._string(element)
        if not children:
            return self._childless(element)
        return self.inside(element)

    def _childless(self, element: Element) -> Node:
        """Read an element without others: what stands in it, or its attributes where nothing does."""
        leaf, attributes = self._leaf(element), element.attributes
        if not attributes or (element.local.lower() in _NAMED and len(attributes) == 1):
            return leaf
        if leaf.value == "":
            return self.object_of(attributes, [], element.start, element.end)
        start, end = attributes[0].start, attributes[-1].end
        self._mends.append(Repair("attributes", "$", (start, end), self._text[start:end][:SHOWN], "", 1.0))
        return leaf

    def inside(self, element: Element) -> Node:
        """Give the elements inside one as an object, or as the list that its name is the plural of."""
        children = element.children
        names = {child.local.lower() for child in children}
        if len(names) == 1 and not element.attributes and _is_plural(element.local.lower(), *names):
            return self._array(children, element.inner, element.inner_end, element.closed != "cut")
        attributes = element.attributes if element.local.lower() not in _NAMED else []
        node = self.object_of(attributes, children, element.inner, element.inner_end)
        node.complete = element.closed != "cut"
        return node

    def _array(self, elements: Sequence[Element], start: int, end: int, complete: bool = True) -> Node:
        return Node("array", [self.content(one) for one in elements], start, end, complete)

    def object_of(self, attributes: Sequence[Attribute], elements: Sequence[Element], start: int, end: int) -> Node:
        pairs = [(Node("string", one.name, one.start, one.end), self._attribute(one)) for one in attributes]
        groups: dict[str, list[Element]] = {}
        for one in elements:
            groups.setdefault(_name(one), []).append(one)
        for name, group in groups.items():
            key = Node("string", name, group[0].start + 1, group[0].start + 1 + len(group[0].name))
            several = len(group) > 1
            pairs.append(
                (key, self._array(group, group[0].start, group[-1].end) if several else self.content(group[0]))
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

    def _says_more(self, elements: Sequence[Element], start: int, end: int) -> list[bool]:
        """Tell for each gap between elements whether words stand in it."""
        stops = [start, *(at for one in elements for at in (one.start, one.end)), end]
        gaps = (self._text[a:b] for a, b in zip(stops[::2], stops[1::2], strict=True))
        return [bool(_CDATA.sub("", gap).strip()) if "<!" in gap else bool(gap.strip()) for gap in gaps]


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


def is_thought(element: Element) -> bool:
    """Tell an element in which a model thinks aloud."""
    return _THOUGHTS(element.local) is not None
