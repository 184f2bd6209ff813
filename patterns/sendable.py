"""Text that a request can hold."""

from __future__ import annotations


def sendable(text: str) -> str:
    """Replace halves of surrogate pairs, which a model may write but no request can hold."""
    return text.encode("utf-8", "replace").decode()


def shortened(text: str, most: int) -> str:
    """Leave out the middle of a text of more than `most` characters, and say so there."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n[{len(text) - 2 * half:,} characters are left out here]\n{text[-half:]}"
