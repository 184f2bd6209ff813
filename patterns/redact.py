"""Secrets never leave: known key values and key-shaped strings are struck out of any text."""

from __future__ import annotations

import os
import re

from patterns.surroundings import State, state

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


_seen: tuple[State | None, list[str]] = (None, [])


def _known() -> list[str]:
    """Values of environment variables that are named like secrets, longest first; read anew when one has changed."""
    global _seen
    known, values = _seen
    if (now := state()) is not known:
        held = {value for name, value in os.environ.items() if len(value) >= _SHORTEST and _NAMES.search(name)}
        values = sorted(held, key=len, reverse=True)
        _seen = (now, values)
    return values


_MOST = 256
_drawn: dict[str, None] = {}


def remember(secret: str) -> None:
    """Strike this value out of every text from now on. The latest few hundred are kept: keys may rotate for ever."""
    if len(secret) < _SHORTEST or secret in _drawn:
        return
    _drawn[secret] = None
    while len(_drawn) > _MOST:
        del _drawn[next(iter(_drawn))]


def redact(text: str) -> str:
    """Strike every secret out of `text`: values of the environment and drawn keys first, then what looks like one."""
    for value in (*_known(), *_drawn):
        text = text.replace(value, MARK)
    return _SHAPES.sub(MARK, text)
