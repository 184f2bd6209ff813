"""How lists of words are written down in this room: as plain text, one word after another."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The words of a text that are set apart by white space."""
    return tuple(text.split())


def vocabulary(text: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(text.split())
