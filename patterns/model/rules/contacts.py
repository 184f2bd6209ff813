"""E-mail addresses, URLs, phone numbers, IP addresses and UUIDs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from patterns.model.rules.lazy import Regex
from patterns.model.rules.passage import Passage, Span

_EMAIL = Regex(
    r"(?<![\w.+-])[A-Za-z0-9_][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z"
    r"]{2,24}(?![\w-])"
)
_URL = Regex(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"'`|\\^{}]{3,2000}", re.IGNORECASE)
_DOMAIN = Regex(
    r"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,12}(?:/[^\s<>\"']{0,500})?(?![\w@-])",
    re.IGNORECASE,
)
_PHONE = Regex(
    r"(?<![\w.,/$€£#:=-])(?:\+|00)?\(?\d(?:[\s().\-/\u00a0]{0,3}\d){5,16}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w%]"
    r"|[.,:/-]\d)"
)
_CALL = Regex(r"(?:phone|tel|telephone|mobile|cell|call|fax|ring|dial|whatsapp|reach)\b[^\n\d]{0,24}$", re.IGNORECASE)
_IP = Regex(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])"
)
_UUID = Regex(r"(?<![\w-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![\w-])")
_SHORT = Regex(r"(?<![\w.,-])\d{3}[-. ]\d{3,4}(?![\w-])")
_US_LIKE = Regex(r"(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}")
_REGIONS = (("£", "GB"), ("United Kingdom", "GB"), ("GmbH", "DE"), ("Germany", "DE"), ("Deutschland", "DE"),
            ("France", "FR"), ("Österreich", "AT"),
            ("Switzerland", "CH"), ("Schweiz", "CH"), ("Italia", "IT"), ("España", "ES"))  # fmt: skip
_NATIONAL = (8, 12)
"""How many digits a number with a leading zero has, where the country is not known."""
_FEW = 60
"""How many candidates are put to phonenumbers in one passage."""


def emails_in(passage: Passage) -> list[Span]:
    return [Span(*m.span()) for m in _EMAIL.finditer(passage.text, passage.start, passage.end)]


def urls_in(passage: Passage) -> list[Span]:
    """Addresses that start with a scheme or `www.`, without the punctuation that closes the sentence."""
    return [
        Span(m.start(), _unpunctuated(passage.text, *m.span()))
        for m in _URL.finditer(passage.text, passage.start, passage.end)
    ]


def domains_in(passage: Passage) -> list[Span]:
    """Bare host names; worth something only where a label asks for a website."""
    return [
        Span(m.start(), _unpunctuated(passage.text, *m.span()))
        for m in _DOMAIN.finditer(passage.text, passage.start, passage.end)
    ]


def _unpunctuated(text: str, start: int, end: int) -> int:
    while end > start and (text[end - 1] in ".,;:!?*_'\"" or (text[end - 1] in ")]" and _unopened(text, start, end))):
        end -= 1
    return end


def _unopened(text: str, start: int, end: int) -> bool:
    closer = text[end - 1]
    return text.count({")": "(", "]": "["}[closer], start, end) < text.count(closer, start, end)


def phones_in(passage: Passage) -> list[Span]:
    """Numbers that phonenumbers takes for real, or that words like `call` stand before."""
    region = _region(passage.text)
    return [span for span in _digits(passage) if _is_phone(passage.text, span, region)]


def dialable(passage: Passage) -> list[Span]:
    """What can be dialled at all; for a value that a label already calls a phone number."""
    found = list(_digits(passage))
    return found or [Span(*m.span()) for m in _SHORT.finditer(passage.text, passage.start, passage.end)]


def _digits(passage: Passage) -> Iterator[Span]:
    for count, match in enumerate(_PHONE.finditer(passage.text, passage.start, passage.end)):
        if count >= _FEW:
            return
        yield Span(*match.span())


def _is_phone(text: str, span: Span, region: str) -> bool:
    import phonenumbers

    written = text[slice(*span)]
    cued = bool(_CALL.search(text, max(0, span.start - 40), span.start))
    international = written.startswith(("+", "00"))
    if not (cued or international or _US_LIKE.fullmatch(written) or written.startswith(("0", "("))):
        return False
    if cued and written.startswith("0") and _NATIONAL[0] <= sum(c.isdigit() for c in written) <= _NATIONAL[1]:
        return True
    try:
        number = phonenumbers.parse(written, None if written.startswith("+") else region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or (
        (cued or international or bool(_US_LIKE.fullmatch(written))) and phonenumbers.is_possible_number(number)
    )


def _region(text: str) -> str:
    return next((region for mark, region in _REGIONS if mark in text), "US")


def ips_in(passage: Passage) -> list[Span]:
    spans = []
    for match in _IP.finditer(passage.text, passage.start, passage.end):
        try:
            ipaddress.ip_address(match.group())
        except ValueError:
            continue
        spans.append(Span(*match.span()))
    return spans


def uuids_in(passage: Passage) -> list[Span]:
    return [Span(*m.span()) for m in _UUID.finditer(passage.text, passage.start, passage.end)]
