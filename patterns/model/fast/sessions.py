"""One pooled HTTP session for each event loop: made when first asked for, and closed together with its loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from patterns.model.fast.trust import IDLE

if TYPE_CHECKING:
    from aiohttp import ClientSession

Guard = AsyncGenerator["ClientSession", None]

_open: dict[asyncio.AbstractEventLoop, tuple[Guard, ClientSession]] = {}
"""By their loops, of which each thread may have one: only looked at and changed in single steps of a plain dict."""
_parents: list[object] = []
"""Sessions of the process that this one was forked from: not ours to close."""


async def session() -> ClientSession:
    """The session of the running loop. A loop that ends in order closes its async generators, and so the session."""
    loop = asyncio.get_running_loop()
    if (known := _open.get(loop)) is not None and not known[1].closed:
        return known[1]
    for other in list(_open):
        if other.is_closed():
            _open.pop(other, None)
    guard = _guard(loop)
    made = await anext(guard)
    _open[loop] = guard, made
    return made


async def _guard(loop: asyncio.AbstractEventLoop) -> Guard:
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

    # The deadline of a request is kept by who asks; how many ask at once, the policies decide.
    made = ClientSession(
        connector=TCPConnector(limit=0, keepalive_timeout=IDLE),
        timeout=ClientTimeout(total=None, sock_connect=None),
        cookie_jar=DummyCookieJar(),
    )
    try:
        yield made
    finally:
        _open.pop(loop, None)
        await made.close()


def _forget() -> None:
    """Leave the parent's sockets alone in a forked child."""
    _parents.extend(_open.values())
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
