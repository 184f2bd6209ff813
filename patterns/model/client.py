"""Imports litellm: late, once, here only, and without its side effects."""

from __future__ import annotations

import gc
import os
import sys
import threading
import warnings
from collections.abc import Mapping
from types import ModuleType

_lock = threading.Lock()
_DEFAULTS: Mapping[str, str] = {
    # Without it the import fetches a price list from the network.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    # Without it the import reads a `.env` of whoever owns the working directory.
    "LITELLM_MODE": "PRODUCTION",
}
_LISTENERS = ("callbacks", "success_callback", "failure_callback", "_async_success_callback", "_async_failure_callback")


def litellm() -> ModuleType:
    """Give litellm, imported on the first call (some two seconds). What the user set before is left as it is."""
    if (known := loaded()) is not None:
        return known
    with _lock:
        if (known := loaded()) is None:
            known = _import()
    return known


def loaded() -> ModuleType | None:
    """Give litellm if it is imported and whole, else None."""
    module = sys.modules.get("litellm")
    spec = getattr(module, "__spec__", None)
    return None if module is None or getattr(spec, "_initializing", False) else module


def _import() -> ModuleType:
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    ours = "litellm" not in sys.modules
    collecting = gc.isenabled()
    gc.disable()  # the import makes a million objects that all stay: a fifth of its time is spent looking for garbage
    try:
        import litellm as module
    finally:
        if collecting:
            gc.enable()
    if ours:
        _quieten(module)
    return module


def _quieten(module: ModuleType) -> None:
    """Keep what nobody can act on off the user's terminal."""
    # Else it prints advertisements for its issue tracker to stdout on every error.
    module.suppress_debug_info = True  # type: ignore[attr-defined]
    warnings.filterwarnings("ignore", message="Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier")


def retries_by_itself(module: ModuleType) -> bool:
    """Tell whether `litellm.completion` would retry on its own: it takes our 0 for no word at all."""
    return bool(getattr(module, "num_retries", None))


def _forget_connections() -> None:
    """Drop litellm's kept connections in a forked child: the sockets are its parent's."""
    if (module := loaded()) is not None:
        module.in_memory_llm_clients_cache.flush_cache()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_connections)


def nobody_listens(module: ModuleType) -> bool:
    """Tell whether no callback is set in litellm, so that its logging would be work for nobody."""
    return not any(getattr(module, name, None) for name in _LISTENERS)


def mark_internal() -> None:
    """Tell litellm to skip its logging for the calls of this task: a tenth of the cost of a call."""
    try:
        from litellm._internal_context import is_internal_call
    except ImportError:  # an older litellm, which logs
        return
    is_internal_call.set(True)
