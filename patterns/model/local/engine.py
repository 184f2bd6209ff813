"""llama.cpp with one file of weights in memory."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import cast

from patterns.errors import ExtraMissing, UnknownModel
from patterns.model.local.weights import Weights

_BATCH = 512
"""Tokens of a prompt that are read in one go: between two of them a call can be given up."""
_PIECE = 1 << 22


class Engine:
    """A loaded model. While llama.cpp loads one, no other thread of Python runs; while it writes answers, all do."""

    def __init__(self, weights: Weights) -> None:
        """Load. Raises ExtraMissing, or UnknownModel for a file that llama.cpp does not take."""
        self.weights = weights
        server = library().Server
        parameters = _parameters(weights)
        _read_through(weights.path)
        try:
            self._server = server(parameters)
        except RuntimeError:
            failed = _unloadable(weights)
        else:
            # Once its loop has answered it runs. Closed before that, it would miss the end, and be waited for for ever.
            self._server.handle_metrics()
            return
        raise failed

    def chat(self, body: str, hear: Callable[[str], bool]) -> None:
        """Answer a request in the words of the chat-completions API, piece by piece; `hear` says True to end it."""
        self._server.handle_chat_completions(body, hear)

    def close(self) -> None:
        """Give the memory back. Nothing may be asked at the time, or later."""
        del self._server


def leave(engine: Engine | None) -> None:
    """Leave all of llama.cpp as it is in a forked child, to the end: what would take it down waits for its threads.

    Where the C library can tell the exit status to the first that is called at the end (glibc), that one ends the
    child there; Python is done by then.
    """
    import ctypes

    if engine is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine))
    c = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):
        c.on_exit(c._exit, None)


def library() -> ModuleType:
    """Import xllamacpp. Raises ExtraMissing where it is not installed."""
    try:
        import xllamacpp
    except ImportError:
        raise ExtraMissing("a model in this process (local/…)", "local") from None
    return cast("ModuleType", xllamacpp)


def _parameters(weights: Weights) -> object:
    found = library().CommonParams()
    found.model.path = str(weights.path)
    found.n_ctx = weights.context * weights.parallel
    found.n_parallel = weights.parallel
    found.n_gpu_layers = weights.gpu_layers
    found.verbosity = weights.verbosity
    found.n_batch = _BATCH
    if weights.threads:
        found.cpuparams.n_threads = found.cpuparams_batch.n_threads = weights.threads
    found.warmup = False
    # By default, up to 8 GB of earlier prompts would be kept beside the model.
    found.cache_ram_mib = 0
    # The library opens a port on loopback whether one wants it or not: nobody else is answered there.
    found.api_keys = [secrets.token_hex(32)]
    found.ui = found.endpoint_slots = False
    found.endpoint_metrics = True
    found.n_threads_http = 1
    return found


def _read_through(path: Path) -> None:
    """Have the system read the file into its memory, unless it is too big: reading lets other threads run."""
    with contextlib.suppress(OSError, ValueError, AttributeError), path.open("rb", buffering=0) as file:
        if path.stat().st_size < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2:
            piece = bytearray(_PIECE)
            while file.readinto(piece):
                pass


def _unloadable(weights: Weights) -> UnknownModel:
    try:
        size = weights.path.stat().st_size / 1e9
    except OSError:
        size = 0.0
    return UnknownModel(
        f"llama.cpp cannot load {weights.path} ({size:.2f} GB)",
        model=str(weights.path),
        hint="the file is damaged or cut off, of a make that this llama.cpp does not know, or too big for the memory; "
        "with ?verbosity=1 behind its name llama.cpp says why on stderr",
    )
