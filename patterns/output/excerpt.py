"""Short stretches of long texts, for the account of a mend: what stood there and what stands there now."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 60
_LEAD: Final = 12
"""Characters before the first difference that are shown too."""


def excerpt(text: str) -> str:
    """Give a text, or its beginning and end when it is long."""
    return text if len(text) <= _SHOWN else f"{text[:40]} … {text[-15:]}"


def excerpts(before: str, after: str) -> tuple[str, str]:
    """Give two texts from where they begin to differ."""
    if max(len(before), len(after)) <= _SHOWN:
        return before, after
    alike = min(len(before), len(after))
    differ = next((at for at in range(alike) if before[at] != after[at]), alike)
    start = max(0, differ - _LEAD)
    return excerpt(before[start:]), excerpt(after[start:])
