"""Reading a shorthand: text to fields and types, by recursive descent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, Literal

from patterns.errors import SchemaError
from patterns.output.shorthand.cursor import Cursor
from patterns.output.shorthand.nodes import Either, Field, Kind, Many, Plain, Record, Values

TYPES: Final = {
    "str": "str",
    "string": "str",
    "int": "int",
    "integer": "int",
    "float": "float",
    "bool": "bool",
    "boolean": "bool",
    "date": "date",
    "datetime": "datetime",
    "any": "any",
    "null": "null",
    "none": "null",
}
"""Names of types, and what each is called here."""
_KINDS: Final[dict[str, Literal["list", "set", "dict"]]] = {"list": "list", "set": "set", "dict": "dict"}
_MEANT: Final = {"number": "int or float", "text": "str", "double": "float", "array": "list[str]", "object": "{…}"}
_NAME: Final = re.compile(r"[^\W\d][\w-]*")
_MANY: Final = re.compile(r"(list|set|dict)(?=\s*\[)", re.IGNORECASE)
_BARE_MANY: Final = re.compile(r"(list|set|dict)(?=\s*(?:[,?:|\n}\])]|$))", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\s|,?:\"{}\[\]()]+(?:[ \t]+[^\s|,?:\"{}\[\]()]+)*")
_ROOT_TYPE: Final = re.compile(
    r'\s*(?:\{|(?:list|set|dict)\s*\[|[^\s|,?:"{}\[\]()]+[ \t]*\||"(?:[^"\\\n]|\\.)*"[ \t]*\|)', re.IGNORECASE
)
_LONGEST, _DEEPEST, _MOST = 64 * 1024, 32, 500
_BRACES: Final = "The fields of an object stand in braces: list[{sku, qty int}]. "
_FIELD_HINT: Final = "A field is: name type: description. A description with a comma goes in double quotes."


def parse(text: str) -> Kind:
    """Read a whole shorthand. Raises `SchemaError`, pointing at the column."""
    if not text.strip():
        raise SchemaError("the shorthand is empty", hint='Name the fields: "name, age int, skills list[str]".')
    if len(text) > _LONGEST:
        raise SchemaError(f"the shorthand has more than {_LONGEST:,} characters")
    parser = _Parser(text)
    kind = parser.kind(0) if _ROOT_TYPE.match(text) else parser.record(0)
    parser.end()
    return kind


class _Parser:
    def __init__(self, text: str) -> None:
        self._cursor = Cursor(text)
        self._fields = 0
        self._described = False

    def end(self) -> None:
        self._cursor.space()
        if self._cursor.peek():
            raise self._cursor.wrong(f"{self._cursor.peek()!r} is not expected here", hint=_FIELD_HINT)

    def record(self, depth: int) -> Record:
        """Read fields up to the end of the text or a closing bracket."""
        cursor = self._cursor
        lines = cursor.has_lines()
        fields: list[Field] = []
        while True:
            cursor.space()
            if not cursor.peek() or cursor.peek() in ")]}":
                break
            fields.append(self._field(depth, lines))
            if any(field.name == fields[-1].name for field in fields[:-1]):
                raise cursor.wrong(f"the name {fields[-1].name!r} stands here twice", at=fields[-1].at)
            if not cursor.take(",") and not (cursor.take("\n") or not cursor.peek() or cursor.peek() in ")]}"):
                raise cursor.wrong(f"{cursor.peek()!r} is not expected here", hint=_FIELD_HINT)
        if not fields:
            raise cursor.wrong("a field is missing")
        return Record(tuple(fields))

    def _field(self, depth: int, lines: bool) -> Field:
        cursor, at = self._cursor, self._cursor.at
        self._fields += 1
        if self._fields > _MOST:
            raise cursor.wrong(f"there are more than {_MOST} fields")
        name = cursor.quoted() or cursor.match(_NAME)
        if not name:
            raise cursor.wrong("a name is missing", hint="A name is one word; any other text goes in double quotes.")
        optional = cursor.take("?")
        cursor.space(lines=False)
        kind = self.kind(depth, name) if cursor.peek() not in ("", ",", ":", "?", "\n", "}", "]", ")") else Plain("str")
        optional = cursor.take("?") or optional
        return Field(name, kind, optional, self._description(lines), at)

    def _description(self, lines: bool) -> str:
        cursor = self._cursor
        if not cursor.take(":"):
            return ""
        self._described = True
        cursor.space(lines=False)
        if (quoted := cursor.quoted()) is not None:
            return quoted
        return cursor.until("\n" if lines else ",\n").strip().removesuffix(",").rstrip()

    def kind(self, depth: int, name: str = "") -> Kind:
        """Read a type; `name` is the field's, for the sake of advice."""
        if depth > _DEEPEST:
            raise self._cursor.wrong(f"there are more than {_DEEPEST} levels")
        parts = [self._part(depth)]
        while self._cursor.take("|"):
            parts.append(self._part(depth))
        return self._joined(parts, name)

    def _part(self, depth: int) -> tuple[int, Kind | str, bool]:
        """One alternative: where it stands, a type or words, and whether the words are quoted."""
        cursor = self._cursor
        cursor.space(lines=False)
        at = cursor.at
        if (quoted := cursor.quoted()) is not None:
            return at, quoted, True
        if cursor.take("{"):
            return at, self._closed("}", self.record(depth + 1)), False
        if many := cursor.match(_MANY):
            cursor.take("[")
            return at, Many(_KINDS[many.lower()], self._item(depth + 1)), False
        if many := cursor.match(_BARE_MANY):
            return at, Many(_KINDS[many.strip().lower()], Plain("str")), False
        if words := cursor.match(_WORDS):
            return at, words, False
        raise cursor.wrong("a type is missing", hint=f"Types are: {', '.join(_known())}.")

    def _item(self, depth: int) -> Kind:
        self._cursor.space()
        item = self.kind(depth)
        self._cursor.space()
        return self._closed("]", item, _BRACES)

    def _closed(self, closer: str, kind: Kind, hint: str = "") -> Kind:
        self._cursor.space()
        if not self._cursor.take(closer):
            raise self._cursor.wrong(f"{closer!r} is missing", hint=hint)
        return kind

    def _joined(self, parts: list[tuple[int, Kind | str, bool]], name: str) -> Kind:
        """Words that are all types, beside types, make a union; else all words are values."""
        words = [(at, part, quoted) for at, part, quoted in parts if isinstance(part, str)]
        unknown = [(at, part) for at, part, quoted in words if quoted or part.lower() not in TYPES]
        if not unknown:
            kinds = tuple(Plain(TYPES[part.lower()]) if isinstance(part, str) else part for _, part, _ in parts)
            return kinds[0] if len(kinds) == 1 else Either(kinds)
        (at, first), alone = unknown[0], len(parts) == 1 and not words[0][2]
        if alone or len(words) < len(parts):
            raise self._cursor.wrong(f"{first!r} is not a type", at=at, hint=_advice(first, name, self._described))
        values = Values(tuple(_values([part for _, part, quoted in words if quoted or part.lower() != "null"])))
        nullable = any(part.lower() == "null" and not quoted for _, part, quoted in words)
        return Either((values, Plain("null"))) if nullable else values


def _values(words: list[str]) -> Iterator[str | int]:
    numbers = all(re.fullmatch(r"-?\d{1,15}", word) for word in words)
    return (int(word) if numbers else word for word in dict.fromkeys(words))


def _known() -> list[str]:
    return [*dict.fromkeys(TYPES.values()), "list[…]", "set[…]", "dict[…]", "{…}"]


def _advice(word: str, name: str, described: bool) -> str:
    """What to write instead of a word that is no type; a comma in a description may have led to it."""
    near = _MEANT.get(word.lower()) or next(iter(get_close_matches(word.lower(), TYPES, n=1)), "")
    meant = f"Did you mean {near}? " if near else ""
    one_word = f"A name of several words is written {'_'.join((name, *word.split()))}. " if name else _BRACES
    comma = "A description with a comma goes in double quotes. " if described else ""
    return f"{meant}{comma}{one_word}Types are: {', '.join(_known())}."
