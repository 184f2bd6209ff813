"""Hooks hear what happens, and never break it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from patterns.errors import BudgetExceeded, CircuitOpen, EmptyResponse, QuotaExceeded, TransientError
from patterns.events import (
    Asked,
    BudgetRefused,
    CacheHit,
    CircuitChanged,
    Event,
    FellBack,
    Finished,
    Retrying,
    Tried,
    emit,
    listen,
    subscribe,
)
from patterns.exchange import Request, Usage
from patterns.pattern import Pattern
from patterns.settings import override
from patterns.testing import FakeModel
from tests.faultserver import Answer, FaultServer

T = TypeVar("T")

ASKED = Asked("p", Request("m", ()))


def test_a_hook_hears_events_while_it_listens() -> None:
    heard: list[Event] = []
    with listen(heard.append):
        emit(ASKED)
    emit(ASKED)
    assert heard == [ASKED]


def test_a_failing_hook_is_logged_and_the_next_one_still_hears(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Event] = []
    with caplog.at_level(logging.ERROR), listen(lambda event: 1 / 0), listen(heard.append):
        emit(ASKED)
    assert heard == [ASKED]
    assert "a hook failed on Asked" in caplog.text


# What is told of a call, in order, over real HTTP.


@pytest.fixture
def asking(tmp_path: Path, faults: FaultServer) -> Any:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    with override(templates=(tmp_path,), usage=False):
        yield Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0, reasks=1)


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    events: list[Event] = []
    end = subscribe(events.append)
    yield events
    end()


def told(heard: Sequence[Event]) -> str:
    return " ".join(type(event).__name__ for event in heard)


def only(heard: Sequence[Event], kind: type[T]) -> T:
    (found,) = [event for event in heard if isinstance(event, kind)]
    return found


def test_a_plain_call(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    faults.script([Answer('{"ok": true}')])
    result = asking.run("x")
    assert told(heard) == "Started Asked Tried Answered Finished"
    assert {getattr(event, "pattern", "yes") for event in heard} == {"yes"}
    finished, tried = only(heard, Finished), only(heard, Tried)
    assert finished.result == result
    assert 0 < tried.seconds <= finished.seconds
    assert tried.response is not None
    assert tried.response.cost == result.cost


async def test_the_same_on_a_loop_and_streamed(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    faults.script([Answer('{"ok": true}')] * 2)
    await asking.acall("x")
    assert told(heard) == "Started Asked Tried Answered Finished"
    heard.clear()
    _ = [each async for each in asking.astream("x")]
    assert told(heard) == "Started Asked Tried Answered Finished"


def test_a_mended_and_a_wrong_answer(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    faults.script([Answer("what?"), Answer('```json\n{"ok": True}')])
    asking("x")
    assert told(heard) == "Started Asked Tried Answered Rejected Asked Tried Answered Repaired Finished"


def test_a_retry(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    asking.with_options(model="openai/500x1", retries=1)("x")
    assert told(heard) == "Started Asked Tried Retrying Tried Answered Finished"
    first, second = (event for event in heard if isinstance(event, Tried))
    assert (type(first.error), first.response) == (TransientError, None)
    assert (second.error, second.response is not None) == (None, True)
    assert only(heard, Retrying).error is first.error


def test_a_fallback(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    faults.script([Answer('{"ok": true}')])
    asking.with_options(model="openai/quota", fallbacks=["openai/gpt-4o-mini"])("x")
    assert told(heard) == "Started Asked Tried FellBack Tried Answered Finished"
    fell = only(heard, FellBack)
    assert (fell.model, fell.to, type(fell.error)) == ("openai/quota", "openai/gpt-4o-mini", QuotaExceeded)


def test_a_hit(asking: Any, faults: FaultServer, heard: list[Event], tmp_path: Path) -> None:
    faults.script([Answer('{"ok": true}')])
    cached = asking.with_options(cache=tmp_path / "answers.sqlite")
    cached("x")
    heard.clear()
    cached("x")
    assert told(heard) == "Started Asked CacheHit Answered Finished"
    assert only(heard, CacheHit).response.cached


def test_a_breaker_that_opens(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    failing = asking.with_options(model="openai/529", deadline=3)
    for _ in range(5):
        with pytest.raises(TransientError):
            failing("x")
    assert told(heard) == "Started Asked Tried Failed " * 4 + "Started Asked Tried CircuitChanged Failed"
    changed = only(heard, CircuitChanged)
    assert (changed.model, changed.state) == ("openai/529", "open")
    assert changed.host in faults.api_base
    heard.clear()
    with pytest.raises(CircuitOpen):
        failing("x")
    assert told(heard) == "Started Asked Failed"


def test_a_refusal_of_the_budget(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    with pytest.raises(BudgetExceeded) as caught:
        asking.with_options(budget=1e-6)("x")
    assert told(heard) == "Started Asked BudgetRefused Failed"
    assert only(heard, BudgetRefused).error is caught.value
    assert faults.calls == 0


def test_an_answer_that_was_paid_and_of_no_use(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    with pytest.raises(EmptyResponse):
        asking.with_options(model="openai/empty")("x")
    assert told(heard) == "Started Asked Tried Failed"
    tried = only(heard, Tried)
    assert tried.response is not None
    assert tried.response.usage == Usage(50, 10)


async def test_a_call_that_is_cancelled(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asking.with_options(model="openai/hang").acall("x")
    assert told(heard) == "Started Asked Abandoned"


def test_the_program_s_own_fault(asking: Any, faults: FaultServer, heard: list[Event]) -> None:
    with FakeModel([]), pytest.raises(AssertionError):
        asking("x")
    assert told(heard) == "Started Asked Abandoned"


def test_calls_within_calls_and_side_by_side_tell_of_themselves(
    asking: Any, faults: FaultServer, heard: list[Event]
) -> None:
    faults.script([Answer('{"ok": true}')] * 8)
    assert all(outcome.error is None for outcome in asking.batch(["x"] * 8, concurrency=4))
    assert told(sorted(heard, key=lambda event: type(event).__name__)) == " ".join(
        name for name in ("Answered", "Asked", "Finished", "Started", "Tried") for _ in range(8)
    )


def test_telling_nobody_costs_next_to_nothing() -> None:
    """The events of a whole call, with nobody to hear them, take a few microseconds."""
    started = time.perf_counter()
    for _ in range(10_000):
        emit(Asked("p", ASKED.request))
    assert (time.perf_counter() - started) / 10_000 < 10e-6
