"""Ctrl-C at any moment of a blocking call: what it held is free again, and the next call goes as ever."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, FrameType

import pytest

import patterns
from patterns.events import CircuitChanged, listen
from patterns.exchange import Choice, Options, Request, Response, Usage
from patterns.ledger import Ledger
from patterns.messages import Message
from patterns.model import meters
from patterns.model.circuits import PAUSE, Gate, circuits
from patterns.model.flights import FLIGHTS, Flights
from patterns.model.lanes import Lane
from patterns.model.policies.breaker import guarded
from patterns.model.policies.budget import budgeted
from patterns.model.policies.cache import caching
from patterns.model.policies.throttle import throttled
from patterns.model.steps import ask, drive
from patterns.model.store import Store
from tests.model.policies.driving import Clock, trip

REQUEST = Request("m", (Message("user", "Who?"),), Options(timeout=10.0))
HOME = str(Path(patterns.__file__).parent)
GIVING_BACK = frozenset(method.__code__ for method in (Gate.leave, Flights.land, Ledger.settle, meters.Meter.settle))
"""What frees is not itself interrupted here: an interrupt that comes a second time, or in these microseconds."""


@contextmanager
def interrupted(at: int) -> Iterator[list[str]]:
    """Raise KeyboardInterrupt where the `at`th function of the package begins, as Python does for a signal.

    Not in a generator expression: it may be just being thrown away, and Python passes over what is raised then.
    """
    begun: list[str] = []

    def trace(frame: FrameType, event: str, arg: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(HOME) and code.co_name != "<genexpr>" and not frees(frame):
            begun.append(f"{code.co_filename}:{code.co_name}")
            if len(begun) == at:
                raise KeyboardInterrupt

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield begun
    finally:
        sys.settrace(before)


def frees(frame: FrameType | None) -> bool:
    codes: list[CodeType] = []
    while frame is not None:
        codes.append(frame.f_code)
        frame = frame.f_back
    return not GIVING_BACK.isdisjoint(codes)


class Answering:
    """A model that answers at once. What it says is cut off, and so never kept."""

    cacheable = paid = True

    def send(self, request: Request) -> Response:
        return Response((Choice("yes", finish_reason="length"),), "m", Usage(5, 1), 0.5)


def test_wherever_a_call_is_interrupted_it_leaves_nothing_behind(tmp_path: Path) -> None:
    ledger, store = Ledger(1000.0), Store(tmp_path / "answers.sqlite")
    policy = budgeted(ask, [ledger], lambda request, room: 1.0)
    policy = throttled(policy, rpm=10**9, tpm=10**9, count=lambda request: 5)
    policy = caching(guarded(policy, waits=lambda request: True), store)

    def call() -> None:
        drive(policy(REQUEST, trip()), Answering())  # type: ignore[arg-type]

    call()
    at = 0
    while True:
        at += 1
        with interrupted(at) as begun, suppress(KeyboardInterrupt):
            call()
        if len(begun) < at:
            break
        where = begun[-1]
        assert all(circuit.flying == circuit.waiting == 0 for circuit in circuits()), where
        assert not FLIGHTS._flying, where
        assert ledger.room == ledger.limit - ledger.spent, where
    assert at > 30
    store.close()


def test_an_interrupt_in_a_hook_does_not_keep_the_place_of_the_probe() -> None:
    clock = Clock()
    gate = Gate(Lane("m", "h"), clock=clock, draw=lambda: 1.0)
    gate.leave(gate.line_up(), "limited")
    clock.now += PAUSE

    def hook(event: object) -> None:
        if isinstance(event, CircuitChanged):
            raise KeyboardInterrupt

    with listen(hook), pytest.raises(KeyboardInterrupt):
        gate.line_up()
    assert gate.show().flying == 0
    assert gate.line_up().inside
