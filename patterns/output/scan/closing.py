"""Where a quoted string ends, when quotes stand inside it or are missing."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from patterns.output.scan.source import Source

Place: TypeAlias = Literal["key", "member", "item", "root"]
"""Where a value stands: it decides what may follow it."""

QUOTES = "\"'`\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2039\u203a\u300c\u300e\uff02"
CLOSERS: Final = {
    '"': '"',
    "'": "'",
    "`": "`\u00b4",
    "\u2018": "\u2019\u2018'",
    "\u2019": "\u2019\u2018'",
    "\u201a": "\u2019\u2018'",
    "\u2039": "\u203a",
    "\u203a": "\u2039",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\uff02": "\uff02",
} | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '\u201d\u201c\u201f\u00bb\u00ab"')

_Q = QUOTES + "\u300d\u300f"
_NAME = rf"[{_Q}][^{_Q}\\\n:,{{}}\[\]]{{1,120}}+[{_Q}\u00b4]"
_QUOTED = rf"{_NAME}\s*+(?:[:：]|=>|:=|->|=\s)"
_KEY = rf"(?:{_NAME}\s*+(?:[:：]|=>|:=|->|=\s)|[^\W\d][\w$.-]{{0,80}}+\s*+(?:[:：]|=>))"
_NO_COLON = rf"[{_Q}][\w$.-]{{1,60}}+[{_Q}]\s*+(?:[{_Q}{{\[]|-?\d|(?:true|false|null|True|False|None)\b)"
KEY = re.compile(_KEY).match
"""A key with its colon, quoted or not."""

_HALF = r"[^\W\d][\w .-]{0,60}+\"\s*+[,\]]"
"""A word whose opening quote was lost."""
_HALF_ITEM = re.compile(_HALF).match
QUOTED_KEY = re.compile(_QUOTED).match
"""A quoted key with its colon."""
_NEXT_MEMBER = re.compile(
    rf"\s*+(?:{_KEY}(?!//)|{_NO_COLON}|\d{{1,12}}+\s*+:\s|[{_Q}]{{2}}\s*+:|[^\W\d]\w{{0,80}}+(?:[{_Q}]\s*+:|\s++{_QUOTED})"
    rf"|[}}\]{{,]|\[\s*+[\"{{\[\d]|[{_Q}][\w $.-]{{1,80}}+:\s|\.\.\.|…|//|/\*|\#\s"
    rf"|[{_Q}][^{_Q}\n:,{{}}]{{0,120}}+[{_Q}]?\s*+\Z|\\?\Z)"
).match
"""What may follow the comma behind a member: a key in any spelling, a bracket, a comment, or the end."""
_NEXT_ITEM = re.compile(
    rf"\s*+(?:[{_Q}\[{{\]}}(,-]|\d|(?:true|false|null|True|False|None)\b|\.\.\.|…|//|/\*|\#\s|\\?\Z|{_HALF})"
).match
_LEFT_OUT = re.compile(r"(?:\.{3,}+|…)\s*+[\]},]").match
_WHOLE = rf"(?:\"(?:[^\"\\\n]|\\.){{0,200}}+\"|[{_Q}](?:[^{_Q}\\\n]|\\.){{0,200}}+[{_Q}])"
_WHOLE_ITEM = re.compile(rf"{_WHOLE}\s*+[,，\]{_Q}]").match
_WHOLE_LAST = re.compile(rf"{_WHOLE}\s*+(?:[,，;\]]|(?<=[\s,])[{_Q}])").match
_BARE_VALUE = re.compile(
    r"[,，]\s*+[^\W\d][\w$-]{0,60}+\s*+[:：]++\s*+(?:(?:null|true|false|-?\d[\d.]*+)\s*+(?:[,}]|\Z)|[\"\[{])"
).search
_LINE_ENDS = re.compile(r"[,，][ \t\r]*+\n").match
_BARE_MEMBER = re.compile(r"[,，]\s*+[^\W\d][\w$-]{0,60}\s*[:：]\s*\Z").search
_LAST_ITEM = re.compile(rf"\s*+[{_Q}][\w -]{{0,80}}+[{_Q}]\s*+\]").match
_WORDS_TO_CLOSER = re.compile(r"[\w ]{1,40}+[\]}]").match
_AFTER_WRONG = re.compile(rf"\s*+(?:,\s*+(?:{_QUOTED}|[{{\[])|[}}\]]|\Z)").match
_NEXT_OBJECT = re.compile(r"\}\s*+[,，]\s*+\{\s*+\Z").search
_SCALAR = re.compile(r"(?:-?\d[\d.eE+-]{0,40}+|true|false|null|True|False|None)\s*+(?:[,，}\]]|\Z)").match

LONG = 2_000
"""Characters of a string in which brackets are counted once more."""

YES, MAYBE, NO = 2, 1, 0


class Closing:
    """Judge whether a quote closes the string that runs from `start`, by what follows it."""

    __slots__ = ("apostrophes", "arrays", "counted", "depth", "inner", "objects", "place", "source", "start")

    def __init__(self, source: Source, start: int, place: Place, objects: int, arrays: int) -> None:
        self.source = source
        self.start = start
        self.counted = start
        self.depth = 0
        self.inner = 0
        self.apostrophes = 0
        self.place = place
        self.objects = objects
        self.arrays = arrays

    def verdict(self, at: int, past: int) -> int:
        """Say YES, MAYBE or NO for the quote at `at`, which ends at `past`."""
        source = self.source
        after = source.peek(past)
        if after >= source.end or source.text.startswith("```", after):
            return YES
        if source.text[after] in ".…" and _LEFT_OUT(source.text, after):
            return YES
        if self.place == "key":
            return self._key(past, after)
        if self.place == "member":
            return self._member(at, past, after)
        if self.place == "item":
            return self._item(at, past, after)
        return YES if source.text[after] == "+" else MAYBE

    def opens_next(self, at: int) -> bool:
        """Say whether the quote at `at` opens the next key or item: then this string has lost its own closer."""
        text = self.source.text
        if self.place == "member":
            if self._apart(at):
                return QUOTED_KEY(text, at) is not None
            return self._behind_bare_key(at)
        return self.place == "item" and self._apart(at) and bool(_WHOLE_LAST(text, at) or QUOTED_KEY(text, at))

    def _behind_bare_key(self, at: int) -> bool:
        """The quote begins the value of the next member, whose key has no quotes, as that of this one has none."""
        text = self.source.text
        return self.last_member(at) > 0 and self._is_bare(text)

    def last_member(self, at: int) -> int:
        """Give where a comma stands before a bare key before the quote at `at`, 0 for nowhere."""
        text = self.source.text
        if text[max(self.start, at - 8) : at].rstrip()[-1:] not in (":", "："):
            return 0
        found = _BARE_MEMBER(text, max(self.start, at - 100), at)
        return found.start() if found else 0

    def first_member(self, end: int) -> int:
        """Give where, before `end`, a comma stands before a bare key and a value; `end` for nowhere."""
        text = self.source.text
        found = _BARE_VALUE(text, self.start, end) if self.place == "member" and self._is_bare(text) else None
        return found.start() if found else end

    def _is_bare(self, text: str) -> bool:
        before = text[max(0, self.start - 100) : self.start - 1].rstrip()
        return before.endswith((":", "：")) and before[:-1].rstrip()[-1:].isalnum()

    def _apart(self, at: int) -> bool:
        """A comma or a line end stands before the quote."""
        before = self.source.text[max(self.start, at - 40) : at]
        if self.place == "item" or self._object_was_over(before, at):
            before = before.rstrip("{[ \t\r\n") if before.rstrip().endswith(("{", "[")) else before
        if before.rstrip().endswith("*/"):
            before = before[: max(before.rfind("/*"), 0)]
        bare = before.rstrip()
        return bool(bare) and (bare[-1] in ",，" or "\n" in before[len(bare) :])

    def _object_was_over(self, before: str, at: int) -> bool:
        """An object closes and the next one opens before the quote, by brackets without partners in the string."""
        if not _NEXT_OBJECT(before) or at - self.start > LONG:
            return False
        text = self.source.text
        return text.count("}", self.start, at) >= text.count("{", self.start, at)

    def _key(self, past: int, after: int) -> int:
        text = self.source.text
        sign = text[after]
        if sign in ":：=" or sign in ",}]{[":
            return YES
        if sign in QUOTES:
            return YES
        return YES if _SCALAR(text, after) else NO

    def _member(self, at: int, past: int, after: int) -> int:
        text = self.source.text
        sign = text[after]
        if sign in "}｝":
            return YES if self._balanced(at, "{", "}") else MAYBE
        if sign in ",，":
            if _NEXT_MEMBER(text, after + 1) or (self.arrays and not self.inner and _LAST_ITEM(text, after + 1)):
                return YES
            return MAYBE
        if sign == ";":
            return YES if QUOTED_KEY(text, self.source.peek(after + 1)) else MAYBE
        if sign == "]":
            return self._wrong(after, self.arrays)
        if sign == "+":
            return YES
        if KEY(text, after):
            return YES if sign in QUOTES or not self._opens(at, past) else NO
        return MAYBE if sign in ")" or _SCALAR(text, after) else NO

    def _item(self, at: int, past: int, after: int) -> int:
        text = self.source.text
        sign = text[after]
        if sign in "]］】)":
            return YES if self._balanced(at, "[", "]") else MAYBE
        if sign in ",，、;":
            if not self.inner and _LINE_ENDS(text, after) and "\n" not in text[self.start : at]:
                return YES
            return YES if _NEXT_ITEM(text, after + 1) and (self.inner - self.apostrophes) % 2 == 0 else MAYBE
        if sign == "}":
            return self._wrong(after, self.objects)
        if sign in ":：+[{":
            return YES
        if sign in QUOTES:
            return YES if after > past and _WHOLE_ITEM(text, after) else MAYBE
        if after > past and not self.inner and self._behind_word(at) and _HALF_ITEM(text, after):
            return YES
        return MAYBE if _SCALAR(text, after) or _WORDS_TO_CLOSER(text, after) else NO

    def pass_over(self, at: int) -> None:
        """Take the quote at `at` for a part of the string; an apostrophe within a word is half of no quotation."""
        text = self.source.text
        self.inner += 1
        self.apostrophes += text[at] in "'\u2019" and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()

    def _opens(self, at: int, past: int) -> bool:
        """The quote begins or ends a quotation inside the string: before a word, or behind the one that began it."""
        text = self.source.text
        return bool(self.inner % 2) or (text[at - 1].isspace() and not text[past : past + 1].isspace())

    def _behind_word(self, at: int) -> bool:
        """A word stands before the quote; after a number it would mean inches."""
        words = self.source.text[max(self.start, at - 40) : at].split(" ")
        return words[-1][:1].isalpha()

    def _wrong(self, after: int, around: int) -> int:
        """A bracket that cannot close this container: mistaken for the other one, or closing one around."""
        if _AFTER_WRONG(self.source.text, after + 1):
            return YES
        return MAYBE if around else NO

    def _balanced(self, at: int, opening: str, closing: str) -> bool:
        """Every bracket that opened inside the string has closed inside it. Counts on from where it last stopped."""
        text, since = self.source.text, max(self.counted, self.start)
        self.depth += text.count(opening, since, at) - text.count(closing, since, at)
        self.counted = at
        return self.depth <= 0
