"""What can go wrong on the fast lane, as exceptions that the table of failures reads like those of litellm.

Their names are the names in that table; each lives only until it is turned into one of our errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from patterns.errors import PatternsError

_SHOWN = 2_000
"""Characters of a reply that an exception keeps; far less of it is ever told."""


class APIError(Exception):
    """The provider said no: a status of 400 or more, with what it wrote about it."""

    def __init__(self, status: int, headers: Mapping[str, str], text: str, body: object) -> None:
        super().__init__(text[:_SHOWN] or f"status {status}, and nothing else")
        self.status_code = status
        self.body = body
        self.response = SimpleNamespace(status_code=status, headers=headers)


class APIConnectionError(Exception):
    """The connection broke or was never made. Only the words of what broke it are kept: its frames hold the key."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"{cause or type(cause).__name__}"[:_SHOWN])


class MidStreamFallbackError(Exception):
    """The provider says no under a status that says all is well: it breaks off a stream with words about why, or its
    whole reply is such words.
    """

    def __init__(self, body: object) -> None:
        super().__init__(str(body)[:_SHOWN])
        self.body = {"error": body}
        code = body.get("code") if isinstance(body, Mapping) else None
        self.status_code = code if isinstance(code, int) and 400 <= code < 600 else None


class APIResponseValidationError(TypeError):
    """A reply that is not of the form of this wire, though its status says that all is well."""

    def __init__(self, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text[:_SHOWN] or "nothing at all")
        self.litellm_response_headers = headers or {}


@dataclass(frozen=True, slots=True)
class Unread:
    """A reply in JSON that this lane cannot read, and what that is as an error. To read it elsewhere costs nothing."""

    data: bytes
    headers: Mapping[str, str]
    error: PatternsError


class Moved(Exception):
    """The provider sends the request elsewhere. Nothing was answered and nothing is charged."""
