"""The elements of a text in XML: where each begins and ends, and what stands inside; HTML's own tags are text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from patterns.output.scan.limits import MAX_DEPTH, MAX_SPANS

_TAG = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Za-z_][\w.:-]{0,80}+)"
    r"(?P<attributes>(?:\s++[\w:.-]{1,60}+\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+(?P<void>/)?>"
    r"|<!--|<!\[CDATA\["
).search
_ATTRIBUTE = re.compile(r"([\w:.-]{1,60}+)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_HTML = re.compile(
    "a|b|i|u|s|em|strong|br|hr|p|span|div|ul|ol|li|dl|dt|dd|sup|sub|h[1-6]|img|thead|tbody|tr|td|th|html|head|center|"
    "font|small|pre|blockquote|iframe"
).fullmatch
"""Tags that dress a text and name no field."""


@dataclass(slots=True)
class Attribute:
    """A name and value inside a tag."""

    name: str
    value: str
    start: int
    end: int


@dataclass(slots=True)
class Element:
    """`start` to `end` is all of it, `inner` to `inner_end` what stands between its tags.

    `closed` is "" for an element with its closing tag, "implied" where another tag closed it, "cut" where the text
    ended before it did.
    """

    name: str
    start: int
    inner: int
    inner_end: int = -1
    end: int = -1
    closed: str = "cut"
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without the prefix of a namespace."""
        return self.name.rpartition(":")[2]


class Elements:
    """All elements of a text, in one pass; `tops` are those that stand in no other."""

    def __init__(self, text: str, skip: list[tuple[int, int]]) -> None:
        self.tops: list[Element] = []
        self.sections: list[tuple[int, int]] = []
        self._text = text
        self._open: list[Element] = []
        self._names: dict[str, int] = {}
        self._too_much = False
        pos, ahead, seen = 0, iter(skip), 0
        hidden = next(ahead, None)
        while not self._too_much and (tag := _TAG(text, pos)) is not None:
            while hidden is not None and hidden[1] <= tag.start():
                hidden = next(ahead, None)
            if hidden is not None and hidden[0] <= tag.start():
                pos = hidden[1]
                continue
            pos = self._take(tag)
            seen += 1
            if seen > 10 * MAX_SPANS:
                self._too_much = True
        self._end()

    def _take(self, tag: re.Match[str]) -> int:
        """Take in one tag; give where to look for the next."""
        name = tag["name"]
        if name is None:
            return self._past_section(tag)
        if _HTML(name):
            return tag.end()
        if tag["close"]:
            self._close(name, tag.start(), tag.end())
            return tag.end()
        element = Element(name, tag.start(), tag.end(), attributes=_attributes(tag))
        (self._open[-1].children if self._open else self.tops).append(element)
        if tag["void"]:
            element.inner_end, element.end, element.closed = tag.end(), tag.end(), ""
        elif len(self._open) >= MAX_DEPTH:
            self._too_much = True
        else:
            self._open.append(element)
            self._names[name] = self._names.get(name, 0) + 1
        return tag.end()

    def _past_section(self, tag: re.Match[str]) -> int:
        """Pass a comment, or a text in which tags mean nothing."""
        close = "-->" if tag[0] == "<!--" else "]]>"
        end = self._text.find(close, tag.end())
        past = len(self._text) if end < 0 else end + 3
        self.sections.append((tag.start(), past))
        return past

    def _close(self, name: str, start: int, past: int) -> None:
        """Close the innermost open element of this name, and those inside it that were left open."""
        if not self._names.get(name):
            return
        while self._open:
            element = self._open.pop()
            self._names[element.name] -= 1
            same = element.name == name
            element.inner_end, element.end, element.closed = start, past if same else start, "" if same else "implied"
            if same:
                return
            self._end_early(element)

    def _end_early(self, element: Element) -> None:
        """End an element that was left open before the first inside it, where words stand before that one."""
        if not element.children or not self._open or not self._text[element.inner : element.children[0].start].strip():
            return
        element.inner_end = element.end = element.children[0].start
        self._open[-1].children += element.children
        element.children = []

    def _end(self) -> None:
        """End what is still open: an element that leads the text was cut off with it, others were mere mentions."""
        if self._too_much:
            self.tops = []
        elif self._open and not self._text[: self._open[0].start].strip("\ufeff \t\r\n`xml"):
            for element in self._open:
                element.inner_end = element.end = len(self._text)
        elif self._open:
            mentions = {id(element) for element in self._open}
            freed = [self.tops, *(element.children for element in self._open)]
            self.tops = [element for level in freed for element in level if id(element) not in mentions]


def _attributes(tag: re.Match[str]) -> list[Attribute]:
    """Give the attributes of a tag."""
    if not tag["attributes"]:
        return []
    found = _ATTRIBUTE.finditer(tag.string, *tag.span("attributes"))
    return [Attribute(one[1], one[2] if one[2] is not None else one[3], *one.span()) for one in found]
