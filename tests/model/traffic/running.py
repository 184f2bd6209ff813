"""Sends recorded exchanges through the gateway and keeps what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from patterns.errors import PatternsError
from patterns.exchange import Request, Response
from patterns.model.transport import LitellmGateway
from tests.corpus import corpus_rows
from tests.model.traffic.judging import wrong
from tests.model.traffic.wires import asked

Row = Mapping[str, Any]
GATEWAY = LitellmGateway()
_AT_ONCE = 8


@dataclass(frozen=True)
class Outcome:
    """What came of one exchange: the fields that are not right, and what there was in their place."""

    row: Row
    wrong: tuple[str, ...]
    found: Response | PatternsError


def exchanges() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = corpus_rows("cassettes.jsonl")  # type: ignore[assignment]
    return rows


async def outcomes(rows: Sequence[Row], base: str) -> list[Outcome]:
    """Each exchange asked as it was recorded: streamed, or plain, and then both awaited and blocking."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def outcome(row: Row) -> Outcome:
        async with turns:
            return await (_streamed if row["stream"] else _plain)(row, asked(row, base))

    return await asyncio.gather(*map(outcome, rows))


async def _plain(row: Row, request: Request) -> Outcome:
    found = await _caught(GATEWAY.asend(request))
    blocking = await _caught(asyncio.to_thread(GATEWAY.send, request))
    return Outcome(row, tuple(dict.fromkeys(wrong(found, row) + wrong(blocking, row))), found)


async def _streamed(row: Row, request: Request) -> Outcome:
    """The pieces of the text have to make up the whole."""
    pieces: list[str] = []

    async def last() -> Response:
        response = None
        async for delta in GATEWAY.astream(request):
            pieces.append(delta.text)
            response = delta.response
        assert response is not None, "a stream ends with the whole response"
        return response

    found = await _caught(last())
    fields = wrong(found, row)
    if isinstance(found, Response) and "".join(pieces) != found.choices[0].text:
        fields.append("text")
    return Outcome(row, tuple(dict.fromkeys(fields)), found)


async def _caught(answer: Any) -> Response | PatternsError:
    try:
        found: Response = await answer
        return found
    except PatternsError as error:
        return error
