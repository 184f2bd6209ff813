"""The package's own event loop, on a thread of its own, so that blocking verbs work inside any running loop."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from typing import TypeVar

T = TypeVar("T")

_GOODBYE = 2.0
"""Seconds that closing may take at the end of the program."""


class Portal:
    """An event loop on a daemon thread. Work handed in runs in a copy of the caller's context."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._turn, name="patterns-portal", daemon=True)
        self._thread.start()

    def _turn(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    @property
    def here(self) -> bool:
        """Whether the caller is on the loop's own thread, where waiting for the loop is waiting for ever."""
        return threading.current_thread() is self._thread

    def submit(self, work: Coroutine[object, object, T]) -> Future[T]:
        """Start `work` on the loop; cancelling the future cancels the work."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def run(self, work: Coroutine[object, object, T], patience: float | None = None) -> T:
        """Block until `work` is done. After `patience` seconds, or when interrupted, cancel it and raise."""
        if self.here:
            work.close()
            raise RuntimeError("a blocking call was made on the portal's own thread; use the async verb there")
        future = self.submit(work)
        try:
            return future.result(patience)
        except CancelledError:
            raise TimeoutError("the work was cancelled") from None
        except BaseException:
            future.cancel()
            raise

    def iterate(self, source: AsyncIterator[T]) -> Iterator[T]:
        """Yield what `source` yields, item by item as it comes, to a caller that blocks."""
        arrived: queue.SimpleQueue[_Item[T]] = queue.SimpleQueue()
        future = self.submit(_pump(source, arrived.put))
        try:
            while (item := arrived.get()) is not None:
                yield item[0]
            future.result()
        finally:
            _settle(future)

    def close(self) -> None:
        """Stop the loop: cancel what runs, close what was opened."""
        if not self._thread.is_alive():
            return
        with contextlib.suppress(Exception):
            self.submit(self._farewell()).result(_GOODBYE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_GOODBYE)
        if not self._thread.is_alive():
            self.loop.close()

    async def _farewell(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.loop.shutdown_asyncgens()


_Item = tuple[T] | None
"""What travels from a pump: a value in a box, or None at the end."""


async def _pump(source: AsyncIterator[T], put: Callable[[_Item[T]], None]) -> None:
    """Hand every item of `source` to `put`, then None, whatever happens; close the source."""
    try:
        async for item in source:
            put((item,))
    finally:
        try:
            close = getattr(source, "aclose", None)
            if close is not None:
                await close()
        finally:
            put(None)


def _settle(future: Future[None]) -> None:
    """Cancel a pump and wait until it has closed its source."""
    future.cancel()
    with contextlib.suppress(CancelledError, Exception):
        future.result(_GOODBYE)


_lock = threading.Lock()
_portal: Portal | None = None


def portal() -> Portal:
    """The one portal of this process."""
    global _portal
    if _portal is None:
        with _lock:
            if _portal is None:
                _portal = Portal()
    return _portal


def _forget() -> None:
    """Start anew in a forked child: threads do not survive a fork, and sockets must not be shared."""
    global _portal, _lock
    _portal, _lock = None, threading.Lock()


def _close() -> None:
    if _portal is not None:
        _portal.close()


atexit.register(_close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
