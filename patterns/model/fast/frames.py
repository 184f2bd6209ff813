"""Server-sent events out of a stream of bytes, however the network cuts it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from patterns.model.fast.troubles import APIResponseValidationError

DONE = b"[DONE]"
"""What many servers send at the end of a stream."""


async def frames(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Give the data of each event as it is complete, and of the last one even where no empty line ends it.

    An event without data is none. What the end of the stream cuts in two is none either.
    """
    rest, data = b"", []
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].strip())
            elif data and not line.strip():
                if whole := b"\n".join(data):
                    yield whole
                data = []
    if rest.startswith(b"data:"):
        data.append(rest[5:].strip())
    if data and _complete(last := b"\n".join(data)):
        yield last


def event(data: bytes) -> dict[str, Any] | None:
    """The object that an event is, an empty one where it is none; None at the end.

    Raises APIResponseValidationError for what is no JSON: passed over, it would be missing from an answer that looks
    whole.
    """
    if data == DONE:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise APIResponseValidationError(data.decode("utf-8", "replace")) from None
    return found if isinstance(found, dict) else {}


def _complete(data: bytes) -> bool:
    try:
        return data == DONE or json.loads(data) is not None
    except (ValueError, RecursionError):
        return False
