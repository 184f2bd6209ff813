"""Kept connections for blocking calls: one caller has one at a time, and waits on it until its deadline at most."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
import time
import zlib
from collections import deque
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from ssl import SSLWantReadError
from typing import Any, NamedTuple, cast
from urllib.parse import quote, urlsplit

from patterns.model.fast.post import Headers, Letter
from patterns.model.fast.troubles import APIConnectionError
from patterns.model.fast.trust import IDLE, authorities
from patterns.model.hands import HANDS

_CONNECTING = 15.0
"""Seconds that one address of a host gets to answer; there may be others behind it."""
_MOST_IDLE = 64
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_ZLIB = zlib.MAX_WBITS | 32
"""zlib finds out by itself how a body is packed, which nobody asked for."""
_CLOSE, _NO_TIME = 0.05, 1e-6
"""Seconds: a wait that ends this near the deadline was ended by it; and the least that a socket can wait."""
_SAFE = "/%?=&:@!$'()*+,;~-._"
"""What stays as it is in an address."""


class Said(NamedTuple):
    """A whole reply."""

    status: int
    headers: Headers
    data: bytes


class Host(NamedTuple):
    """A server. The port is None where it is the usual one."""

    secure: bool
    name: str
    port: int | None


def asked(letter: Letter, until: float) -> Said:
    """Send a letter and read the whole reply before `until`, a moment of the monotonic clock.

    Raises TimeoutError then, and APIConnectionError for a line that breaks or a reply that is no HTTP. A letter that
    may have arrived is never sent a second time.
    """
    host, start = _addressed(letter.url)
    line = _kept(host) or _opened(host, until)
    try:
        said = _through(line, start, letter, until)
    except BaseException as error:
        line.close()
        raise _broken(error, until) from None
    if line.sock is not None:
        _keep(host, line)
    return said


def _through(line: HTTPConnection, start: tuple[str, str], letter: Letter, until: float) -> Said:
    """One exchange. Head and body leave together: `http.client` would send them one after the other."""
    line.sock.settimeout(_left(until) or _NO_TIME)
    line.sock.sendall(_head(*start, letter) + letter.body)
    with HTTPResponse(cast("Any", _Clocked(line.sock, until)), method="POST") as reply:
        reply.begin()
        data = reply.read()
    if reply.will_close:
        line.close()
    headers = {name.lower(): value for name, value in reply.headers.items()}
    packed = headers.get("content-encoding", "").lower() in _PACKED
    return Said(reply.status, headers, zlib.decompress(data, _ZLIB) if packed else data)


def _head(first: str, host: str, letter: Letter) -> bytes:
    """All that goes before the body. Raises ValueError for a line break in a header, without the words of it.

    What the user gives as a header goes before our own, but for the length of the body.
    """
    headers: dict[str, object] = {"host": host, "accept-encoding": "identity"}
    headers.update((name.lower(), value) for name, value in letter.headers.items())
    headers["content-length"] = len(letter.body)
    lines = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
    if lines.count("\r") + lines.count("\n") != 2 * len(headers) or "\0" in lines:
        raise ValueError("a header, such as that of the key, holds a line break")
    return f"{first}{lines}\r\n\r\n".encode()


class _Clocked:
    """A socket that is read until a moment, as `http.client` wants one."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until = sock, until

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Bytes(self._sock, self._until))


class _Bytes(RawIOBase):
    """The bytes out of a socket. Each wait is as long as what is left: to send them one by one gains nobody time."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until = sock, until
        self._raw = sock.makefile("rb", 0)  # keeps the socket open for what is still to be read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._until) or _NO_TIME)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.0)


@lru_cache(maxsize=256)
def _addressed(url: str) -> tuple[Host, tuple[str, str]]:
    """The server of an address; the first line of a request for what is there, and the server's name in it."""
    parts = urlsplit(url)
    host = Host(parts.scheme == "https", parts.hostname or "", parts.port)
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    named = parts.netloc.rpartition("@")[2].encode("idna").decode()
    return host, (f"POST {target} HTTP/1.1", named)


def _opened(host: Host, until: float) -> HTTPConnection:
    """Connect, on a thread of its own: the search for a name cannot be cut off from outside."""
    for waiting in list(_idle.values()):  # also of hosts that nobody asks any more
        _let_go(waiting)
    patience = _left(until)
    line = (
        HTTPSConnection(host.name, host.port, timeout=min(patience, _CONNECTING), context=authorities())
        if host.secure
        else HTTPConnection(host.name, host.port, timeout=min(patience, _CONNECTING))
    )
    given_up = threading.Event()

    def connect() -> None:
        line.connect()
        if given_up.is_set():
            line.close()

    try:
        HANDS.run(connect, patience)
    except BaseException as error:
        given_up.set()
        line.close()
        raise _broken(error, until) from None
    return line


def _broken(error: BaseException, until: float) -> BaseException:
    """What an error on the line is: the deadline, a connection that broke, or none of the network's business."""
    if isinstance(error, TimeoutError) and _left(until) < _CLOSE:
        return error
    return APIConnectionError(error) if isinstance(error, OSError | HTTPException | zlib.error) else error


_idle: dict[Host, deque[tuple[HTTPConnection, float]]] = {}
_parents: list[object] = []
"""Connections of the process that this one was forked from: not ours to close."""


def _kept(host: Host) -> HTTPConnection | None:
    """A connection that is open on the other side, too: the one that was used last."""
    waiting = _idle.get(host)
    while waiting:
        try:
            line, since = waiting.pop()
        except IndexError:  # another thread was faster
            break
        if time.monotonic() - since < IDLE and _is_open(line.sock):
            return line
        line.close()
    return None


def _keep(host: Host, line: HTTPConnection) -> None:
    waiting = _idle.setdefault(host, deque())
    _let_go(waiting)
    if len(waiting) < _MOST_IDLE:
        waiting.append((line, time.monotonic()))
    else:
        line.close()


def _let_go(waiting: deque[tuple[HTTPConnection, float]]) -> None:
    """Close those that have waited too long, which are the first: who asks takes the last."""
    until = time.monotonic() - IDLE
    with contextlib.suppress(IndexError):  # none is left, or another thread was faster
        while waiting[0][1] < until:
            line, since = waiting.popleft()
            if since >= until:  # another one than was looked at
                waiting.append((line, since))
                return
            line.close()


def _is_open(sock: socket.socket) -> bool:
    """Tell a connection on which nothing came unasked, which would be its end; TLS may have had words of its own."""
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, SSLWantReadError):
        return True
    except OSError:
        return False
    return False


def close() -> None:
    """Close what is kept."""
    while _idle:
        _, waiting = _idle.popitem()
        for line, _ in waiting:
            line.close()


def _forget() -> None:
    """Leave the parent's sockets alone in a forked child."""
    _parents.extend(_idle.values())
    _idle.clear()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
