"""Plans for numbers and for yes or no: written plainly, in figures with a unit, or stated in a sentence."""

from __future__ import annotations

import math
import re
from typing import Final

from patterns.output.align.announced import statements
from patterns.output.align.ledger import Ledger
from patterns.output.align.mentions import named_in
from patterns.output.align.numerals import Number, number_in, number_of
from patterns.output.align.spelling import fold, reduced
from patterns.output.tree import Kind, Node


class Figure:
    """A number; `whole` asks for an integer, and nothing is rounded to be one. `exact` keeps the digits as a string.

    The bounds tell members of a union apart, and a percentage from a share.
    """

    def __init__(self, *, whole: bool, least: float = -math.inf, most: float = math.inf, exact: bool = False) -> None:
        self.whole = whole
        self.least = least
        self.most = most
        self.exact = exact
        self.kinds: frozenset[Kind] = frozenset(("number", "string") if exact else ("number",))
        self.wants = "a whole number" if whole else "a number"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if ledger.partial and not node.complete:
            return ledger.miss(node, self.wants)
        if node.kind == "number":
            return self._plain(node, ledger)
        if node.kind not in ("string", "bare"):
            return ledger.miss(node, self.wants if ledger.trail else self.wanted(ledger.text[node.start : node.end]))
        text = str(node.value)
        if self.exact and _EXACT.fullmatch(text):
            ledger.found += 1
            return text
        value, cost = self.spelled(text), 1.0
        if value is None:
            value, cost = self._stated(node, text)
        if value is None:
            return ledger.miss(node, self.wanted(text))
        ledger.bend("number", node, value, cost)
        ledger.found += 1
        return f"{value:f}" if self.exact else value

    def wanted(self, text: str) -> str:
        """Say what is wanted instead of a text: for figures with a comma that could be either, how to write them."""
        return f"{self.wants} written like 1234.5" if _COMMA.search(text[:_LOOKED_AT]) else self.wants

    def spelled(self, text: str) -> Number | None:
        """Read a text that is a number and nothing else; None where it is not, or is no number of this plan."""
        return self._checked(number_of(text, exact=self.exact), text)

    def stated(self, text: str) -> Number | None:
        """Read the only number in a text."""
        return self._checked(number_in(text, exact=self.exact), text)

    def _plain(self, node: Node, ledger: Ledger) -> object:
        value = node.value
        ledger.found += 1
        ledger.cut |= not node.complete
        if type(value) is int or (type(value) is float and not self.whole):
            ledger.cost += 0 if self.least <= value <= self.most else 30
            written = (node.raw or ledger.source(node)) if self.exact else ""
            return written if _EXACT.fullmatch(written) else value
        checked = self._checked(value if isinstance(value, (int, float)) else None)
        if checked is None:
            return ledger.miss(node, self.wants)
        ledger.bend("number", node, checked, 1)
        return checked

    def _stated(self, node: Node, text: str) -> tuple[Number | None, float]:
        """Read a number out of words: of a field its only one, of a whole answer the one it states."""
        if node.kind == "string":
            return self.stated(text), 3
        for part, announced in statements(text):
            value = self.stated(part)
            if value is not None:
                return value, 4 if announced else 8
        return None, 0

    def _checked(self, value: Number | None, text: str = "") -> Number | None:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return None
        if self.most <= 1 and -100 <= value <= 100 and ("%" in text or "percent" in text.lower()):
            value = value / 100
        if self.whole and isinstance(value, float):
            return int(value) if value.is_integer() else None
        return value


_COMMA = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3},\d")
"""A comma that may part decimals: half of the world writes so, and the other half parts thousands by it."""
_LOOKED_AT: Final = 400
_EXACT = re.compile(r"[-+]?\d{1,300}(\.\d{1,300})?")

_WORDS: Final = {
    True: "true yes y on 1 correct ✓ ✔ ✅ oui sí si ja да 是 はい",
    False: "false no n off 0 incorrect ✗ ✘ ❌ non nein nee нет 否 いいえ",
}
_FLAGS: Final = {fold(word): flag for flag, words in _WORDS.items() for word in words.split()}
_OTHER_NUMBER = re.compile(r"[-+−.,%]\s?\d|\d\s?%")
"""Figures that are not 1 or 0, though no other digit is in them."""
_LONGEST_FLAG: Final = 16
_SAID: Final = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class Flag:
    """True or false: also 1 and 0, yes and no, and the one that a sentence states."""

    kinds: frozenset[Kind] = frozenset(("bool",))
    wants = "true or false"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if ledger.partial and not node.complete:
            return ledger.miss(node, self.wants)
        if node.kind == "bool":
            ledger.found += 1
            ledger.cut |= not node.complete
            return node.value
        flag, cost = self._said(node)
        if flag is None:
            return ledger.miss(node, self.wants)
        ledger.bend("flag", node, flag, cost)
        ledger.found += 1
        return flag

    def named(self, said: str) -> bool | None:
        """Read a word for yes or no."""
        flag = _FLAGS.get(reduced(said)) if len(said) < _LONGEST_FLAG else None
        return None if flag is None or _OTHER_NUMBER.search(said) else flag

    def _said(self, node: Node) -> tuple[bool | None, float]:
        """Read a flag out of a number, a word, or the sentence that states it, with the cost of the bend."""
        if node.kind == "number" and node.value in (0, 1):
            return bool(node.value), 1
        if node.kind not in ("string", "bare"):
            return None, 0
        text = str(node.value)
        if (flag := self.named(text)) is not None:
            return flag, 1
        for part, announced in [(text, False)] if node.kind == "string" else statements(text):
            flag = named_in(part, _SAID)
            flag = _opening(part) if flag is None else flag
            if flag is not None:
                return flag, 3 if announced else 5
        return None, 0


def _opening(text: str) -> bool | None:
    """Read the yes or no that a sentence opens with, when the other one is not in it."""
    words = [word.strip(".,;:!*_\"'()").lower() for word in text.split()]
    if not words or words[0] not in ("yes", "no") or {"yes", "no"} <= set(words):
        return None
    return words[0] == "yes"


NO_VALUE: Final = frozenset(
    map(fold, ("", "null", "none", "n/a", "nil", "undefined", "unknown", "not available", "-", "--"))
)
"""Words that stand for no value where something other than text is wanted."""


class Nothing:
    """Null, or a word that stands for it."""

    kinds: frozenset[Kind] = frozenset(("null",))
    wants = "null"

    def fit(self, node: Node, ledger: Ledger) -> object:
        if node.kind == "null":
            ledger.found += 1
            return None
        word = str(node.value).strip() if node.kind in ("string", "bare") else "?"
        if len(word) < 20 and fold(word) in NO_VALUE and (word or node.kind == "string"):
            ledger.bend("null", node, "null", 6)
            return None
        return ledger.miss(node, self.wants)
