"""Numbers as people write them: `1,200`, `$3.50`, `20 %`, `1/5`, `42 years`, `2.5 million`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from patterns.output.align.mentions import denied

Number = int | float | Decimal

_LONGEST: Final = 400
"""Characters of a text that a number is looked for in."""
_DIGITS: Final = 300
"""Digits a number may have: more than any float holds, and far below what Python refuses to convert."""

_CURRENCY = r"(?:[$€£¥₹₽₩₺]|US\$|A\$|C\$|R\$|USD|EUR|GBP|CHF|Rs\.?)"
_GROUPED = r"\d{1,3}(?:[,_' \u00a0\u202f]\d{3})+"
_FIGURE = (
    rf"(?P<sign>[-+−]\s?|\b(?:minus|negative)\s)?(?:{_CURRENCY}\s?)?(?P<inner>[-+−])?"
    rf"(?P<whole>{_GROUPED}|\d+)?(?P<part>\.\d+)?(?P<power>[eE][-+]?\d{{1,3}})?"
)
_SCALE: Final = {
    "k": 10**3, "dozen": 12, "hundred": 100, "thousand": 10**3, "tsd": 10**3, "lakh": 10**5, "million": 10**6,
    "mn": 10**6, "mln": 10**6, "mio": 10**6, "crore": 10**7, "billion": 10**9, "bn": 10**9, "mrd": 10**9,
    "trillion": 10**12,
}  # fmt: skip
_WORDS = "|".join(word for word in _SCALE if word != "k")
_AFTER = rf"(?P<scale>k\b|\s?(?:{_WORDS})s?\b\.?)?\s?(?:{_CURRENCY}|%|percent\b)?"
_FOREIGN = r"mil|mill(?:i(?:on|ard)|on|ón)\w*|mil[hj]\w*|bil(?:lion|h|j)\w*|tn|grand"
_PARTS = r"and\s+(?:a\s+|one\s+)?(?:half|quarter|third)|squared|cubed|out\s+of"
_MORE = re.compile(
    rf"(?i:[\s-]?(?:(?:{_WORDS})s?|{_FOREIGN})\b|\s+(?:{_PARTS})\b|\s?(?:тыс|млн|млрд))"
    r"|\s?(?:[MBT]|MM)\b|\s?[百千万萬亿億兆천만억]|\s?°\s?[SW]\b"
)
"""What comes after a number and makes it another one, in a way that is not read here."""
_LESS = re.compile(r"\b(?:half|twice|double|triple|out)\s+(?:of\s+)?(?:an?\s+)?$", re.IGNORECASE)
_BELOW_ZERO = re.compile(r"\b(?:below|under|sub)[\s-]zero\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"\(\s?{_CURRENCY}?\s?\d[\d,.]*[,.]\d+\s?{_CURRENCY}?\s?\)|\(\s?{_CURRENCY}\s?\d+\s?\)")
"""A sum as accountants write one that is owed; others merely put it in brackets."""

_WHOLE = re.compile(rf"{_FIGURE}{_AFTER}\.?", re.IGNORECASE)
_FRACTION = re.compile(r"(?P<sign>[-+−])?(?P<top>\d{1,15})\s?/\s?(?P<bottom>\d{1,15})")
_WITHIN = re.compile(
    rf"(?<![\w.,:/#@])(?<!\w-)(?<!\w\(){_FIGURE}{_AFTER}(?![\w/:#@]|\s+of\s+(?:them|these|those|us|you)\b|[.,:/'-]\d|-[a-zA-Z])",
    re.IGNORECASE,
)
_DIGIT_RUN = re.compile(r"\d[\d.,:/'-]*")


def number_of(text: str, *, exact: bool = False) -> Number | None:
    """Read a text that is a number and nothing else, None when it is not one or could be two.

    `exact` keeps all digits behind the point, in a Decimal.
    """
    text = _normal(text)
    if len(text) > _DIGITS:
        return None
    if (fraction := _FRACTION.fullmatch(text)) is not None:
        top, bottom = int(fraction["top"]), int(fraction["bottom"])
        return None if bottom == 0 else (-1 if fraction["sign"] in ("-", "−") else 1) * top / bottom
    found = _WHOLE.fullmatch(text)
    return None if found is None else _value(found, exact)


def number_in(text: str, *, exact: bool = False) -> Number | None:
    """Find the only number in a sentence; None when there is none, or another, or one that cannot be told."""
    text = _normal(text)
    if len(text) > _LONGEST:
        return None
    found = [match for match in _WITHIN.finditer(text) if match["whole"] or match["part"]]
    if len(found) != 1 or _IN_BRACKETS.fullmatch(text):
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if _DIGIT_RUN.search(f"{before} {after}") or _is_changed(before, after):
        return None
    return _value(found[0], exact)


def _is_changed(before: str, after: str) -> bool:
    """Tell words around a number that deny it, or make it another."""
    return denied(before) or bool(_LESS.search(before) or _MORE.match(after) or _BELOW_ZERO.search(before + after))


def _normal(text: str) -> str:
    text = text.strip().strip("*_`\"'“”")
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _value(found: re.Match[str], exact: bool = False) -> Number | None:
    if not (found["whole"] or found["part"]) or (found["sign"] and found["inner"]):
        return None
    negative = (found["sign"] or found["inner"] or "+").strip().lower() in ("-", "−", "minus", "negative")
    digits = re.sub(r"\D", "", found["whole"] or "0")
    scale = _SCALE[found["scale"].strip(" .\u00a0\u202f").lower().removesuffix("s")] if found["scale"] else 1
    value: Number
    if exact:
        value = Decimal(digits + (found["part"] or "") + (found["power"] or "")) * scale
    elif found["part"] or found["power"]:
        value = float(digits + (found["part"] or "") + (found["power"] or "")) * scale
        if scale > 1 and value == round(value):
            value = round(value)
    else:
        value = int(digits) * scale
    return -value if negative else value
