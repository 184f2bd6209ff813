"""Secrets never leave: known key values and key-shaped strings are struck out of any text."""

from __future__ import annotations

import os
import re

_NAMES = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)", re.IGNORECASE)
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|r8|pplx|ghp|gho|glpat|AKIA|ASIA)[-_]?[A-Za-z0-9*_-]{12,}"
    r"|AIza[A-Za-z0-9_-]{20,}"
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/*-]{8,}=*"
    r"|(?<=[?&]key=)[^&\s\"']{6,}"
    r"|(?<=://)[^/\s:@]+:[^/\s:@]+(?=@)"
)
_SHORTEST = 8
MARK = "[redacted]"


def _known() -> list[str]:
    """Values of environment variables that are named like secrets, longest first."""
    values = {v for k, v in os.environ.items() if len(v) >= _SHORTEST and _NAMES.search(k)}
    return sorted(values, key=len, reverse=True)


def redact(text: str) -> str:
    """Strike every secret out of `text`: values held in the environment first, then whatever looks like a key."""
    for value in _known():
        text = text.replace(value, MARK)
    return _SHAPES.sub(MARK, text)
