"""A thousand calls to a model that fails one time in ten, each time in another way: none is lost, late, or wrong."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
from pydantic import BaseModel

from patterns import Pattern, PatternsError, complete, listen
from patterns.events import Event, Tried
from tests.faultserver import FaultServer

CALLS = 1_000
DEADLINE = 20.0


class Row(BaseModel):
    number: int
    twice: int


def is_twice(row: Row) -> None:
    if row.twice != 2 * row.number:
        raise ValueError("twice must be two times the number")


@pytest.fixture
def work(faults: FaultServer, tmp_path: Path) -> Pattern[..., Row]:
    return Pattern(
        "json_extraction/extract",
        output=Row,
        checks=[is_twice],
        model="openai/mixed",
        mode="prompted",
        api_base=faults.api_base,
        timeout=2.0,
        deadline=DEADLINE,
        retries=3,
    )


async def test_every_call_ends_as_the_right_value_or_as_an_error_of_ours_in_time(
    faults: FaultServer, work: Pattern[..., Row]
) -> None:
    await complete.with_options(model="openai/ok", api_base=faults.api_base).acall("litellm is imported")
    faults.reset()
    took: list[float] = []
    tries: list[Event] = []

    async def row(number: int) -> Row:
        started = time.monotonic()
        try:
            return await work.acall(f"This is row {number}.")
        finally:
            took.append(time.monotonic() - started)

    gate = asyncio.Semaphore(32)

    async def one(number: int) -> Row | PatternsError:
        async with gate:
            try:
                return await row(number)
            except PatternsError as error:
                return error

    with listen(lambda event: tries.append(event) if isinstance(event, Tried) else None):
        ended = await asyncio.gather(*(one(number) for number in range(CALLS)))
    wrong = [(number, got) for number, got in enumerate(ended) if isinstance(got, Row) and got.number != number]
    assert not wrong, "a value that is not the answer to its question"
    errors = Counter(type(got).__name__ for got in ended if isinstance(got, PatternsError))
    assert max(took) < DEADLINE + 0.5
    assert sum(errors.values()) < CALLS // 20, errors
    assert set(errors) <= {"Refused", "ContextOverflow", "Truncated", "Invalid", "Unreadable", "TransientError"}, errors
    assert len(tries) == faults.calls, "every request that the server saw was told of"
