"""Sections as members: what stands under a heading, or under a line in bold, is the value of its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from patterns.output.scan.notation import written_in
from patterns.output.scan.outline import Outline
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate, Node, Noted

_HEADING = re.compile(
    r"^(?:(?P<marks>#{1,6})[ \t]++(?P<head>[^\n]{1,120}+)|(?:\*\*|__)(?P<bold>[^*_\n]{1,60}+)(?:\*\*|__):?+[ \t]*+)$",
    re.M,
)
_NUMBER = re.compile(r"\d{1,2}[.)][ \t]+")
_BOLD = 7
_MOST = 500
_LEAST_TEXT = 200
"""Characters up to which a section may be one number or word."""


@dataclass(slots=True)
class _Section:
    level: int
    key: Node
    start: int
    end: int = 0


def read_headings(text: str) -> list[Candidate]:
    """Give the sections of a text as one object; nothing where it has fewer than two."""
    sections: list[_Section] = []
    for heading in _HEADING.finditer(text):
        if sections:
            sections[-1].end = heading.start()
        sections.append(_section(heading))
        if len(sections) > _MOST:
            return []
    if len(sections) < 2:
        return []
    sections[-1].end = len(text)
    start, end = sections[0].key.start, len(text.rstrip())
    root = Node("object", _members(text, sections), start, end)
    told = written_in("headings", text, start, root)
    return [Noted(root, "pairs", (told,), 1.0, True, text[:start][-1_000:].strip(), "headings", True)]


def _section(heading: re.Match[str]) -> _Section:
    """Give the name and the level of a section."""
    group = "bold" if heading["bold"] else "head"
    name = heading[group]
    shown = name.strip(" \t#*_:`")
    number = _NUMBER.match(shown)
    shown = shown[number.end() :] if number else shown
    at = heading.start(group) + max(0, name.find(shown))
    level = _BOLD if heading["bold"] else len(heading["marks"])
    return _Section(level, Node("string", shown, at, at + len(shown)), heading.end())


def _members(text: str, sections: Sequence[_Section]) -> list[tuple[Node, Node]]:
    """Give each section with its value; those of a deeper level belong to the one above them."""
    members: list[tuple[Node, Node]] = []
    at = 0
    while at < len(sections):
        section = sections[at]
        past = at + 1
        while past < len(sections) and sections[past].level > section.level:
            past += 1
        below = sections[at + 1 : past]
        members.append((section.key, _below(text, section, below) if below else _body(text, section)))
        at = past
    return members


def _below(text: str, section: _Section, below: Sequence[_Section]) -> Node:
    return Node("object", _members(text, below), section.start, below[-1].end)


def _body(text: str, section: _Section) -> Node:
    """Read what stands in one section: a list, a word or number, or its text."""
    lines = Outline(text, section.start, section.end)
    if lines.root is not None and not lines.other and lines.items and not lines.paired:
        return lines.root
    word = read_word(text, section.start, section.end)
    return word or Node("bare", "", section.start, section.start)
