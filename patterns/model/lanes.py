"""What the calls of this process share about one model at one host: a bounded registry, thrown away after a fork."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from patterns.exchange import Request

T = TypeVar("T")

_MOST = 256
"""Lanes that are remembered; the one that was not used for the longest goes first."""


class Lane(NamedTuple):
    """One model at one host (with its port); the host is empty where the provider's own is asked.

    A tuple, for it is looked up in every registry by every call, and a tuple is hashed and compared in C.
    """

    model: str
    host: str


def lane_of(request: Request) -> Lane:
    return lane(request.model, host_of(request.options.api_base or ""))


lane = lru_cache(maxsize=_MOST)(Lane)
"""The one lane of a model at a host: every call in flight holds it."""


@lru_cache(maxsize=_MOST)
def host_of(api_base: str) -> str:
    """Host and port of an address, without user, password or path."""
    return urlsplit(api_base).netloc.rpartition("@")[2]


def on_this_machine(host: str) -> bool:
    """Tell whether a host, without its port, is this very machine."""
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


class Registry(Generic[T]):
    """One thing for each lane, made when it is first asked for."""

    def __init__(self, make: Callable[[Lane], T]) -> None:
        self._make = make
        self.forget()
        forgetting(self.forget)

    def of(self, lane: Lane) -> T:
        with self._lock:
            found = self._things.get(lane)
            if found is None:
                found = self._things[lane] = self._make(lane)
                if len(self._things) > _MOST:
                    self._things.popitem(last=False)
            else:
                self._things.move_to_end(lane)
            return found

    def all(self) -> list[T]:
        with self._lock:
            return list(self._things.values())

    def forget(self) -> None:
        """Start anew. Another thread may hold the lock at the moment of a fork, so that the child needs its own."""
        self._lock = threading.Lock()
        self._things: OrderedDict[Lane, T] = OrderedDict()


_forgetting: list[Callable[[], None]] = []
"""What forgets each registry: there are few, and they live as long as the process."""


def forgetting(each: Callable[[], None]) -> None:
    """Have this called, too, when what was learnt is to be forgotten."""
    _forgetting.append(each)


def forget() -> None:
    """Forget what was learnt about all models."""
    for each in _forgetting:
        each()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
