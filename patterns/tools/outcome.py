"""What a model is told of a tool that ran: its value as text, or what went wrong in words without secrets."""

from __future__ import annotations

import inspect

from pydantic_core import to_json

from patterns.redact import redact
from patterns.sendable import sendable, shortened

LONGEST = 50_000
"""Characters of a result that a model is given; the middle of a longer one is left out."""
_LONGEST_ERROR = 2_000


def text_of(value: object) -> str:
    """Write what a tool gave: text as it is, all else as JSON. Raises ValueError or TypeError for what is no JSON.

    Pydantic models, dataclasses, dates, decimals, enums and sets are JSON in pydantic's way.
    """
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        raise TypeError("it gave something to await: define the tool with async def")
    text = value if isinstance(value, str) else to_json(value).decode()
    return sendable(shortened(text, LONGEST))


def words_of(error: BaseException) -> str:
    """Say what went wrong: a ValueError in its own words, which are meant for the model; others by their kind too."""
    try:
        words = str(error)
    except Exception:  # an error whose own text fails
        words = ""
    kind = "" if isinstance(error, ValueError) and words else type(error).__name__
    return sendable(shortened(redact(": ".join(filter(None, (kind, words)))), _LONGEST_ERROR))
