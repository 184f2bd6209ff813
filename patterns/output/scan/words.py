"""Values without quotes: numbers, literals, and runs of words."""

from __future__ import annotations

import math
import re

from patterns.output.scan.closing import KEY, QUOTES, Place
from patterns.output.scan.source import Source
from patterns.output.tree import Node

LITERALS: dict[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
    "TRUE": True,
    "FALSE": False,
    "NULL": None,
    "undefined": None,
    "nil": None,
}
"""The literals of JSON, Python, JavaScript and a few others."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*+)(\.\d++)?+([eE][+-]?\d++)?+").fullmatch
_LOOSE_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*+\.?+\d*+|\.\d++)(?:[eE][+-]?\d*+)?+").fullmatch
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]{1,256}+").fullmatch
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3}){1,80}+(?:\.\d++)?+").fullmatch
_CODE = re.compile(r"[+-]?0[\d_]").match
"""A leading zero: of a postcode or an article, not of a number."""
_SWISS = re.compile(r"-?[1-9]\d{0,2}(?:['’]\d{3}){1,6}+(?:\.\d{1,9}+)?+(?=\s*+(?:[,}\]\n]|\Z))").match
_MORE_WORDS = re.compile(r"[ \t]*+,[ \t]++(?=[^\W\d])[^,，:：=\"{}\[\]()\n]{1,80}+(?=[,，}\n])").match
"""Words behind a comma that are no key: they go on with what stands before it."""
_GROUP = re.compile(r",\d{3}(?!\d)").match
_PLAIN_END = re.compile(r"[ \t]*+(?:[,，}\]｝］\r\n)]|//|/\*|\Z|(?:\\[nrt][ \t]*+)++[}\],])").match
_PLAIN = re.compile(r"[+-]?[\w.]++(?:[+-]\d++)?+").match
_STOP = re.compile(rf"[,，}}\]｝］\n(){{\[{QUOTES}/#`;\\]").search
_AFTER_COMMA = re.compile(r"[ \t]*+(?:[\r\n}\]]|//|/\*|\Z|\.\.\.|…)").match
_CONTINUES = re.compile(r"\s*+[\w($]").match
_HALF_ITEM = re.compile(r'([^"\',:{}\[\]()\\\n]{1,200}+)"(?=\s*+[,，\]])').match
_HALF_MEMBER = re.compile(r'([^"\':{}\[\]()\\\n]{1,200}+)"(?=\s*+[,，}])').match
_LITERAL = re.compile(r"(?:true|false|null|True|False|None)\s*+[,\]]").match
_INT_DIGITS = 4_300
"""Python's own bound on int(); longer numbers stay text."""


def read_bare(source: Source, pos: int, place: Place, objects: int, arrays: int) -> tuple[Node, int]:
    """Read the unquoted value at `pos`; give it and the position after it."""
    text = source.text
    if half := (_HALF_ITEM if place == "item" else _HALF_MEMBER)(text, pos):
        source.mend("missing quote", pos, pos, '"')
        return Node("string", half[1], pos, half.end()), half.end()
    if grouped := _SWISS(text, pos):
        digits = grouped[0].replace("'", "").replace("’", "")
        number = _number(digits, whole="." not in digits)
        source.mend("number", pos, grouped.end(), repr(number))
        return Node("number", number, pos, grouped.end(), True, grouped[0]), grouped.end()
    plain = _PLAIN(text, pos)
    if plain and _plain_ends(source, pos, plain.end(), place):
        end = past = plain.end()
    else:
        end, past = _run(source, pos, place, objects, arrays)
    raw = text[pos:end].rstrip()
    cut = past >= source.end and not text[-1:].isspace()
    return _classified(source, raw, pos, past, cut), past


def _plain_ends(source: Source, start: int, end: int, place: Place) -> bool:
    """A number or single word is over at any comma, unless the comma groups its digits."""
    text = source.text
    if _PLAIN_END(text, end):
        if place != "member" or text[end : end + 20].lstrip(" \t")[:1] != ",":
            return True
        if text[end - 1].isdigit():
            return _GROUP(text, end) is None
        return _MORE_WORDS(text, end) is None or text[start:end] in LITERALS
    after = source.peek(end)
    sign = text[after : after + 1]
    written = text[start:end]
    if not sign or (written not in LITERALS and number_of(written) is None):
        return False
    if sign in QUOTES or sign in "{[;、" or (place == "member" and after > end and KEY(text, after)):
        return True
    return place == "item" and after > end and (sign.isdigit() or sign == "-" or _LITERAL(text, after) is not None)


def _run(source: Source, pos: int, place: Place, objects: int, arrays: int) -> tuple[int, int]:
    """Find where a run of words ends: its last character, and where reading goes on."""
    text = source.text
    at, depth = pos, 0
    while stop := _STOP(text, at):
        at = stop.start()
        sign = text[at]
        if sign in "([{":
            depth += 1
        elif sign in ")]}" and depth:
            depth -= 1
        elif sign in "}｝" or (sign in "]］" and (place == "item" or arrays)):
            return at, at
        elif sign in ",，":
            if (place == "item" and not depth) or _over_at_comma(text, pos, at, depth):
                return at, at
        elif sign == ";" and not depth and text[at + 1 : at + 2].isspace() and KEY(text, source.peek(at + 1)):
            return at, at
        elif sign == "\n":
            onward = None if place == "item" and not depth else _continues(text, at)
            if onward is None:
                return at, at
            at = onward
            continue
        elif sign in "/#":
            if _comment(text, at, pos):
                return at, at
        elif sign in QUOTES or sign == "\\":
            source.spend(1)
            end = _at_quote(source, at, place)
            if end is not None:
                return end
        at += 1
    return source.end, source.end


def _over_at_comma(text: str, pos: int, at: int, depth: int) -> bool:
    if _AFTER_COMMA(text, at + 1):
        return True
    if depth:
        return False
    after = at + 1 + (len(text[at + 1 : at + 20]) - len(text[at + 1 : at + 20].lstrip()))
    if KEY(text, after):
        return True
    return text[after : after + 1] in QUOTES


def _continues(text: str, at: int) -> int | None:
    """Give the start of the next line where it goes on with words: no key, no bracket, no comma."""
    match = _CONTINUES(text, at)
    return match.end() - 1 if match and KEY(text, match.end() - 1) is None else None


def _comment(text: str, at: int, pos: int) -> bool:
    sign = text[at : at + 2]
    spaced = at == pos or text[at - 1].isspace()
    return (sign == "//" and spaced) or (sign == "/*" and text[at - 1] != ":") or (sign == "# " and spaced)


def _at_quote(source: Source, at: int, place: Place) -> tuple[int, int] | None:
    """A quote ends a run when a key starts there, or when it closes what no quote opened."""
    text = source.text
    if text[at] == "\\" and not text.startswith('\\"', at):
        return None
    past = at + 2 if text[at] == "\\" else at + 1
    if text[at] != "\\" and KEY(text, at):
        return at, at
    if text[at] == "'" and text[past : past + 1].isalnum():
        return None
    after = source.peek(past)
    if after >= source.end or text[after] in ",，}]":
        source.mend("missing quote", at, past)
        return at, past
    return None


def read_word(text: str, start: int, stop: int, *, cut: bool = False) -> Node | None:
    """Read all that stands between `start` and `stop` as one number, literal or run of words; None for nothing."""
    raw = text[start:stop].strip("\ufeff\u200b\x00 \t\r\n")
    if not raw:
        return None
    start = text.index(raw[0], start)
    if len(raw) > 200 or raw[0] in "{[<`":
        return Node("bare", raw, start, start + len(raw), not cut, raw)
    return _classified(Source(raw, partial=cut), raw, start, start + len(raw), cut)


def _classified(source: Source, raw: str, pos: int, past: int, cut: bool) -> Node:
    if raw in LITERALS:
        return _literal(source, raw, pos, past, LITERALS[raw], cut)
    number = number_of(raw)
    if number is not None:
        if not _NUMBER(raw):
            source.mend("number", pos, pos + len(raw), repr(number))
        return Node("number", number, pos, past, not cut, raw)
    if cut and raw and (len(raw) > 1 or source.partial):
        for word in ("true", "false", "null", "True", "False", "None"):
            if word.startswith(raw):
                return _literal(source, raw, pos, past, LITERALS[word], cut)
    if not raw:
        source.mend("missing value", pos, pos, '""')
    else:
        source.mend("unquoted text", pos, pos + len(raw), None)
    return Node("bare", raw, pos, past, not cut, raw)


def _literal(source: Source, raw: str, pos: int, past: int, value: bool | None, cut: bool) -> Node:
    if raw not in ("true", "false", "null"):
        source.mend("literal", pos, pos + len(raw), {True: "true", False: "false", None: "null"}[value])
    return Node("null" if value is None else "bool", value, pos, past, not cut, raw)


def number_of(raw: str) -> int | float | None:
    """Give the number that a word spells (`12`, `1.`, `.5`, `0x1F`, `1_000`, `1,200`), None if it spells none."""
    strict = _NUMBER(raw)
    if strict:
        return _number(raw, whole=strict.lastindex is None)
    if _HEX(raw):
        return int(raw, 16)
    if _THOUSANDS(raw):
        plain = raw.replace(",", "")
        return _number(plain, whole="." not in plain)
    if _LOOSE_NUMBER(raw) and not _CODE(raw):
        plain = raw.replace("_", "").rstrip("eE+-").rstrip("eE")
        return _number(plain, whole=plain.lstrip("+-").isdigit())
    return None


def _number(plain: str, *, whole: bool) -> int | float | None:
    if whole:
        return int(plain) if len(plain) <= _INT_DIGITS else None
    number = float(plain)
    return number if math.isfinite(number) else None
