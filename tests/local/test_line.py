"""Many callers, one loaded model: who waits, who goes first, who is let go."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from patterns.errors import TransientError, UnknownModel
from patterns.exchange import Request, Response
from patterns.model.local.engine import Engine
from patterns.model.local.gateway import LocalGateway
from patterns.model.local.line import Line
from patterns.model.local.weights import Weights
from tests.local.asking import asking, name, streamed

LONG = {"max_tokens": 100_000, "extra": {"ignore_eos": True}}
SOON = 8.0
"""Seconds that are far less than what is not stopped would take."""


class Watched(Engine):
    """A real engine that writes down when it came and went."""

    def __init__(self, weights: Weights, book: list[str], pause: float = 0.0) -> None:
        time.sleep(pause)
        super().__init__(weights)
        self._book = book
        book.append(f"load {weights.path.stem}")

    def close(self) -> None:
        self._book.append(f"unload {self.weights.path.stem}")
        super().close()


@pytest.fixture
def book() -> list[str]:
    return []


@pytest.fixture
def watched(book: list[str]) -> Iterator[LocalGateway]:
    line = Line(lambda weights: Watched(weights, book, pause=0.1))
    yield LocalGateway(line)
    line.close()


def until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_first_calls_at_once_from_many_threads_load_once(models: Path, watched: LocalGateway, book: list[str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        requests = [asking(name(models), seed=seed, max_tokens=5) for seed in range(16)]
        answers = list(pool.map(watched.send, requests))
    assert book == ["load tiny"]
    assert len({answer.choices[0].text for answer in answers}) > 8


async def test_calls_at_once_are_answered_together_where_the_name_says_so(
    models: Path, watched: LocalGateway, book: list[str]
) -> None:
    model = name(models, parallel=4)
    alone = [(await watched.asend(asking(model, seed=s, max_tokens=40))).choices[0].text for s in range(4)]
    calls = [watched.asend(asking(model, seed=s, max_tokens=40)) for s in range(4)]
    together = [answer.choices[0].text for answer in await asyncio.gather(*calls)]
    assert together == alone
    assert book == ["load tiny"]


async def test_two_models_take_turns_and_are_never_in_memory_together(
    models: Path, watched: LocalGateway, book: list[str]
) -> None:
    wanted = ["tiny", "other"] * 4
    answers = await asyncio.gather(*(watched.asend(asking(name(models, which), max_tokens=5)) for which in wanted))
    assert len(answers) == 8
    # The first one found nobody before it; then all who waited for the other; then all who had come behind them.
    assert book == ["load tiny", "unload tiny", "load other", "unload other", "load tiny"]


async def test_a_model_that_is_asked_without_end_does_not_keep_another_waiting(
    models: Path, watched: LocalGateway
) -> None:
    done = asyncio.Event()
    asked = 0

    async def greedy() -> None:
        nonlocal asked
        while not done.is_set():
            asked += 1
            await watched.asend(asking(name(models), max_tokens=5))

    crowd = [asyncio.create_task(greedy()) for _ in range(4)]
    await asyncio.sleep(0.3)
    async with asyncio.timeout(SOON):
        await watched.asend(asking(name(models, "other"), max_tokens=5))
    done.set()
    await asyncio.gather(*crowd)
    assert asked > 8


async def test_the_loop_runs_on_while_a_model_writes(models: Path, gateway: LocalGateway) -> None:
    await gateway.asend(asking(name(models), max_tokens=1))
    task = asyncio.create_task(gateway.asend(asking(name(models), max_tokens=1500, extra={"ignore_eos": True})))
    gaps, last = [], time.perf_counter()
    while not task.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
    assert task.result().choices[0].finish_reason == "length"
    assert len(gaps) > 100
    assert max(gaps) < sum(gaps) / 3, "it stood still for a good part of the time"


def test_a_late_call_is_let_go_and_stops_writing(models: Path, line: Line, gateway: LocalGateway) -> None:
    gateway.send(asking(name(models, context=100_000), max_tokens=1))
    begun = time.monotonic()
    with pytest.raises(TransientError, match="no whole answer within") as caught:
        gateway.send(asking(name(models, context=100_000), timeout=0.3, **LONG))
    assert time.monotonic() - begun < SOON
    until(lambda: not line._running)
    assert caught.value.raw_text
    assert caught.value.usage.output_tokens > 5
    assert not caught.value.usage.estimated
    assert caught.value.cost == 0.0


async def test_a_cancelled_call_stops_writing_and_the_next_is_answered(
    models: Path, line: Line, gateway: LocalGateway
) -> None:
    model = name(models, context=100_000)
    task = asyncio.create_task(gateway.asend(asking(model, **LONG)))
    await asyncio.sleep(0.3)
    assert line._running
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await gateway.asend(asking(model, max_tokens=3))).choices
    assert len(line._running) <= 1


async def test_a_stream_that_is_left_stops_writing(models: Path, line: Line, gateway: LocalGateway) -> None:
    stream = gateway.astream(asking(name(models, context=100_000), **LONG))
    async for _ in stream:
        break
    await stream.aclose()  # type: ignore[attr-defined]
    await asyncio.to_thread(until, lambda: not line._running)


async def test_who_leaves_the_line_is_never_begun(models: Path, line: Line, gateway: LocalGateway) -> None:
    model = name(models, context=100_000)
    first = asyncio.create_task(gateway.asend(asking(model, **LONG)))
    await asyncio.sleep(0.2)
    before = threading.active_count()
    others = [asyncio.create_task(gateway.asend(asking(model, **LONG))) for _ in range(50)]
    await asyncio.sleep(0.1)
    assert threading.active_count() < before + 10, "those who wait have no threads"
    for task in (*others, first):
        task.cancel()
    await asyncio.gather(first, *others, return_exceptions=True)
    begun = time.monotonic()
    assert (await gateway.asend(asking(model, max_tokens=3))).choices
    assert time.monotonic() - begun < SOON


def test_a_load_whose_caller_has_gone_is_there_for_the_next(models: Path, book: list[str]) -> None:
    line = Line(lambda weights: Watched(weights, book, pause=0.5))
    gateway = LocalGateway(line)
    with pytest.raises(TransientError, match="no whole answer within") as caught:
        gateway.send(asking(name(models), timeout=0.1))
    assert (caught.value.attempts, caught.value.raw_text) == ((), "")
    assert gateway.send(asking(name(models), max_tokens=3)).choices
    line.close()
    assert book == ["load tiny", "unload tiny"]


def test_a_file_that_cannot_be_loaded_fails_alone(models: Path, tmp_path: Path, gateway: LocalGateway) -> None:
    whole = (models / "tiny.gguf").read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[: len(whole) // 2])
    assert gateway.send(asking(name(models), max_tokens=3)).choices
    with pytest.raises(UnknownModel, match=r"cannot load .*cut\.gguf") as caught:
        gateway.send(asking(name(tmp_path, "cut")))
    assert "?verbosity=1" in caught.value.hint
    assert caught.value.model == name(tmp_path, "cut")
    assert gateway.send(asking(name(models), max_tokens=3)).choices


def test_an_engine_that_fails_on_loading_is_tried_again_by_the_next(models: Path) -> None:
    failures = [MemoryError("no room"), OSError("the disk is gone")]

    def load(weights: Weights) -> Engine:
        if failures:
            raise failures.pop()
        return Engine(weights)

    line = Line(load)
    gateway = LocalGateway(line)

    def ask(_: int) -> Response | str:
        try:
            return gateway.send(asking(name(models), max_tokens=3))
        except Exception as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    line.close()
    assert sum(isinstance(each, Response) for each in found) == 2
    assert any("no room" in str(each) for each in found)


async def test_a_line_that_was_closed_takes_nobody(models: Path, line: Line, gateway: LocalGateway) -> None:
    running = asyncio.create_task(streamed(gateway, asking(name(models, context=100_000), **LONG)))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(line.close)
    assert not line._running
    with pytest.raises(Exception, match="ending"):
        await gateway.asend(asking(name(models)))
    running.cancel()


def test_a_request_says_what_it_was(models: Path, gateway: LocalGateway) -> None:
    request: Request = asking(name(models, "nowhere"))
    with pytest.raises(UnknownModel) as caught:
        gateway.send(request)
    assert caught.value.model == request.model
