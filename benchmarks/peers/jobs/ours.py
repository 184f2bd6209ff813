"""A pattern of this package, with every policy on; PATTERNS_LANE says by which lane."""

from __future__ import annotations

from person import BASE, MODEL, TEXT, Person

from patterns import Pattern

_extract = Pattern(
    "json_extraction/extract",
    output=Person,
    model=f"openai/{MODEL}",
    api_base=BASE,
    deadline=60,
    retries=2,
    fallbacks=["openai/gpt-4.1-nano"],
    budget=100.0,
)


def ask() -> Person:
    return _extract(TEXT)


async def aask() -> Person:
    return await _extract.acall(TEXT)
