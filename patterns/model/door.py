"""Which model answers, and through which gateway: the one place where that is decided."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, partial

from patterns.model.gateway import Gateway
from patterns.model.known import providers
from patterns.model.local.weights import PREFIX
from patterns.model.resolve import Resolution, resolve
from patterns.settings import settings
from patterns.settings.values import Lane

CONNECT = "set a provider's key (such as OPENAI_API_KEY), name a model in PATTERNS_MODEL, or start Ollama"

_installed: ContextVar[Gateway | None] = ContextVar("patterns_gateway", default=None)


@contextmanager
def using(gateway: Gateway) -> Iterator[None]:
    """Answer every request of this task or thread with `gateway`, whatever model it names."""
    token = _installed.set(gateway)
    try:
        yield
    finally:
        _installed.reset(token)


def installed() -> Gateway | None:
    """The gateway that `using` has put in the place of every model, if any."""
    return _installed.get()


def open_door(model: str | None, *, offline: bool = False, lane: Lane = "auto") -> tuple[str, Gateway]:
    """Name the model that answers and find its gateway; a model that nobody named is told once on stderr."""
    if (gateway := _installed.get()) is not None:
        return model or str(getattr(gateway, "unnamed", "installed")), gateway
    name = model or chosen(offline).model
    return name, gateway_for(name, lane)


def chosen(offline: bool) -> Resolution:
    """The model of a caller who named none. Looked for once, and again when the environment changes."""
    names = {name for provider in providers() for name in provider.variables} | {"PATTERNS_OFFLINE", "OLLAMA_HOST"}
    return _chosen(offline, frozenset(name for name in names if os.environ.get(name)), os.environ.get("PATTERNS_MODEL"))


@cache
def _chosen(offline: bool, present: frozenset[str], named: str | None) -> Resolution:
    found = resolve(named, offline=offline)
    advice = f" For a model, {CONNECT}." if found.engine == "rules" and not named else ""
    print(f"patterns: {found.model} answers: {found.why}.{advice}", file=sys.stderr)
    return found


def expect(model: str | None, lane: Lane | None) -> None:
    """Begin to import litellm for the model that a pattern names, where litellm alone can ask it; return at once.

    Told by the model's provider: nothing is read here, and nothing raised. The settings are read where the import is.
    """
    provider, slash, _ = (model or "").partition("/")
    if not slash or f"{provider}/" == PREFIX or lane == "fast" or _installed.get() is not None:
        return
    from patterns.model.fast.serving import speaks

    if lane == "litellm" or not speaks(provider):
        _warm(partial(_may_be_warmed, lane))


def hasten(model: str, lane: Lane) -> None:
    """Begin to import litellm for a call that it will serve, as the model's name tells; return at once."""
    if _by_litellm(model, lane):
        _warm(lambda: True)


@lru_cache(maxsize=256)
def _by_litellm(model: str, lane: Lane) -> bool:
    """Tell, by its name, whether no request to this model goes another way."""
    if lane == "fast" or model.startswith(PREFIX):
        return False
    from patterns.model.fast.serving import by_litellm_alone

    return lane == "litellm" or by_litellm_alone(model)


def _may_be_warmed(lane: Lane | None) -> bool:
    now = settings()
    return now.warm and not now.offline and (lane or now.lane) != "fast"


def _warm(wanted: Callable[[], bool]) -> None:
    from patterns.model.warming import warm

    warm(wanted)


def gateway_for(model: str, lane: Lane) -> Gateway:
    """The rules engine for `rules`; for every other model what sends each request its way: our own lane, litellm's."""
    return _rules() if model == "rules" else _provider(lane)


@cache
def _rules() -> Gateway:
    from patterns.model.rules.gateway import RulesGateway

    return RulesGateway()


@cache
def _provider(lane: Lane) -> Gateway:
    from patterns.model.fast.gateway import FastGateway
    from patterns.model.routes import Routed
    from patterns.model.transport import LitellmGateway

    return Routed(LitellmGateway() if lane == "litellm" else FastGateway(None if lane == "fast" else LitellmGateway()))
