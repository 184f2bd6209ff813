"""What a wire has to know: how a request is written on it, and how its replies are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from patterns.exchange import Request
from patterns.model.outgoing import Arguments

Content = dict[str, Any]
"""The JSON object that a request is on the wire."""


class Reading(Protocol):
    """Reads the replies to one request, in the shape that `incoming` and `growth` take."""

    def reply(self, data: bytes, headers: Mapping[str, str]) -> object:
        """A whole reply. Raises APIResponseValidationError when it is not of this wire's form."""
        ...

    def chunk(self, data: bytes) -> object | None:
        """A piece of a streamed reply, None at the end. Raises MidStreamFallbackError when the provider breaks off."""
        ...


class Wire(Protocol):
    """The format of one provider's API."""

    @property
    def name(self) -> str: ...

    @property
    def variables(self) -> frozenset[str]:
        """Environment variables that change what litellm sends on this wire, and that we do not heed."""
        ...

    def obstacle(self, request: Request) -> str | None:
        """Why a request cannot be written on this wire just as litellm writes it, in words; None when it can."""
        ...

    def url(self, request: Request, *, stream: bool) -> str:
        """Where to send a request."""
        ...

    def headers(self, key: str, content: Content) -> dict[str, str]:
        """The headers that a request leaves with."""
        ...

    def content(self, words: Arguments, *, stream: bool) -> Content:
        """A request as it stands on the wire. `words` are those for litellm."""
        ...

    def reading(self) -> Reading:
        """What reads the replies to one request: the pieces of a stream mean something only one after the other."""
        ...
