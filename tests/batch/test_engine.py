"""The batch, by hand: the order, rows that fail in any way, when it stops, and what becomes of the rows left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from patterns.batch.engine import abatch
from patterns.batch.outcomes import Outcome
from patterns.errors import (
    AuthenticationError,
    BatchStopped,
    BudgetExceeded,
    InputError,
    Invalid,
    PatternsError,
    QuotaExceeded,
    RowFailed,
    UnknownModel,
)
from patterns.exchange import Attempt, Choice, Request, Response, Result

ATTEMPT = Attempt(Request("m", ()), Response((Choice("yes"),), "m", cost=0.1))


def worker(
    fails: Callable[[int], BaseException | None] = lambda row: None, seconds: float = 0.0
) -> tuple[Callable[[int], Awaitable[Result[int]]], list[int]]:
    """A coroutine function that doubles its row, and the rows it was begun for."""
    begun: list[int] = []

    async def work(row: int) -> Result[int]:
        begun.append(row)
        await asyncio.sleep(seconds)
        if (error := fails(row)) is not None:
            raise error
        return Result(2 * row, (ATTEMPT,))

    return work, begun


async def gathered(*args: object, **kwargs: object) -> list[Outcome[int]]:
    return [outcome async for outcome in abatch(*args, **kwargs)]  # type: ignore[arg-type]


async def taken(batch: AsyncIterator[Outcome[int]], got: list[Outcome[int]]) -> None:
    """Keep what comes before the batch raises."""
    async for outcome in batch:
        got.append(outcome)


def kinds(outcomes: list[Outcome[int]]) -> list[str]:
    return [type(outcome.error).__name__ if outcome.error else "well" for outcome in outcomes]


async def test_outcomes_come_in_the_order_of_the_rows() -> None:
    async def work(row: int) -> Result[int]:
        await asyncio.sleep(0.02 / (row + 1))
        return Result(row, (ATTEMPT,))

    outcomes = await gathered(work, range(20), concurrency=5)
    assert [(o.index, o.output) for o in outcomes] == [(i, i) for i in range(20)]


async def test_no_more_rows_are_at_work_or_drawn_than_are_wanted() -> None:
    flying, most, drawn = 0, 0, 0

    def rows() -> Iterator[int]:
        nonlocal drawn
        for row in range(100):
            drawn += 1
            yield row

    async def work(row: int) -> Result[int]:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        assert drawn <= row + 2 * 7
        await asyncio.sleep(0.001)
        flying -= 1
        return Result(row, (ATTEMPT,))

    assert len(await gathered(work, rows(), concurrency=7)) == 100
    assert most == 7


async def test_the_first_of_many_rows_goes_alone() -> None:
    work, begun = worker(seconds=0.05)
    batch = abatch(work, range(50), concurrency=8)
    task = asyncio.ensure_future(anext(batch))
    await asyncio.sleep(0.02)
    assert begun == [0]
    await task
    await anext(batch)
    assert len(begun) > 2


async def test_rows_that_fit_at_once_do_not_wait_for_the_first() -> None:
    work, _ = worker(seconds=0.1)
    started = time.monotonic()
    assert len(await gathered(work, range(8), concurrency=8)) == 8
    assert time.monotonic() - started < 0.19


class Odd(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even its text")


POISON = [ZeroDivisionError("by zero"), KeyError("x"), RecursionError("deep"), MemoryError(), SystemExit(3), Odd()]


@pytest.mark.parametrize("poison", POISON, ids=[type(error).__name__ for error in POISON])
async def test_row_57_whatever_a_row_raises_is_its_own_affair(poison: BaseException) -> None:
    work, begun = worker(lambda row: poison if row == 3 else None)
    outcomes = await gathered(work, range(10), concurrency=4)
    assert len(begun) == 10
    assert kinds(outcomes) == ["well"] * 3 + ["RowFailed"] + ["well"] * 6
    failed = outcomes[3].error
    assert isinstance(failed, RowFailed)
    assert type(poison).__name__ in failed.message
    assert "row 3" in failed.message
    assert failed.__cause__ is poison
    with pytest.raises(RowFailed):
        _ = outcomes[3].output


async def test_row_57_a_reason_fits_a_log_line() -> None:
    work, _ = worker(lambda row: ValueError("x\n" * 5_000_000))
    [outcome] = await gathered(work, [1], concurrency=1)
    assert outcome.error is not None
    assert len(outcome.error.message) < 700
    assert "\n" not in outcome.error.message


FATAL: list[PatternsError] = [
    AuthenticationError("wrong key"),
    QuotaExceeded("empty"),
    UnknownModel("who"),
    BudgetExceeded("over", spent=1.0, limit=1.0),
]


@pytest.mark.parametrize("error", FATAL, ids=[type(error).__name__ for error in FATAL])
@pytest.mark.parametrize("concurrency", [1, 8, 64])
async def test_rows_2_and_23_what_the_next_row_would_meet_as_well_stops_all(
    error: PatternsError, concurrency: int
) -> None:
    work, begun = worker(lambda row: error, seconds=0.001)
    outcomes = await gathered(work, list(range(100)), concurrency=concurrency)
    assert begun == [0], "one call, with 100 rows queued"
    assert kinds(outcomes) == [type(error).__name__] + ["BatchStopped"] * 99
    assert [o.index for o in outcomes] == list(range(100))
    skipped = outcomes[42].error
    assert isinstance(skipped, BatchStopped)
    assert (skipped.reason, skipped.index) == (error, 42)
    assert error.message in skipped.message


async def test_in_the_middle_what_is_on_its_way_ends() -> None:
    work, begun = worker(lambda row: QuotaExceeded("empty") if row == 20 else None, seconds=0.001)
    outcomes = await gathered(work, list(range(100)), concurrency=8)
    assert max(begun) <= 20 + 2 * 8
    ended = kinds(outcomes)
    assert ended[20] == "QuotaExceeded"
    assert ended.count("well") == len(begun) - 1, "answers that were paid for are given"
    assert len(outcomes) == 100


async def test_rows_that_nobody_can_count_end_with_the_error_raised() -> None:
    work, begun = worker(lambda row: AuthenticationError("wrong key") if row == 5 else None)
    got: list[Outcome[int]] = []
    with pytest.raises(BatchStopped, match="row 6 was not asked"):
        await taken(abatch(work, iter(range(10**9)), concurrency=1), got)
    assert [o.index for o in got] == [0, 1, 2, 3, 4, 5]
    assert begun == [0, 1, 2, 3, 4, 5]


async def test_rows_that_were_drawn_are_told_before_it_is_raised() -> None:
    work, begun = worker(lambda row: AuthenticationError("wrong key"))
    got: list[Outcome[int]] = []
    with pytest.raises(BatchStopped, match="row 5 was not asked"):
        await taken(abatch(work, iter(range(10**9)), concurrency=4), got)
    assert kinds(got) == ["AuthenticationError"] + ["BatchStopped"] * 4
    assert begun == [0]


async def test_a_source_that_ends_with_the_failing_row_just_ends() -> None:
    work, _ = worker(lambda row: AuthenticationError("wrong key") if row == 2 else None)
    assert kinds(await gathered(work, iter(range(3)), concurrency=1)) == ["well", "well", "AuthenticationError"]


async def test_a_limit_for_each_call_is_the_row_s_own_affair() -> None:
    costly = BudgetExceeded("too dear", spent=0.0, limit=0.1, name="max_cost")
    work, begun = worker(lambda row: costly if row % 2 else None)
    assert kinds(await gathered(work, range(10), concurrency=3)) == ["well", "BudgetExceeded"] * 5
    assert len(begun) == 10


class Purse:
    """A budget with reservations: each row sets 10 aside and spends 1."""

    def __init__(self, limit: int) -> None:
        self.limit, self.spent, self.reserved, self.refused = limit, 0, 0, 0

    async def work(self, row: int) -> Result[int]:
        if self.spent + self.reserved + 10 > self.limit:
            self.refused += 1
            raise BudgetExceeded("over", spent=self.spent, limit=self.limit, reserved=self.reserved)
        self.reserved += 10
        await asyncio.sleep(0.001)
        self.reserved -= 10
        self.spent += 1
        return Result(row, (ATTEMPT,))


async def test_rows_that_only_reservations_keep_from_the_budget_are_asked_again() -> None:
    """32 reserve 10 each of 100: without another go, the batch would end with 9 tenths of the budget unspent."""
    purse = Purse(100)
    outcomes = await gathered(purse.work, list(range(200)), concurrency=32)
    assert purse.refused > 1
    assert purse.spent == 91, "another row might have cost more than was left"
    assert kinds(outcomes).count("well") == 91
    assert kinds(outcomes).count("BudgetExceeded") == 1


async def test_reservations_of_others_than_the_batch_are_waited_for() -> None:
    purse = Purse(100)
    purse.reserved = 95
    asyncio.get_running_loop().call_later(0.1, setattr, purse, "reserved", 0)
    assert kinds(await gathered(purse.work, list(range(5)), concurrency=1)) == ["well"] * 5
    assert purse.refused > 1


async def test_a_row_that_was_paid_for_already_is_not_asked_again() -> None:
    paid = BudgetExceeded("over", spent=1.0, limit=1.0, reserved=0.5, attempts=[ATTEMPT])
    work, begun = worker(lambda row: paid if row == 3 else None, seconds=0.001)
    await gathered(work, list(range(50)), concurrency=4)
    assert begun.count(3) == 1


@pytest.mark.parametrize(
    ("most", "asked"), [(None, 100), (0, 1), (10, 21), (0.25, 21), (0.6, 100)], ids=["none", "0", "10", "0.25", "0.6"]
)
async def test_row_57_too_many_failures_stop_it(most: float | None, asked: int) -> None:
    work, begun = worker(lambda row: Invalid("no") if row % 2 == 0 else None)
    outcomes = await gathered(work, list(range(100)), concurrency=1, max_failures=most)
    assert len(begun) == asked
    assert kinds(outcomes)[asked:] == ["BatchStopped"] * (100 - asked)
    if asked < 100:
        assert "rows failed" in str(outcomes[-1].error)


@pytest.mark.parametrize("most", [-1, True, float("nan")])
async def test_a_guard_that_makes_no_sense_is_refused(most: float) -> None:
    with pytest.raises(InputError):
        await gathered(worker()[0], [1], concurrency=1, max_failures=most)


async def test_a_source_that_fails_loses_nothing_of_what_was_begun() -> None:
    def rows() -> Iterator[int]:
        yield from range(10)
        raise OSError("the file ended")

    work, begun = worker(seconds=0.01)
    got: list[Outcome[int]] = []
    with pytest.raises(OSError, match="the file ended"):
        await taken(abatch(work, rows(), concurrency=4), got)
    assert [o.output for o in got] == [2 * row for row in begun] == [2 * row for row in range(10)]


async def test_who_leaves_early_leaves_nothing_running() -> None:
    work, _ = worker(seconds=30.0)
    batch = abatch(work, range(3), concurrency=3)
    task = asyncio.ensure_future(anext(batch))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await batch.aclose()  # type: ignore[attr-defined]
    assert len(asyncio.all_tasks()) == 1
