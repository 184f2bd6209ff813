"""Reads replies over that litellm reads with losses, or could not read at all, from the bytes that came."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterable, Iterable

from pydantic_core import to_json

from patterns.model import cohere, responses
from patterns.model.fast.openai_chat import Chat
from patterns.model.fast.troubles import APIResponseValidationError, MidStreamFallbackError
from patterns.model.raw import parsed

_CHAT = Chat()
_FORMS = (responses.chat_of, cohere.chat_of)
"""Wires of which litellm loses refusals, thoughts, finish reasons or calls."""

_COHERE = "litellm.llms.cohere.common_utils"
"""Where litellm's readers of Cohere's streams live: one fails on the first line, the other knows of no calls."""


def reread(raw: str | bytes | None, hidden: object = None) -> object | None:
    """A reply of one of those wires, in the shape that `incoming` reads; None for every other reply.

    `hidden` is what litellm keeps beside its own reading: the cost, for one.
    """
    body = parsed(raw)
    found = next((chat for form in _FORMS if body is not None and (chat := form(body))), None)
    if found is None:
        return None
    reply = _CHAT.reply(to_json(found), {})
    vars(reply)["_hidden_params"] = hidden or {}
    return reply


def rescued(shown: Iterable[str]) -> object | None:
    """A reply that litellm stumbled over, out of all it has shown of the call; None when none is of a form we know."""
    for raw in shown:
        if (found := reread(raw)) is not None:
            return found
        with contextlib.suppress(APIResponseValidationError, MidStreamFallbackError):
            return _CHAT.reply(raw.encode("utf-8", "replace"), {})
    return None


def own_chunks(stream: object) -> AsyncGenerator[object, None] | None:
    """The pieces of a stream whose lines litellm cannot read, in the shape that `growth` reads; None for all others."""
    source = getattr(stream, "completion_stream", None)
    lines = getattr(source, "streaming_response", None)
    if type(source).__module__ != _COHERE or not isinstance(lines, AsyncIterable):
        return None
    return _chunks(lines)


async def _chunks(lines: AsyncIterable[object]) -> AsyncGenerator[object, None]:
    try:
        async for line in lines:
            event = parsed(line.removeprefix("data:")) if isinstance(line, str) else None
            if event is not None and (chunk := cohere.chunk_of(event)) is not None:
                yield _CHAT.chunk(to_json(chunk))
    finally:
        if (close := getattr(lines, "aclose", None)) is not None:
            await close()
