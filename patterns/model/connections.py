"""Closes the connections that litellm keeps for an event loop when that loop ends; litellm leaves them open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from types import ModuleType

Guard = AsyncGenerator[None, None]

_guards: dict[asyncio.AbstractEventLoop, Guard] = {}
"""By their loops, of which each thread may have one: only looked at and changed in single steps of a plain dict."""


async def tend(litellm: ModuleType) -> None:
    """See to it that the running loop's connections are closed with it.

    A loop that ends in order (`asyncio.run`, a notebook, the portal) closes its async generators: we leave one
    waiting on it, and close with it.
    """
    loop = asyncio.get_running_loop()
    if loop in _guards:
        return
    for other in list(_guards):
        if other.is_closed():
            _guards.pop(other, None)
    _guards[loop] = guard = _guard(litellm)
    await anext(guard)


async def _guard(litellm: ModuleType) -> Guard:
    loop = asyncio.get_running_loop()
    try:
        yield
    finally:
        _guards.pop(loop, None)
        clients = getattr(getattr(litellm, "in_memory_llm_clients_cache", None), "cache_dict", {})
        everybodys = [*clients.values(), vars(litellm).get("module_level_aclient")]
        ours = [clients.pop(name) for name in list(clients) if str(name).endswith(f"-{id(loop)}")]
        for client in everybodys:
            with contextlib.suppress(Exception):
                await _close(client, loop, alone=client in ours)


async def _close(client: object, loop: asyncio.AbstractEventLoop, *, alone: bool) -> None:
    """Close what a client has opened on this loop. One that is kept for this loop alone is closed for good,
    if it is not of the kind that opens another session when it is asked again: others may hold it still."""
    inner = getattr(client, "client", None) or getattr(client, "_client", None)
    session = getattr(getattr(inner, "_transport", None), "client", None)
    if session is not None and getattr(session, "_loop", None) is loop:
        await session.close()
    elif alone and session is None and inner is not None:
        await inner.aclose()
