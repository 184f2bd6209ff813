"""Text that a request can hold."""

from __future__ import annotations


def sendable(text: str) -> str:
    """Replace halves of surrogate pairs, which a model may write but no request can hold."""
    return text.encode("utf-8", "replace").decode()
