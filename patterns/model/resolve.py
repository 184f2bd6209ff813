"""Which model answers when the caller names none: one with a key, Ollama on this machine, or the rules engine."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Literal

from patterns.model.hands import HANDS
from patterns.model.known import providers
from patterns.model.lanes import on_this_machine
from patterns.model.local.weights import PREFIX
from patterns.model.ollama import address

Engine = Literal["litellm", "rules", "local"]
Probe = Callable[[str, int, float], tuple[str, ...]]

PATIENCE = 0.2
"""Seconds in which Ollama must answer."""
_NOT_CHAT = ("embed", "bge-", "minilm", "rerank")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The model that was chosen, and why, in words for the user."""

    model: str
    why: str
    engine: Engine = "litellm"


def resolve(
    model: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    offline: bool = False,
    probe: Probe | None = None,
) -> Resolution:
    """Choose a model: the named one, PATTERNS_MODEL, a provider's key, Ollama, and at last the rules engine.

    With `offline`, or PATTERNS_OFFLINE=1, nothing is looked for that would be asked over a network. A named model
    is taken as it is, whatever happens to it later.
    """
    env = os.environ if environ is None else environ
    if model:
        return _named(model, "it was named")
    if env.get("PATTERNS_MODEL"):
        return _named(env["PATTERNS_MODEL"], "PATTERNS_MODEL names it")
    if offline or env.get("PATTERNS_OFFLINE", "") not in ("", "0"):
        return Resolution("rules", "PATTERNS_OFFLINE is set, so only the embedded rules engine is left", "rules")
    return _by_key(env) or _by_ollama(env, probe or installed) or _by_nothing()


def _named(model: str, why: str) -> Resolution:
    if model.startswith(PREFIX):
        return Resolution(model, why, "local")
    return Resolution(model, why, "rules" if model == "rules" else "litellm")


def _by_key(env: Mapping[str, str]) -> Resolution | None:
    for provider in providers():
        for variable in provider.variables:
            if env.get(variable):
                return Resolution(provider.default, f"{variable} is set, and this is the provider's small model")
    return None


def _by_ollama(env: Mapping[str, str], probe: Probe) -> Resolution | None:
    """Ask Ollama what is installed; elsewhere than on loopback nothing is probed unasked."""
    _, host, port = address(env)
    if not on_this_machine(host):
        return None
    names = [name for name in probe(host, port, PATIENCE) if not any(word in name for word in _NOT_CHAT)]
    if not names:
        return None
    return Resolution(
        f"ollama_chat/{names[0]}", f"Ollama answers on {host}:{port}, and this is its smallest chat model"
    )


def _by_nothing() -> Resolution:
    return Resolution("rules", "no model was named, no provider's key is set, and no Ollama answers here", "rules")


def installed(host: str, port: int, seconds: float) -> tuple[str, ...]:
    """The models installed in the Ollama at this address, the smallest first; none when it does not answer in time."""
    try:
        return HANDS.run(lambda: _tags(host, port, seconds), seconds)
    except TimeoutError:
        return ()


def _tags(host: str, port: int, seconds: float) -> tuple[str, ...]:
    connection = HTTPConnection(host, port, timeout=seconds)
    try:
        connection.request("GET", "/api/tags")
        reply = json.loads(connection.getresponse().read(1 << 20))
        models = [m for m in reply["models"] if isinstance(m.get("name"), str)]
        return tuple(m["name"] for m in sorted(models, key=lambda m: int(m.get("size") or 0)))
    except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
        return ()
    finally:
        connection.close()
