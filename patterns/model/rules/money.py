"""Sums of money: spans are cut by their currency first, then read by price-parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from patterns.model.rules.figures import DIGITS
from patterns.model.rules.lazy import Regex
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary

_SIGNS = {
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "zł": "PLN",
    "us$": "USD", "a$": "AUD", "au$": "AUD", "ca$": "CAD", "c$": "CAD", "nz$": "NZD", "r$": "BRL",
    "hk$": "HKD", "s$": "SGD",
    "fr.": "CHF", "sfr.": "CHF",
}  # fmt: skip
_NAMES = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "quid": "GBP", "yen": "JPY", "rupee": "INR", "franc": "CHF",
    "buck": "USD",
    "zloty": "PLN", "us dollar": "USD", "pounds sterling": "GBP", "swiss franc": "CHF",
}  # fmt: skip
CODES = vocabulary(
    """
    USD EUR GBP JPY CHF CAD AUD NZD CNY INR SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ZAR SGD HKD KRW THB ILS
    AED SAR RUB UAH IDR MYR PHP VND ARS CLP COP NGN KES EGP
    """
)
_SIGN = r"(?:US\$|AU\$|CA\$|NZ\$|HK\$|[ACRS]\$|[$€£¥₹₽₩₺]|S?Fr\.)"
_CODE = rf"(?:{'|'.join(sorted(CODES))})"
_WORD = (
    r"(?:US\s+dollars?|Swiss\s+francs?|pounds\s+sterling|dollars?|euros?|pounds?|quid|yen|rupees?|francs?|bucks?"
    r"|zloty|zł)"
)
_NUMBER = rf"(?:{DIGITS})(?:\s?(?:k|thousand|m|mn|million|bn|billion)\b)?"
_MONEY = Regex(
    rf"(?<![\w$€£])(?P<sign>(?<!\d )(?<!\d)[-−])?(?:(?P<lead>{_SIGN}|{_CODE}\b)\s?(?P<minus>[-−])?(?P<led>{_NUMBER})("
    rf"?P<after>\s?{_CODE}\b)?"
    rf"|(?P<num>{_NUMBER})(?:,--?|\.-)?\s?(?P<tail>{_SIGN}(?!\s?\d)|{_CODE}\b|{_WORD}\b))",
    re.IGNORECASE,
)
_GLUE = re.compile(r"[\d.,/#:-]")
_LOW = Regex(rf"(?<![\w.,/#:$€£-])(?P<num>{_NUMBER})\s?(?:-|–|—|to)\s?$", re.IGNORECASE)
_JOIN = re.compile(r"\s?(?:-|–|—|to|and)\s?", re.IGNORECASE)
_SCALE = re.compile(r"(?:(k|thousand)|(m|mn|million)|(bn|billion))$", re.IGNORECASE)
_MASS = re.compile(r"\d\s?pounds?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency. `ranged` is -1 at the lower end of a range, 1 at the upper, else 0.

    `mark` is where the sign, code or word of the currency stands.
    """

    amount: float
    currency: str
    start: int
    end: int
    mark: tuple[int, int]
    ranged: int = 0


def money_in(passage: Passage) -> list[Money]:
    """Every sum of money, in order."""
    found: list[Money] = []
    for money in _marked(passage):
        lower = _lower_end(money, passage, found[-1].end if found else passage.start)
        joined = found and _JOIN.fullmatch(passage.text, found[-1].end, money.start)
        if joined and _joins(passage.text, found[-1].end, money.start):
            found[-1] = replace(found[-1], ranged=-1)
            money = replace(money, ranged=1)
        elif lower:
            found.append(lower)
            money = replace(money, ranged=1)
        found.append(money)
    return found


def _joins(text: str, start: int, end: int) -> bool:
    return "and" not in text[start:end].lower() or "between" in text[max(0, start - 40) : start].lower()


def _marked(passage: Passage) -> Iterator[Money]:
    for match in _MONEY.finditer(passage.text, passage.start, passage.end):
        digits, mark = ("led", "lead") if match["lead"] else ("num", "tail")
        if match["lead"] and match["lead"].isalpha() and not match["lead"].isupper():
            continue
        if (
            match["tail"]
            and match["tail"].isalpha()
            and len(match["tail"]) == 3
            and match["tail"].islower()
            and match["tail"] != "yen"
        ):
            continue
        amount = amount_of(match[digits])
        bare = match["tail"] and passage.glued(match.start("num"), _GLUE)
        if amount is None or bare or _weighs(match, passage.text):
            continue
        span = match.span("after") if match["after"] else match.span(mark)
        negative = bool(match["sign"] or match["minus"])
        start = match.start() if match["sign"] else match.start("lead" if match["lead"] else "num")
        yield Money(-amount if negative else amount, currency_of(passage.text[slice(*span)]), start, match.end(), span)


def _weighs(match: re.Match[str], text: str) -> bool:
    """Whether these pounds are a weight, by the words around them."""
    around = text[max(0, match.start() - 24) : match.end() + 16].lower()
    return bool(_MASS.search(match.group())) and any(word in around for word in ("weigh", "heavy", "mass", "pounds of"))


def _lower_end(money: Money, passage: Passage, start: int) -> Money | None:
    """`50,000` in `50,000-60,000 EUR`: a number without a mark that leads a range."""
    at = max(start, money.start - 24)
    match = _LOW.search(passage.text, at, money.start)
    amount = amount_of(match["num"]) if match else None
    if match is None or amount is None:
        return None
    upper = passage.text[money.start : money.end]
    if (
        amount < 1000
        and _SCALE.search(re.sub(r"[^\w]+$|\s?[A-Z]{3}$|[€$£]$", "", upper).strip())
        and amount < money.amount / 500
    ):
        amount *= 1000 if money.amount < 1e6 else 1e6
    if amount >= money.amount:
        return None
    return Money(amount, money.currency, match.start("num"), match.end("num"), money.mark, -1)


def amount_of(written: str) -> float | None:
    """The number in `1.234,56`, `1,234.56` or `45k`."""
    from price_parser import Price

    scale = _SCALE.search(written)
    digits = written[: scale.start()] if scale else written
    amount: float | None = Price.fromstring(re.sub(r"['’\u202f]", "", digits.strip())).amount_float
    if amount is None:
        return None
    return amount * (1e3 if scale[1] else 1e6 if scale[2] else 1e9) if scale else amount


def currency_of(mark: str) -> str:
    """The ISO 4217 code of a sign, code or word."""
    low = " ".join(mark.lower().split())
    return _SIGNS.get(low) or _NAMES.get(low) or _NAMES.get(low.rstrip("s")) or low.upper()


def codes_in(passage: Passage) -> list[tuple[str, int, int]]:
    """Currency codes that stand in the text, beside an amount or not."""
    pattern = re.compile(rf"\b{_CODE}\b")
    return [(m.group(), *m.span()) for m in pattern.finditer(passage.text, passage.start, passage.end)]
