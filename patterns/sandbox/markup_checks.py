"""Markup: XML by expat, HTML by the balance of its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from patterns.sandbox.findings import Finding

_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img"),
    *("input", "link", "meta", "param", "source", "track", "wbr"),
}
_OPTIONAL = {
    *("p", "li", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "tr", "td", "th"),
    *("colgroup", "html", "head", "body", "rt", "rp"),
}
"""Elements whose end tag may be left out."""
_RAW = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
"""Elements whose text holds no tags."""

_TAG = re.compile(r"<(?P<close>/)?(?P<name>[A-Za-z][^\s/>]*)|<!--|<[!?]")
_STOP = re.compile("[\"'>]")


def check_xml(source: str) -> Finding | None:
    """Parse XML; a document type that declares entities is refused, for they can grow without bound."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(source.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return Finding(expat.ErrorString(error.code), error.lineno)
    except _EntityDeclared:
        return Finding("entities are declared, which are not read here", parser.CurrentLineNumber)
    return None


class _EntityDeclared(Exception):
    """A document type declares an entity."""


def _refuse_entity(*declared: object) -> None:
    raise _EntityDeclared


def check_html(source: str) -> Finding | None:
    """Check that HTML has tags at all and that they nest; elements whose end is optional may stay open."""
    page = _Page(source)
    problem = page.read()
    if problem is None and not page.seen:
        problem, page.at = "there is no tag in it", 0
    return Finding(problem, source.count("\n", 0, page.at) + 1) if problem else None


@dataclass(slots=True)
class _Page:
    """A page read from left to right, each character once, up to the first tag that does not nest.

    The parser of the standard library goes back over the rest of the text at each broken tag; this one stops there.
    """

    source: str
    at: int = 0
    seen: bool = False
    open: list[tuple[str, int]] = field(default_factory=list)

    def read(self) -> str | None:
        """Follow the tags; give the problem with the one at `at`, or None."""
        while tag := _TAG.search(self.source, self.at):
            self.at = tag.start()
            end = self._end(tag)
            if end < 0:
                return "a tag or comment is never closed"
            if tag["name"] and (problem := self._follow(tag, end)):
                return problem
            self.at = max(end, self.at)
        left = next(((name, at) for name, at in self.open if name not in _OPTIONAL), None)
        if left:
            self.at = left[1]
            return f"<{left[0]}> is never closed"
        return None

    def _end(self, tag: re.Match[str]) -> int:
        """Find the end of a tag, past the quoted values in it, or of a comment; -1 where there is none."""
        if tag[0] == "<!--":
            end = self.source.find("-->", tag.end())
            return end + 3 if end >= 0 else -1
        at = tag.end()
        while stop := _STOP.search(self.source, at):
            if stop[0] == ">":
                return stop.end()
            at = self.source.find(stop[0], stop.end()) + 1
            if not at:
                return -1
        return -1

    def _follow(self, tag: re.Match[str], end: int) -> str | None:
        self.seen = True
        name = tag["name"].lower()
        if tag["close"]:
            return self._close(name)
        if name in _VOID or self.source[end - 2] == "/":
            return None
        if name not in _RAW:
            self.open.append((name, self.at))
            return None
        closer = _RAW[name].search(self.source, end)
        if closer is None:
            return f"<{name}> is never closed"
        self.open.append((name, self.at))
        self.at = closer.start()
        return None

    def _close(self, name: str) -> str | None:
        while self.open and self.open[-1][0] != name and self.open[-1][0] in _OPTIONAL:
            self.open.pop()
        if self.open and self.open[-1][0] == name:
            self.open.pop()
        elif name not in _VOID | _OPTIONAL:
            return f"</{name}> closes nothing that is open here"
        return None
