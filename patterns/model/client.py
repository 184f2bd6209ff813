"""Imports litellm: late, once, here only, and without its side effects."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from types import ModuleType

from patterns.model.mended import mend

_lock = threading.Lock()
_DEFAULTS: Mapping[str, str] = {
    # Without it the import fetches a price list from the network.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    # Without it the first call to Anthropic fetches a list of headers from the network.
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    # Without it the import reads a `.env` of whoever owns the working directory.
    "LITELLM_MODE": "PRODUCTION",
}
_LISTENERS = ("callbacks", "success_callback", "failure_callback", "_async_success_callback", "_async_failure_callback")


def litellm() -> ModuleType:
    """Give litellm, imported on the first call (some two seconds). What the user set before is left as it is."""
    known = loaded()
    if known is None:
        with _lock:
            known = loaded() or _import(_at_once)
    mend(known)
    return known


def loaded() -> ModuleType | None:
    """Give litellm if it is imported and whole, else None."""
    if (module := sys.modules.get("litellm")) is None:
        return None
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


def beforehand(load: Callable[[], ModuleType]) -> None:
    """Have litellm imported by `load`, as `litellm()` would do it; whoever needs it meanwhile waits there.

    Where it is imported already, or just now, nothing is done. Raises what `load` raises.
    """
    if loaded() is None and _lock.acquire(blocking=False):
        try:
            module = loaded() or _import(load)
        finally:
            _lock.release()
        mend(module)


def _import(load: Callable[[], ModuleType]) -> ModuleType:
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    ours = "litellm" not in sys.modules
    module = load()
    if ours:
        _quieten(module)
    return module


def _at_once() -> ModuleType:
    collecting = gc.isenabled()
    gc.disable()  # the import makes a million objects that all stay: a fifth of its time is spent looking for garbage
    try:
        return import_module("litellm")
    finally:
        if collecting:
            gc.enable()


def _quieten(module: ModuleType) -> None:
    """Keep what nobody can act on off the user's terminal."""
    # Else it prints advertisements for its issue tracker to stdout on every error.
    module.suppress_debug_info = True  # type: ignore[attr-defined]
    if not os.environ.get("LITELLM_LOG"):
        # Its warnings are about its own guesses, such as a finish reason it does not know; we look ourselves.
        logging.getLogger("LiteLLM").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier")
    # The Responses API by way of litellm: it puts its own count of tokens into a model that holds another.
    warnings.filterwarnings("ignore", message=r"Pydantic serializer warnings:\s+.*`ResponseAPIUsage`")
    # litellm writes down counts of tokens and parts of answers, for itself, as what they are not declared to be.
    warnings.filterwarnings(
        "ignore", message=r"Pydantic serializer warnings:\s.*\(Expected `(?:ResponseAPI|ContentPart)"
    )


def retries_by_itself(module: ModuleType) -> bool:
    """Tell whether `litellm.completion` would retry on its own: it takes our 0 for no word at all."""
    return bool(getattr(module, "num_retries", None))


def _forget_connections() -> None:
    """Drop litellm's kept connections in a forked child: the sockets are its parent's."""
    if (module := loaded()) is not None:
        module.in_memory_llm_clients_cache.flush_cache()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_connections)


@contextlib.contextmanager
def unheard(module: ModuleType) -> Iterator[None]:
    """Skip litellm's logging in here when nobody has set a callback: it is a tenth of the cost of a call."""
    mark = _internal()
    if mark is None or somebody_listens(module):
        yield
        return
    token = mark.set(True)
    try:
        yield
    finally:
        mark.reset(token)


def somebody_listens(module: ModuleType) -> bool:
    """Tell whether a callback is set. litellm's adapter for Gemini sets `cache`, which does nothing without a cache."""
    if getattr(module, "cache", None) is not None:
        return True
    return any(heard != "cache" for heard in listeners(module))


def listeners(module: ModuleType) -> Iterator[object]:
    """The callbacks that are set in litellm: functions, objects, or names of such that litellm brings along."""
    return (heard for name in _LISTENERS for heard in getattr(module, name, None) or ())


@cache
def _internal() -> ContextVar[bool] | None:
    """litellm's own mark of calls that are not to be logged; None where it is too old to have one."""
    try:
        from litellm._internal_context import is_internal_call
    except ImportError:
        return None
    mark: ContextVar[bool] = is_internal_call
    return mark
