"""Strings that are no JSON as they stand, and yet leave no doubt where they end: each rule gives up at any doubt."""

from __future__ import annotations

import re
from json.encoder import encode_basestring

from patterns.output.light.draft import Draft
from patterns.output.scan.closing import QUOTES
from patterns.output.scan.escapes import decode, whole_characters, without_unfinished
from patterns.output.scan.source import Source
from patterns.output.scan.strings import read_quoted

_PLAIN = r'[^"\\\x00-\x1f{}\[\]“„”]'
_NAME = r"[\w $.-]{1,60}+"
_NEXT_KEY = rf'"{_NAME}"\s*+:'
_AFTER = (
    r"(?=\s*+(?:[:}\]]|\Z|/[/*]|\#\s"
    r"|,\s*+(?:[\"'“‘`{\[\d}\]/\#-]|[^\W\d][\w$-]{0,80}+\s*+[:,}\]]|\.{3}|\Z)))"
)
"""What may stand behind a string that is over."""
_CLOSED = re.compile(rf'"((?:[^"\\“„”]|\\.)*+)"{_AFTER}', re.S).match
_OPENS_WITHIN = (
    rf"(?<![/\n])\"(?=\s?+[A-Za-z<>.!?()&@%$*_-])(?!\s?+[\w$.-]++\s*+(?::|：|=>))"
    rf"(?![^{QUOTES}\\\n:,{{}}\[\]]{{1,120}}+\"\s*+(?:[:：=]|->))"
)
"""A quote that stands inside a string: nothing that could begin another key, or end this string, is beside it."""
_QUOTING = re.compile(
    rf'"(?!")((?:{_PLAIN}{{0,400}}+{_OPENS_WITHIN}){{1,40}}+{_PLAIN}{{0,400}}+)(?<!")"(?=\s*+(?:\}}|,\s*+{_NEXT_KEY}))'
).match
_LOST = re.compile(rf'"({_PLAIN}*+)\s*+(?="{_NAME}"\s*+[:,\]])').match
_NO_COLON = re.compile(
    rf'"{_NAME}"(\s++)(?=["\']|(?:-?\d[\d.eE+-]{{0,40}}+|true|false|null|True|False|None)\s*+[,}}\]])'
).match
_NO_COMMA = re.compile(rf'"{_PLAIN}*+"(\s++)(?={_NEXT_KEY}|(?<=\n)[^\W\d][\w$-]{{0,80}}+\s*+:(?!//))').match
_NO_COMMA_ITEM = re.compile(
    rf'"{_PLAIN}*+"(\s++)(?="[^{QUOTES}\\\n]{{0,200}}+"\s*+[,\]"]|-?\d[\d.]{{0,40}}+\s*+[\]}}]++\s*+\Z)'
).match
_OPEN = re.compile(r'"((?:[^"\\“„”{}\[\]`]|\\.)*+\\?)([}\]][\s}\]]*+)?+\Z', re.S).match
_TRIPLE = re.compile(rf"(\"\"\"|''').*?\1{_AFTER}", re.S).match
_CONTROL = re.compile(r"[\x00-\x1f]").search
_PLAINLY = re.compile(r'[^"\\\x00-\x1f{}\[\]]*+').fullmatch
_NO_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*+\\[^'\"\\/bfnrtu]").search
"""An escape that neither JSON nor Python has."""
_CLOSERS = frozenset("}]")
_FIGURES = frozenset("0123456789+-")

_OTHER = {
    sign: re.compile(pattern + _AFTER, re.S).match
    for sign, pattern in {
        "'": r"'((?:[^'\\]|\\.)*+)'",
        "‘": r"‘([^‘’'\\]*+)’",
        "`": r"`(?!``)([^`´\\]*+)`",
        "“": r"“([^“”‟»«\"\\]*+)”",
        "”": r"”([^“”‟»«\"\\]*+)”",
    }.items()
}


def plain_quoted(draft: Draft, at: int) -> int:
    """Mend the string in plain quotes at `at`; give where it ends, -1 in doubt."""
    text, end = draft.text, draft.end
    if text.find('"', at + 1, end) < 0:
        return _open(draft, found) if (found := _OPEN(text, at, end)) else -1
    if text.startswith('"""', at):
        return _triple(draft, at)
    if found := _CLOSED(text, at, end):
        return _odd(draft, found)
    if found := _QUOTING(text, at, end):
        return _quoting(draft, found)
    if (found := _NO_COMMA(text, at, end)) and draft.before() == ":":
        return _without(draft, found, "missing comma", ",")
    if (found := _NO_COMMA_ITEM(text, at, end)) and draft.in_list():
        return _without(draft, found, "missing comma", ",")
    if (found := _NO_COLON(text, at, end)) and draft.in_object():
        return _without(draft, found, "missing colon", ":")
    if found := _LOST(text, at, end):
        return _lost(draft, found)
    if found := _OPEN(text, at, end):
        return _open(draft, found)
    return -1


def otherwise_quoted(draft: Draft, at: int) -> int:
    """Mend the string in other quotes at `at`; give where it ends, -1 in doubt."""
    text = draft.text
    if text.startswith("'''", at):
        return _triple(draft, at)
    found = _OTHER[text[at]](text, at, draft.end)
    if found is None:
        return -1
    past = _odd(draft, found)
    if past >= 0:
        draft.mends.append(("quotes", at, past, draft.pieces[-1]))
    return past


def _odd(draft: Draft, found: re.Match[str]) -> int:
    """Write a string with line ends, or escapes that JSON does not know."""
    whole = body = found[1]
    past = found.end()
    if _PLAINLY(body):
        draft.pieces.append(f'"{body}"')
        return past
    text = draft.text
    start, end = found.span(1)
    if _is_open(body) and text[past:].lstrip()[:1] in _CLOSERS and (text[start - 1] != "'" or _CONTROL(body)):
        return -1
    if "\n" in body[len(body.rstrip()) :]:
        body = body.rstrip()
    value, bent = decode(body)
    if not value.isascii() and whole_characters(value) != value:
        return -1
    quoted = encode_basestring(value)
    if bent and (text[start - 1] != "'" or _NO_ESCAPE(body)):
        draft.mends.append(("escape", start, end, quoted[1:-1]))
    if body is not whole or _CONTROL(body):
        if draft.before() == "," and text.startswith(":", past):
            return -1  # behind another member, the line end inside a key makes a doubt of where that ended
        draft.mends.append(("raw newline", start, end, quoted[1:-1]))
    draft.pieces.append(quoted)
    return past


def _is_open(body: str) -> bool:
    """Tell a string in which a bracket opens that does not close: one that follows may be meant for it."""
    count = body.count
    return ("{" in body and count("{") > count("}")) or ("[" in body and count("[") > count("]"))


def _triple(draft: Draft, at: int) -> int:
    """Write a string between three quotes."""
    if not _TRIPLE(draft.text, at, draft.end) or not draft.in_value():
        return -1
    source = Source(draft.text)
    node, past = read_quoted(source, at, "member", 0, 0)
    draft.mends += source.mends
    draft.pieces.append(encode_basestring(str(node.value)))
    return past if node.complete else -1


def _quoting(draft: Draft, found: re.Match[str]) -> int:
    """Write a string that quotes something, its quotes not escaped."""
    body = found[1]
    if draft.before() != ":":
        return -1
    at = found.start(1)
    for inner, sign in enumerate(body, at):
        if sign == '"':
            draft.mends.append(("inner quote", inner, inner + 1, '\\"'))
    draft.pieces.append(encode_basestring(body))
    return found.end()


def _without(draft: Draft, found: re.Match[str], kind: str, sign: str) -> int:
    """Write a string, and the sign that is missing behind it."""
    start, past = found.span(1)
    draft.pieces.append(found[0][: start - past] + sign)
    draft.mends.append((kind, start if sign == ":" else past, past, sign))
    return past


def _lost(draft: Draft, found: re.Match[str]) -> int:
    """Write a string without a closing quote: the comma behind it and the next string show where it ends."""
    body = found[1].rstrip()
    if body[-1:] != "," or not draft.in_value():
        return -1
    past = found.start(1) + len(body) - 1
    draft.pieces.append(encode_basestring(body[:-1]))
    draft.mends.append(("missing quote", past, past, '"'))
    return past


def _open(draft: Draft, found: re.Match[str]) -> int:
    """Write the last string of a text, which has no closing quote: brackets behind it end it, or else it was cut."""
    body, tail = found.groups()
    if draft.growing or draft.text[draft.end :].strip() or (":" in body and not draft.in_value()):
        return -1
    if not tail:
        return _cut(draft, found, body) if draft.cut else -1
    kept = body.rstrip()
    if "\\" in kept or _CONTROL(kept) or not draft.in_value():
        return -1
    past = found.start(1) + len(kept)
    draft.pieces.append(encode_basestring(kept))
    draft.mends.append(("missing quote", past, past, '"'))
    return past


def _cut(draft: Draft, found: re.Match[str], body: str) -> int:
    """Write a string that the end of the text cut off. Of digits, it may be half a date, which is no text."""
    kept = without_unfinished(body) if "\\" in body else body
    value, bent = decode(kept)
    value = value.rstrip()
    if (value[:1] in _FIGURES and not draft.free) or whole_characters(value) != value:
        return -1
    start, past, quoted = found.start(1), len(draft.text), encode_basestring(value)
    draft.within = start + len(kept)
    if bent:
        draft.mends.append(("escape", start, past, quoted[1:-1]))
    if _CONTROL(body):
        draft.mends.append(("raw newline", start, past, quoted[1:-1]))
    draft.pieces.append(quoted)
    return draft.end
