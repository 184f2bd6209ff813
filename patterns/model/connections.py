"""Closes the connections that litellm keeps for an event loop when that loop ends; litellm leaves them open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from types import ModuleType
from weakref import WeakKeyDictionary

Guard = AsyncGenerator[None, None]

_guards: WeakKeyDictionary[asyncio.AbstractEventLoop, Guard] = WeakKeyDictionary()


async def tend(litellm: ModuleType) -> None:
    """See to it that the running loop's connections are closed with it.

    A loop that ends in order (`asyncio.run`, a notebook, the portal) closes its async generators: we leave one
    waiting on it, and close with it.
    """
    loop = asyncio.get_running_loop()
    if loop in _guards:
        return
    for other in [known for known in _guards if known.is_closed()]:
        del _guards[other]
    _guards[loop] = guard = _guard(litellm)
    await anext(guard)


async def _guard(litellm: ModuleType) -> Guard:
    loop = asyncio.get_running_loop()
    try:
        yield
    finally:
        _guards.pop(loop, None)
        clients = getattr(getattr(litellm, "in_memory_llm_clients_cache", None), "cache_dict", {})
        shared = [*clients.values(), vars(litellm).get("module_level_aclient")]
        for name in [name for name in list(clients) if str(name).endswith(f"-{id(loop)}")]:
            await _close(clients.pop(name, None))
        for client in shared:
            await _close_session(client, loop)


async def _close(client: object) -> None:
    """Close a client that litellm keeps for one loop only, by whichever of the usual names it has for that."""
    for name in ("aclose", "close"):
        if (close := getattr(client, name, None)) is not None:
            with contextlib.suppress(Exception):
                done = close()
                if asyncio.iscoroutine(done):
                    await done
            return


async def _close_session(client: object, loop: asyncio.AbstractEventLoop) -> None:
    """Close the session that a client shared by all loops has opened on this one; it opens another when asked."""
    inner = getattr(client, "client", None) or getattr(client, "_client", None)
    session = getattr(getattr(inner, "_transport", None), "client", None)
    if getattr(session, "_loop", None) is loop:
        with contextlib.suppress(Exception):
            await session.close()  # type: ignore[union-attr]
