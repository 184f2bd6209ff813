"""What a wire has to know: how a request is written on it, and how its replies are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from patterns.exchange import Request
from patterns.model.outgoing import Arguments


class Wire(Protocol):
    """The format of one provider's API. Replies are given in the shape that `incoming` and `growth` read."""

    name: str

    def url(self, request: Request) -> str:
        """Where to send a request."""
        ...

    def headers(self, key: str) -> dict[str, str]:
        """The headers that a request leaves with."""
        ...

    def body(self, words: Arguments, *, stream: bool) -> bytes:
        """A request as it stands on the wire. `words` are those for litellm."""
        ...

    def reply(self, data: bytes, headers: Mapping[str, str]) -> object:
        """A whole reply. Raises APIResponseValidationError when it is not of this wire's form."""
        ...

    def chunk(self, data: bytes) -> object | None:
        """A piece of a streamed reply, None at the end. Raises MidStreamFallbackError when the provider breaks off."""
        ...
