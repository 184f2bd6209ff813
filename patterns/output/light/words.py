"""What stands without quotes where JSON wants them: keys, single words, literals and numbers of other languages."""

from __future__ import annotations

import re
from json.encoder import encode_basestring

from patterns.output.light.draft import Draft
from patterns.output.scan.closing import QUOTES
from patterns.output.scan.elisions import last_item
from patterns.output.scan.words import LITERALS, number_of

_KEY = re.compile(r"[^\W\d][\w$-]{0,80}+(?=\s*+:(?!//))").match
_LITERAL = re.compile(r"[A-Za-z]{3,9}+(?=\s*+[,}\]])").match
_KEY_NEXT = r"[^\W\d][\w$-]{0,80}+\s*+:"
_WORDS = rf"[^\W\d][^,，:：}}\]｝］\r\n(){{\[/\#;\\{QUOTES}]*+"
_PHRASE = re.compile(
    rf"{_WORDS}(?=\s*+(?:[}}\]]|,\s*+(?:[{{\[\d]|\"[^{QUOTES}\\\n]{{0,200}}+\"\s*+[,:\]]|{_KEY_NEXT}|{_WORDS}[,\]])))"
).match
"""Words that end at a bracket, or at a comma with the next key or item behind it."""
_LAST = re.compile(rf"{_WORDS}\Z").match
_BEFORE_KEY = re.compile(rf"{_WORDS}(?=\"[\w $.-]{{1,60}}+\"\s*+:)").match
_NO_NUMBER = re.compile(rf"\d[\w.]*+(?:/\d++)?+(?=\s*+(?:[}}\]]|,\s*+{_KEY_NEXT}))").match
_ADDRESS = re.compile(
    rf"https?://[^\s,{{}}\[\]()\\;#{QUOTES}]++(?=\s*+(?:\}}|,\s*+(?:{_KEY_NEXT}|\"[\w $.-]{{1,60}}+\"\s*+:)))"
).match
_NUMBER = re.compile(
    r"[+-]?(?:\d[\d_]*+\.?+\d*+|\.\d++)(?:[eE][+-]?\d*+)?+(?=\s*+(?:[}\]]|," r"(?!\d{3}(?!\d))|\Z))"
).match
_SCALAR = r"(?:-?(?:0|[1-9]\d*+)(?:\.\d++)?|true|false|null)"
_NO_COMMA = re.compile(rf'{_SCALAR}(\s++)(?="[\w $.-]{{1,60}}+"\s*+:|(?<=\n)[^\W\d][\w$-]{{0,80}}+\s*+:(?!//))').match
_NO_COMMA_ITEM = re.compile(rf"{_SCALAR}([ \t]*+\r?\n\s*+)(?=\d)").match
_HALF_KEY = re.compile(r'([^\W\d][\w$-]{0,80}+)"(?=\s*+:)').match
_HALF_ITEM = re.compile(r'([^"\',:{}\[\]()\\\n]{1,200}+)"(?=\s*+[,\]])').match
_HALF_MEMBER = re.compile(r'([^"\':{}\[\]()\\\n]{1,200}+)"(?=\s*+[,}])').match
_WRITTEN = {True: "true", False: "false", None: "null"}


def bare(draft: Draft, at: int) -> int:
    """Mend the bare word, or key, at `at`; give where it ends, -1 in doubt."""
    text, end = draft.text, draft.end
    if found := _KEY(text, at, end):
        past = found.end()
        draft.pieces.append(f'"{found[0]}"')
        draft.mends.append(("unquoted key", at, past, draft.pieces[-1]))
        return past
    if (found := _LITERAL(text, at, end)) and found[0] in LITERALS:
        past = found.end()
        draft.pieces.append(_WRITTEN[LITERALS[found[0]]])
        draft.mends.append(("literal", at, past, draft.pieces[-1]))
        return past
    if found := _PHRASE(text, at, end) or _ADDRESS(text, at, end):
        return _words(draft, found)
    if found := _NO_COMMA(text, at, end):
        return _separated(draft, found)
    if text.find('"', at, end) >= 0:
        return _half_quoted(draft, at)
    if draft.cut and draft.free and (found := _LAST(text, at, end)) and draft.in_value():
        return -1 if any(name.startswith(found[0]) for name in LITERALS) else _words(draft, found)
    return -1


def _half_quoted(draft: Draft, at: int) -> int:
    """Mend a key or string without its opening quote, or words with a quoted key behind them."""
    text, end = draft.text, draft.end
    if found := _HALF_KEY(text, at, end):
        return _opened(draft, found) if draft.in_object() else -1
    before = draft.before()
    half = _HALF_MEMBER if before == ":" else _HALF_ITEM
    if (found := half(text, at, end)) and (before == ":" or draft.in_list()):
        return _opened(draft, found)
    found = _BEFORE_KEY(text, at, end)
    if found is None or before != ":" or _words(draft, found) < 0:
        return -1
    draft.pieces.append(",")
    draft.mends.append(("missing comma", found.end(), found.end(), ","))
    return found.end()


def number(draft: Draft, at: int) -> int:
    """Mend a number that JSON writes otherwise, as `.5`, `1.` and `1_000`; give where it ends, -1 in doubt."""
    text, end = draft.text, draft.end
    if found := _NUMBER(text, at, end):
        value = number_of(found[0])
        if value is None:
            return _words(draft, found)
        draft.pieces.append(repr(value))
        draft.mends.append(("number", at, found.end(), draft.pieces[-1]))
        return found.end()
    if found := _NO_COMMA(text, at, end):
        return _separated(draft, found)
    if (found := _NO_COMMA_ITEM(text, at, end)) and draft.in_list():
        return _with_comma(draft, found)
    found = _NO_NUMBER(text, at, end)
    return -1 if found is None else _words(draft, found)


def _words(draft: Draft, found: re.Match[str]) -> int:
    """Write words as a string."""
    said = found[0].rstrip()
    start = found.start()
    if said in LITERALS or "".join(draft.pieces[-1:]).rstrip().endswith('",') or last_item(draft.text, start):
        return -1  # what a word means is plain, or that more is left out; behind a string it may be the rest of that
    draft.pieces.append(encode_basestring(said))
    draft.mends.append(("unquoted text", start, start + len(said), None))
    return found.end()


def _opened(draft: Draft, found: re.Match[str]) -> int:
    """Write a string, and the quote that is missing before it."""
    draft.pieces.append(encode_basestring(found[1]))
    draft.mends.append(("missing quote", found.start(), found.start(), '"'))
    return found.end()


def _separated(draft: Draft, found: re.Match[str]) -> int:
    """Write a value of one word, and the comma that is missing between it and the next key."""
    if draft.before() != ":":
        return -1
    return _with_comma(draft, found)


def _with_comma(draft: Draft, found: re.Match[str]) -> int:
    start, past = found.span(1)
    draft.pieces.append(found[0][: start - past] + ",")
    draft.mends.append(("missing comma", past, past, ","))
    return past
