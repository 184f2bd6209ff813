"""Secrets never leave: known key values and key-shaped strings are struck out of any text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import cast

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


_environment = cast("Mapping[object, object]", getattr(os.environ, "_data", os.environ))
"""The environment as it is kept: comparing it with its last copy is a hundred times cheaper than reading it."""
_seen: tuple[dict[object, object], list[str]] = ({}, [])


def _known() -> list[str]:
    """Values of environment variables that are named like secrets, longest first; read anew when one has changed."""
    global _seen
    copy, values = _seen
    if copy != _environment:
        held = {value for name, value in os.environ.items() if len(value) >= _SHORTEST and _NAMES.search(name)}
        values = sorted(held, key=len, reverse=True)
        _seen = (dict(_environment), values)
    return values


def redact(text: str) -> str:
    """Strike every secret out of `text`: values held in the environment first, then whatever looks like a key."""
    for value in _known():
        text = text.replace(value, MARK)
    return _SHAPES.sub(MARK, text)
