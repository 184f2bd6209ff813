"""Event loops of several threads: what is kept for each of them is looked through while others come and go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from patterns.model.client import litellm
from patterns.model.connections import tend
from patterns.model.fast.sessions import session


class Meanwhile(asyncio.SelectorEventLoop):
    """A loop that lets other threads go first when it is asked whether it is closed, as any Python code may."""

    first: Callable[[], None] | None = None

    def is_closed(self) -> bool:
        first, self.first = self.first, None
        if first is not None:
            thread = threading.Thread(target=first)
            thread.start()
            thread.join()
        return super().is_closed()


async def tended() -> None:
    await tend(litellm())


@pytest.mark.parametrize("kept", [session, tended])
def test_another_thread_may_begin_and_end_a_loop_while_one_looks_for_closed_ones(kept: Callable[[], Any]) -> None:
    stays, begun = asyncio.new_event_loop(), Meanwhile()

    def other() -> None:
        asyncio.run(kept())  # begins and ends
        stays.run_until_complete(kept())

    def close(loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    begun.run_until_complete(kept())
    begun.first = other
    asyncio.run(kept())
    assert begun.first is None, "nobody looked"
    close(stays)
    close(begun)
