"""The YAML we read: plain JSON data with line numbers, without the parts of YAML that surprise or explode.

No aliases, anchors, tags, duplicate keys or second documents; scalars by the core schema of YAML 1.2 (chapter
10.3.2), so `no`, `12:30` and `2024-05-01` stay text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from patterns.messages import Json

MAX_CHARACTERS = 65_536
MAX_DEPTH = 20

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and indexes from the root."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGERS = (
    (re.compile(r"[-+]?[0-9]+"), 10),
    (re.compile(r"0o[0-7]+"), 8),
    (re.compile(r"0x[0-9a-fA-F]+"), 16),
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_NUMBER = 1_000


class YamlError(ValueError):
    """The text is not the YAML we read. `line` is 1-based within the text; `unsafe` is what could hide or explode."""

    def __init__(self, message: str, line: int, hint: str = "", *, unsafe: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint
        self.unsafe = unsafe


@dataclass(frozen=True, slots=True)
class Located:
    """A value with the line of each of its parts. A part's line is that of its key, or of its dash."""

    value: Json
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Give the line of the value at `place`, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(text: str, *, max_characters: int = MAX_CHARACTERS) -> Located:
    """Read one YAML document as JSON data; raise YamlError with the line at fault."""
    if len(text) > max_characters:
        raise YamlError(f"{len(text):,} characters of YAML; at most {max_characters:,} are read", 1, unsafe=True)
    return _Reader(_events(text)).document()


@dataclass(frozen=True, slots=True)
class _Event:
    """What we use of an event of ruamel: its kind, its line, and for a scalar its text and whether it is plain."""

    kind: str
    line: int
    text: str = ""
    plain: bool = True
    anchor: str | None = None
    tag: str | None = None


def _event(event: object, line: int) -> _Event:
    kind = type(event).__name__.removesuffix("Event")
    text, style = getattr(event, "value", ""), getattr(event, "style", None)
    return _Event(
        kind, line, text, style in (None, ""), getattr(event, "anchor", None), getattr(event, "tag", None) or None
    )


def _events(text: str) -> Iterator[_Event]:
    """Parse lazily, so that depth is refused before all of a hostile text is read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            yield _event(event, event.start_mark.line + 1)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"not YAML: {error.problem or error.context}", mark.line + 1 if mark else 1) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = getattr(error, "reason", None) or str(error).splitlines()[0]
        position = getattr(error, "position", 0)
        raise YamlError(f"not YAML: {reason}", text.count("\n", 0, position or 0) + 1) from None


class _Reader:
    """Builds values from events, one document, and remembers where each part stood."""

    def __init__(self, events: Iterator[_Event]) -> None:
        self._events = events
        self._lines: dict[Place, int] = {}

    def document(self) -> Located:
        value: Json = None
        documents = 0
        for event in self._events:
            if event.kind == "DocumentStart":
                documents += 1
                if documents > 1:
                    self._fail("a second document", event)
            elif event.kind not in ("StreamStart", "StreamEnd", "DocumentEnd"):
                value = self._value(event, ())
        return Located(value, self._lines)

    def _value(self, event: _Event, place: Place) -> Json:
        self._refuse(event, place)
        if event.kind == "Scalar":
            return self._scalar(event)
        return self._mapping(place) if event.kind == "MappingStart" else self._sequence(place)

    def _refuse(self, event: _Event, place: Place) -> None:
        if event.kind == "Alias":
            self._refused(f"an alias (*{event.anchor})", event, "write the value out; in text, put it in quotes")
        if event.anchor is not None:
            self._refused(f"an anchor (&{event.anchor})", event, "write the value out; in text, put it in quotes")
        if event.tag is not None:
            self._refused(f"a tag ({event.tag})", event, "drop the tag; in text, put it in quotes")
        if len(place) > MAX_DEPTH:
            self._refused(f"more than {MAX_DEPTH} levels", event, "")

    def _mapping(self, place: Place) -> Json:
        members: dict[str, Json] = {}
        while (event := next(self._events)).kind != "MappingEnd":
            key = self._key(event, place)
            if key in members:
                self._refused(f"the key {key!r} a second time", event, "keep one of them")
            here = (*place, key)
            self._lines[here] = event.line
            members[key] = self._value(next(self._events), here)
        return members

    def _key(self, event: _Event, place: Place) -> str:
        """Keys are text as written: `1:` is the key "1"."""
        self._refuse(event, place)
        if event.kind != "Scalar" or not event.text:
            self._fail("a key that is not text", event, "write the key as one word, or in quotes")
        self._scalar(event)
        return event.text

    def _sequence(self, place: Place) -> Json:
        items: list[Json] = []
        while (event := next(self._events)).kind != "SequenceEnd":
            here = (*place, len(items))
            self._lines[here] = event.line
            items.append(self._value(event, here))
        return items

    def _scalar(self, event: _Event) -> Json:
        text = event.text
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            self._fail("half of a surrogate pair", event)
        try:
            return plain_scalar(text) if event.plain else text
        except ValueError as error:
            self._fail(str(error), event)

    @staticmethod
    def _fail(what: str, event: _Event, hint: str = "") -> NoReturn:
        raise YamlError(f"{what} is not allowed here", event.line, hint)

    @staticmethod
    def _refused(what: str, event: _Event, hint: str) -> NoReturn:
        raise YamlError(f"{what} is not allowed here", event.line, hint, unsafe=True)


def plain_scalar(text: str) -> Json:
    """Resolve an unquoted scalar by the core schema; raise ValueError for numbers that JSON cannot hold."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    for written, base in _INTEGERS:
        if written.fullmatch(text):
            return int(_short(text), base)
    if _NOT_FINITE.fullmatch(text) or (_FLOAT.fullmatch(text) and not math.isfinite(float(_short(text)))):
        raise ValueError(f"the number {text[:20]}, which JSON cannot hold,")
    return float(text) if _FLOAT.fullmatch(text) else text


def _short(number: str) -> str:
    if len(number) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(number):,} digits")
    return number
