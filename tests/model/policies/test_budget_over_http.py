"""Budgets over real HTTP: the server's own count of paid calls says what was spent."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from patterns.errors import BatchStopped, BudgetExceeded
from patterns.pattern import Pattern
from patterns.settings import override
from tests.faultserver import Answer, FaultServer

MODEL = "openai/gpt-4o-mini"
GIVEN, MADE = 1.5e-07, 6e-07
"""Its prices, in US dollars per token."""
SAID = Answer('{"ok": true}', input_tokens=50, output_tokens=10)
TEXT = "one more word " * 20
"""Some more tokens than the server counts: a worst case that is none would prove nothing."""
COST = 50 * GIVEN + 10 * MADE


@pytest.fixture
def asking(tmp_path: Path, faults: FaultServer) -> Any:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    with override(templates=(tmp_path,)):
        yield Pattern("yes", output=dict, model=MODEL, api_base=faults.api_base, retries=0, mode="prompted")


def _spent(faults: FaultServer) -> float:
    return faults.paid * COST


def _outcomes(work: Any, times: int, threads: int) -> list[BaseException | None]:
    def one(_: int) -> BaseException | None:
        try:
            work()
        except BudgetExceeded as error:
            return error
        return None

    contexts = [contextvars.copy_context() for _ in range(times)]  # for the settings of `override`
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda n: contexts[n].run(one, n), range(times)))


def test_64_threads_at_once_never_spend_more_than_the_budget(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID] * 200)
    limit = 100.5 * COST
    call = asking.with_options(budget=limit, max_tokens=10)
    refused = sum(outcome is not None for outcome in _outcomes(lambda: call(TEXT), 200, 64))
    assert faults.paid == 200 - refused
    assert _spent(faults) <= limit
    assert 30 < faults.paid <= 100


async def test_64_tasks_at_once_never_spend_more_than_the_budget(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID] * 200)
    limit = 100.5 * COST
    call = asking.with_options(budget=limit, max_tokens=10)
    outcomes = [outcome async for outcome in call.abatch([TEXT] * 200, concurrency=64)]
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert all(isinstance(error, BudgetExceeded | BatchStopped) for error in errors)
    assert sum(isinstance(error, BudgetExceeded) for error in errors) == 1, "one finds that all is spent"
    assert _spent(faults) <= limit
    assert 98 <= faults.paid <= 100, "a batch uses a budget up, though the worst case of a row is far above its cost"


def test_one_after_the_other_the_budget_is_used_up_but_for_the_last_worst_case(
    asking: Any, faults: FaultServer
) -> None:
    faults.script([SAID] * 200)
    call = asking.with_options(budget=100.5 * COST, max_tokens=10)
    _outcomes(lambda: call(TEXT), 200, 1)
    assert 98 <= faults.paid <= 100


def test_max_cost_is_for_each_call_with_its_reasks(asking: Any, faults: FaultServer) -> None:
    faults.script([Answer("no"), Answer("nor this"), SAID] * 2)
    narrow = asking.with_options(max_cost=2.2 * COST, max_tokens=10, reasks=5)
    with pytest.raises(BudgetExceeded, match="max_cost") as caught:
        narrow(TEXT)
    assert 0 < faults.paid < 3
    assert len(caught.value.attempts) == faults.paid
    assert caught.value.cost == pytest.approx(_spent(faults))
    faults.reset()
    faults.script([SAID])
    narrow(TEXT)
    assert faults.paid == 1


def test_the_budget_of_the_process_and_that_of_the_options_both_hold(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID] * 9)
    with override(budget=1000 * COST):
        with pytest.raises(BudgetExceeded):
            asking.with_options(budget=COST / 2, max_tokens=10)(TEXT)
        asking.with_options(budget=99 * COST, max_tokens=10)(TEXT)
    with override(budget=COST / 2), pytest.raises(BudgetExceeded):
        asking.with_options(budget=99 * COST, max_tokens=10)(TEXT)
    assert faults.paid == 1


def test_an_unknown_price_is_refused_before_anything_is_sent(asking: Any, faults: FaultServer) -> None:
    unheard = asking.with_options(model="openai/ok", budget=1.0)
    with pytest.raises(BudgetExceeded, match="price of openai/ok is not known"):
        unheard(TEXT)
    with override(prices={"openai/ok": (0.5, 1.5)}):
        result = unheard.run(TEXT)
    assert faults.calls == 1
    assert result.cost == pytest.approx((50 * 0.5 + 10 * 1.5) / 1e6)


def test_the_user_s_price_goes_before_litellm_s(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID, SAID])
    with override(prices={"gpt-4o-mini": (1000.0, 0.0)}):
        assert asking.run(TEXT).cost == pytest.approx(0.05)
        assert (asking.estimate(TEXT).high or 0.0) > 0.005
        with pytest.raises(BudgetExceeded):
            asking.with_options(max_cost=0.001)(TEXT)


def test_a_failed_answer_that_was_paid_is_priced_as_well(asking: Any, faults: FaultServer) -> None:
    with override(prices={"openai/empty": (1000.0, 0.0)}), pytest.raises(Exception, match="empty") as caught:
        asking.with_options(model="openai/empty", reasks=0)(TEXT)
    assert caught.value.cost == pytest.approx(0.05)


def test_missing_usage_counts_by_its_estimate(asking: Any, faults: FaultServer) -> None:
    with override(prices={"openai/nousage": (1.0, 1.0)}):
        careful = asking.with_options(model="openai/nousage", budget=1.0)
        result = careful.run(TEXT)
    assert result.usage.estimated
    assert result.cost is None
    ledger = careful._setup.ledger
    assert ledger.spent == pytest.approx(result.usage.total_tokens / 1e6)


def test_under_a_budget_the_answer_has_a_longest_length(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID] * 3)
    asking(TEXT)
    asking.with_options(budget=1.0)(TEXT)
    asking.with_options(budget=1.0, max_tokens=77)(TEXT)
    assert [body.get("max_tokens", body.get("max_completion_tokens")) for body in faults.bodies] == [None, 4096, 77]


def test_a_cut_answer_still_gets_more_room_under_a_budget(asking: Any, faults: FaultServer) -> None:
    faults.script([Answer('{"ok": tr', finish="length"), SAID])
    assert asking.with_options(budget=1.0)(TEXT) == {"ok": True}
    assert [body["max_tokens"] for body in faults.bodies] == [4096, 16384]


def test_a_call_that_is_abandoned_frees_its_reservation(asking: Any, faults: FaultServer) -> None:
    with override(prices={"openai/hang": (1.0, 1.0)}):
        hanging = asking.with_options(model="openai/hang", budget=1.0, timeout=0.3)

        async def cut() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await hanging.acall(TEXT)

        asyncio.run(cut())
    ledger = hanging._setup.ledger
    assert ledger.room == pytest.approx(1.0 - ledger.spent)
    assert 0 < ledger.spent < 0.01


def test_an_answer_that_no_budget_allows_to_mend_keeps_what_was_paid(asking: Any, faults: FaultServer) -> None:
    faults.script([Answer("no")])
    with pytest.raises(BudgetExceeded) as caught:
        asking.with_options(budget=1.6 * COST, max_tokens=10, reasks=1)(TEXT)
    assert [attempt.response.choices[0].text for attempt in caught.value.attempts] == ["no"]


def test_a_row_that_is_too_dear_does_not_end_the_batch(asking: Any, faults: FaultServer) -> None:
    faults.script([SAID] * 2)
    outcomes = list(asking.with_options(max_cost=1.6 * COST, max_tokens=10).batch([TEXT, TEXT * 9, TEXT]))
    assert [type(outcome.error) for outcome in outcomes] == [type(None), BudgetExceeded, type(None)]


async def test_under_faults_of_all_kinds_no_more_is_charged_than_the_budget(asking: Any, faults: FaultServer) -> None:
    """The server counts every request as paid that it did not refuse, also those that broke on their way."""
    limit = 100.5 * (50 + 10) / 1e6
    with override(prices={"openai/mixed": (1.0, 1.0)}):
        rows = [f"row {number} {TEXT}" for number in range(300)]
        call = asking.with_options(model="openai/mixed", budget=limit, max_tokens=10, retries=2, timeout=2.0)
        outcomes = [outcome async for outcome in call.abatch(rows, concurrency=64)]
    assert sum(outcome.error is None for outcome in outcomes) > 20
    assert any(isinstance(outcome.error, BudgetExceeded) for outcome in outcomes)
    assert faults.paid * (50 + 10) / 1e6 <= limit
    ledger = call._setup.ledger
    assert ledger.spent <= limit
    assert ledger.room == pytest.approx(limit - ledger.spent)
