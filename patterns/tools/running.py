"""An errand done: the function called on a thread or awaited on a loop, timed, told as events, and never in silence."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self

from patterns.errors import PatternsError
from patterns.events import ToolRan, ToolStarted, emit
from patterns.exchange import ToolRun
from patterns.model.steps import running_loop
from patterns.model.work import Job
from patterns.tools.errands import Errand
from patterns.tools.functions import Function
from patterns.tools.outcome import text_of, words_of


def job_of(errand: Errand, function: Function, pattern: str, turn: int) -> Job:
    """Make the job that gives the `ToolRun` of an errand. Our own errors go through, and end the call."""
    arguments = function.bound(errand.values)

    def blocking() -> ToolRun:
        with _Telling(errand, pattern, turn) as told:
            told.take(function.given(*arguments.args, **arguments.kwargs))
        return told.run

    async def awaited() -> ToolRun:
        with _Telling(errand, pattern, turn) as told:
            told.take(await function.given(*arguments.args, **arguments.kwargs))  # type: ignore[misc]
        return told.run

    return Job(awaited=awaited) if function.awaited else Job(blocking=blocking)


def undone(errand: Errand, turn: int, why: str) -> ToolRun:
    """The account of an errand that gave nothing: it was kept back, or left when the call ended."""
    call = errand.call
    return ToolRun(call.id, call.name, call.arguments, error=why, repairs=errand.repairs, turn=turn)


class _Telling:
    """The time in which a function runs: begins and ends with an event, and keeps what came of it."""

    def __init__(self, errand: Errand, pattern: str, turn: int) -> None:
        self._errand, self._pattern, self._turn = errand, pattern, turn
        self._output, self._error = "", ""

    def __enter__(self) -> Self:
        emit(ToolStarted(self._pattern, self._errand.call))
        self._started = time.perf_counter()
        return self

    def take(self, value: object) -> None:
        self._output = text_of(value)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            self._error = words_of(error) or type(error).__name__
        call, errand = self._errand.call, self._errand
        seconds = time.perf_counter() - self._started
        self.run = ToolRun(
            call.id, call.name, call.arguments, self._output, self._error or None, seconds, errand.repairs, self._turn
        )
        emit(ToolRan(self._pattern, self.run, None if kind is None else kind.__name__))
        return _is_told(error)


def _is_told(error: BaseException | None) -> bool:
    """Whether the model is told of an error; others go through: ours, an exit, the end of the waiting for it."""
    if isinstance(error, asyncio.CancelledError):  # from within the tool, or is nobody waiting any more?
        task = asyncio.current_task() if running_loop() else None
        return task is None or not task.cancelling()
    return isinstance(error, Exception) and not isinstance(error, PatternsError)
