"""`show`: a value drawn where people are, and a stream that grows there in one place."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

from patterns.events import Event, Finished, listen
from patterns.exchange import Result

T = TypeVar("T")

_PAUSE = 0.1
"""Seconds between two drawings at least, and four times what the last one took."""


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """What a stream came to: its last value, or all of them where they were gathered, and the whole story.

    `result` is None for a stream that is none of a pattern's. A notebook does not draw this again.
    """

    output: T
    result: Result[object] | None = None

    def _ipython_display_(self) -> None:
        """It has just been shown."""


@overload
def show(value: AsyncIterator[T], *, gather: bool = False) -> Awaitable[Shown[T]]: ...  # type: ignore[overload-overlap]
@overload
def show(value: Iterator[T], *, gather: bool = False) -> Shown[T]: ...
@overload
def show(value: object, *, gather: bool = False) -> Shown[object]: ...
def show(value: object, *, gather: bool = False) -> object:
    """Draw a value where you are: in a notebook as HTML, else on stdout.

    A stream is drawn in one place while it grows, at most ten times a second, and at its end with its whole story.
    Give what `stream` gives, or await it with what `astream` gives. `gather` keeps all values, for `stream_items`.
    Raises what the stream raises; what had come until then stays in sight.
    """
    if hasattr(value, "__anext__"):
        return _agrown(value, gather)  # type: ignore[arg-type]
    if hasattr(value, "__next__"):
        return _grown(value, gather)  # type: ignore[arg-type]
    with _place() as draw:
        draw(value)
    return Shown(value)


def _grown(stream: Iterator[object], gather: bool) -> Shown[object]:
    heard = _Heard()
    with _place() as draw, listen(heard):
        growing = _Growing(draw, gather)
        for value in growing.through(stream):
            growing.take(value)
        return growing.end(heard)


async def _agrown(stream: AsyncIterator[object], gather: bool) -> Shown[object]:
    heard = _Heard()
    with _place() as draw, listen(heard):
        growing = _Growing(draw, gather)
        try:
            async for value in stream:
                growing.take(value)
        except BaseException:
            growing.draw_last()
            raise
        return growing.end(heard)


class _Heard:
    """The result of the call that was heard to finish while its stream was shown."""

    def __init__(self) -> None:
        self.result: Result[object] | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, Finished):
            self.result = event.result


class _Growing:
    """A value that is drawn anew now and then while others take its place."""

    def __init__(self, draw: Callable[[object], None], gather: bool) -> None:
        self._draw, self._gather = draw, gather
        self._all: list[object] = []
        self._value: object = None
        self._next = 0.0
        self._begun = False

    def through(self, stream: Iterator[object]) -> Iterator[object]:
        """Pass a stream on; where it breaks, draw what had come."""
        try:
            yield from stream
        except BaseException:
            self.draw_last()
            raise

    def take(self, value: object) -> None:
        self._begun = True
        if self._gather:
            self._all.append(value)
        self._value = self._all if self._gather else value
        now = time.monotonic()
        if now >= self._next:
            self._draw(self._value)
            done = time.monotonic()
            self._next = done + max(_PAUSE, 4 * (done - now))

    def draw_last(self) -> None:
        if self._begun:
            self._draw(self._value)

    def end(self, heard: _Heard) -> Shown[object]:
        """Draw the whole: with its story, where the call that was heard is the one that was shown."""
        result = heard.result
        if result is not None and result.output != self._value:
            result = None
        self._draw(self._value if result is None else result)
        return Shown(self._value, result)


@contextmanager
def _place() -> Iterator[Callable[[object], None]]:
    """A place on the page, or on the screen, that is drawn anew at each call."""
    if _in_kernel():
        yield _cell()
        return
    from patterns.display.console import told  # what draws is loaded before the first drawing is timed
    from patterns.terminal import console

    out = console()
    if not out.is_terminal:
        yield from _once(lambda value: out.print(told(value)))
        return
    from rich.live import Live

    with Live(console=out, auto_refresh=False, vertical_overflow="crop") as live:
        last: list[object] = []

        def draw(value: object) -> None:
            last[:] = [value]
            live.update(told(value), refresh=True)

        try:
            yield draw
        finally:
            live.vertical_overflow = "visible"
            live.refresh()


def _once(draw: Callable[[object], None]) -> Iterator[Callable[[object], None]]:
    """Where nothing can be drawn over, the last is drawn alone."""
    last: list[object] = []
    try:
        yield lambda value: last.__setitem__(slice(None), [value])
    finally:
        for value in last:
            draw(value)


def _cell() -> Callable[[object], None]:
    from IPython.display import display

    from patterns.display.console import written
    from patterns.display.whole import html

    handle = None

    def draw(value: object) -> None:
        nonlocal handle
        bundle = {"text/html": html(value), "text/plain": written(value)}
        if handle is None:
            handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call, unused-ignore]
        else:
            handle.update(bundle, raw=True)

    return draw


def _in_kernel() -> bool:
    """Whether a page shows what is displayed: a kernel does, IPython in a terminal does not."""
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    return shell is not None and getattr(shell, "kernel", None) is not None
