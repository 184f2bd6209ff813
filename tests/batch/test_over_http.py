"""Batches over real HTTP: what the server counts when a key is wrong, an account is empty, or a row is poison."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections import Counter

import pytest

from patterns import BatchStopped, Pattern, complete
from patterns.errors import AuthenticationError, PatternsError, QuotaExceeded, TransientError, UnknownModel
from tests.faultserver import ELSEWHERE, Answer, FaultServer, Reply
from tests.faultserver.faults import SECRET

ROWS = [f"row {number}" for number in range(100)]


def caller(faults: FaultServer, model: str, **options: object) -> Pattern[..., dict[str, bool]]:
    return Pattern(
        "json_extraction/extract",
        output=dict[str, bool],
        model=model if "/" in model else f"openai/{model}",
        mode="prompted",
        api_base=faults.api_base,
        **options,  # type: ignore[arg-type]
    )


# fault, error, calls
STOPPING: list[tuple[str, type[PatternsError], int]] = [
    ("401", AuthenticationError, 1),
    ("403", AuthenticationError, 1),
    ("quota", QuotaExceeded, 1),
    ("404", UnknownModel, 1),
    ("nobodys/model", UnknownModel, 0),
]


@pytest.mark.parametrize(("fault", "error", "calls"), STOPPING, ids=[case[0] for case in STOPPING])
def test_rows_2_23_and_25_a_hundred_rows_cost_one_call(
    faults: FaultServer, fault: str, error: type[PatternsError], calls: int
) -> None:
    outcomes = list(caller(faults, fault, retries=3).batch(ROWS, concurrency=16))
    assert (faults.calls, faults.paid) == (calls, 0)
    assert len(outcomes) == 100
    assert type(outcomes[0].error) is error
    assert {type(outcome.error) for outcome in outcomes[1:]} == {BatchStopped}
    assert SECRET not in str(outcomes[-1].error)


def test_row_24_a_missing_key_is_seen_before_any_row(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    outcomes = list(caller(faults, "ok").with_options(api_base=ELSEWHERE).batch(ROWS))
    assert isinstance(outcomes[0].error, AuthenticationError)
    assert "OPENAI_API_KEY" in outcomes[0].error.hint
    assert "rules" in outcomes[0].error.hint
    assert Counter(type(o.error).__name__ for o in outcomes) == {"AuthenticationError": 1, "BatchStopped": 99}


def test_row_2_an_account_that_runs_empty_half_way_stops_at_what_is_on_its_way(faults: FaultServer) -> None:
    faults.script([*[Answer('{"ok": true}')] * 40, *[_quota()] * 60])
    outcomes = list(caller(faults, "any").batch(ROWS, concurrency=8))
    kinds = Counter(type(o.error).__name__ if o.error else "well" for o in outcomes)
    assert kinds["well"] == 40 == faults.paid
    assert faults.calls <= 40 + 8
    assert kinds["QuotaExceeded"] + kinds["BatchStopped"] == 60


def _quota() -> Reply:
    body = {"error": {"message": "You exceeded your current quota.", "type": "x", "code": "insufficient_quota"}}
    return Reply(429, json.dumps(body).encode())


class Odd:
    """An input whose text fails."""

    def __str__(self) -> str:
        raise ZeroDivisionError("1/0")

    __repr__ = __str__


def test_row_57_one_poison_row_is_recorded_and_the_others_go_on(faults: FaultServer) -> None:
    """An object that cannot be shown, the wrong inputs, a text of 10 MB: each fails, or passes, by itself."""
    poison = [Odd(), ("too", "many", "inputs"), {"nobody": 1}, None, "x" * 10_000_000]
    rows: list[object] = [*ROWS[:5], *poison, *ROWS[5:10]]
    tracemalloc.start()
    outcomes = list(caller(faults, "ok").batch(rows, concurrency=4))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [o.index for o in outcomes] == list(range(15))
    wells = [o.index for o in outcomes if o.error is None]
    assert set(wells) >= {0, 1, 2, 3, 4, 10, 11, 12, 13, 14}
    for index in (5, 6, 7, 8):
        assert outcomes[index].error is not None, index
        assert len(str(outcomes[index].error)) < 1000
    assert peak < 300_000_000


async def test_row_57_failures_of_the_model_stop_it_when_they_are_too_many(faults: FaultServer) -> None:
    outcomes = [
        o async for o in caller(faults, "500", retries=0, breaker=False).abatch(ROWS, concurrency=4, max_failures=10)
    ]
    assert faults.calls <= 11 + 4
    kinds = Counter(type(o.error) for o in outcomes)
    assert kinds[TransientError] == faults.calls
    assert kinds[BatchStopped] == 100 - faults.calls


async def test_rows_wait_for_a_model_that_limits_its_rate_and_all_are_answered(faults: FaultServer) -> None:
    outcomes = [o async for o in caller(faults, "429x3ra1", retries=0).abatch(ROWS[:30], concurrency=10)]
    assert [o.output for o in outcomes] == [{"ok": True}] * 30
    assert faults.calls == 33
    assert faults.paid == 30


def test_prompts_in_a_list_are_counted(faults: FaultServer) -> None:
    asked = complete.with_options(model="openai/401", api_base=faults.api_base)
    assert len(list(asked.batch(ROWS))) == 100
    assert faults.calls == 1


def test_a_batch_in_a_program_s_own_loop_leaves_nothing_behind(faults: FaultServer) -> None:
    async def main() -> int:
        count = 0
        async for outcome in caller(faults, "ok").abatch(ROWS, concurrency=10):
            count += outcome.error is None
            if count == 20:
                break
        return count

    assert asyncio.run(main()) == 20
    assert faults.calls <= 40
