"""Which requests the fast lane serves: those whose wire is proven, and that want nothing that only litellm knows."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files
from types import ModuleType
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from patterns.exchange import Request
from patterns.model.client import loaded, somebody_listens
from patterns.model.fast.anthropic_messages import Messages
from patterns.model.fast.gemini_generate import Generate
from patterns.model.fast.openai_chat import Chat
from patterns.model.fast.openai_likes import LIKES
from patterns.model.fast.wire import Wire
from patterns.model.known import facts, provider_of
from patterns.surroundings import State, state

_WIRES: dict[str, Wire] = {"openai": Chat(), "anthropic": Messages(), "gemini": Generate(), **LIKES}
_LISTENERS = ("input_callback", "_async_input_callback")
_HOOKS = (
    *("service_callback", "cache", "num_retries", "api_key", "api_base", "organization", "headers"),
    *("openai_key", "anthropic_key", "groq_key", "openrouter_key", "client_session", "aclient_session"),
    *("credential_list", "secret_manager_client", "custom_provider_map", "model_alias_map", "drop_params"),
    *("modify_params", "max_budget", "fallbacks", "context_window_fallbacks", "model_fallbacks", "proxy_auth"),
    *("route_all_chat_openai_to_responses", "ssl_certificate", "enable_json_schema_validation"),
    *("enable_gemini_default_thinking_level_low", "vertex_ai_safety_settings"),
    *("pre_call_rules", "post_call_rules", "blocked_user_list", "banned_keywords_list", "network_mock"),
)
"""What people set in litellm and expect to work."""
_VARIABLES = frozenset({"SSL_VERIFY", "SSL_CERTIFICATE", "SSL_SECURITY_LEVEL"})
"""What people set in the environment that litellm, or the client below it, heeds; a wire names more."""


_WRITTEN = {"openai.chat": frozenset({"image", "document"})}
"""The parts besides text that a wire is known to take in litellm's words, and to price as litellm does."""


def wire_for(request: Request) -> Wire | None:
    """The wire that this model is asked on, None where the fast lane speaks no such wire."""
    return _WIRES.get(provider_of(request.model))


def speaks(provider: str) -> bool:
    """Tell whether the fast lane speaks the wire of a provider at all."""
    return provider in _WIRES


def by_litellm_alone(model: str) -> bool:
    """Tell whether, as its name tells, no request to this model goes by the fast lane."""
    return not speaks(provider_of(model)) or _peculiar(model) is not None


def obstacle(request: Request) -> str | None:
    """Why the fast lane cannot serve this request as litellm does, in words; None when it can."""
    if (wire := wire_for(request)) is None:
        return "it does not speak the wire of this provider"
    if (module := loaded()) is not None and (set_ := _hooks(module)):
        return f"litellm.{set_} is set"
    if variable := _variable(state(), wire, _host(request, wire)):
        return f"{variable} is set"
    if extra := request.options.extra.keys() - {"extra_headers"}:
        return f"only litellm knows {', '.join(sorted(extra))}"
    return _peculiar(request.model) or _parts(request, wire) or wire.obstacle(request)


def _parts(request: Request, wire: Wire) -> str | None:
    kinds = {part.kind for message in request.messages for part in message.parts}
    if rest := kinds - _WRITTEN.get(wire.name, frozenset()):
        return f"only litellm sends {' and '.join(sorted(rest))} parts"
    return None


@lru_cache(maxsize=512)
def _peculiar(model: str) -> str | None:
    known = facts(model)
    if known.get("mode", "chat") != "chat" or "audio" in model or "search" in model or "/responses/" in model:
        return "the model has an API of its own"
    if "tiered_pricing" in known or "off_peak_pricing" in known:
        return "its price depends on more than tokens"
    return None


def _hooks(module: ModuleType) -> str | None:
    """The first thing that somebody has set in litellm. Its adapter for Gemini sets the callback `cache` by itself."""
    if somebody_listens(module) or any(h != "cache" for n in _LISTENERS for h in getattr(module, n, None) or ()):
        return "callbacks"
    return next((name for name in _HOOKS if getattr(module, name, None)), None)


@lru_cache(maxsize=16)
def _proxied(host: str, proxies: frozenset[tuple[str, str]]) -> str | None:
    if not proxies or proxy_bypass_environment(host, dict(proxies)):
        return None
    return next((f"{name}_proxy" for name, _ in sorted(proxies) if name in ("http", "https", "all")), None)


_seen: tuple[State, dict[tuple[str, str], str | None]] = ({}, {})


def _variable(now: State, wire: Wire, host: str) -> str | None:
    """The variable that stands in the way. Looked for once, and again when the environment changes."""
    global _seen
    if _seen[0] is not now:
        _seen = (now, {})
    known, what = _seen[1], (wire.name, host)
    if what not in known:
        named = next((name for name in sorted(_VARIABLES | wire.variables) if os.environ.get(name)), None)
        known[what] = named or _proxied(host, frozenset(getproxies_environment().items()))
    return known[what]


def _host(request: Request, wire: Wire) -> str:
    return urlsplit(wire.url(request, stream=False)).netloc.rpartition("@")[2]


@lru_cache(maxsize=1)
def proven() -> frozenset[tuple[str, str]]:
    """The wires, and the ways on them (`plain`, `streamed`), that recorded traffic proves equal to litellm's."""
    import tomllib

    rows = tomllib.loads(files("patterns.model.fast").joinpath("lanes.toml").read_text("utf-8"))["lane"]
    return frozenset((row["wire"], row["way"]) for row in rows if row["serves"] == "fast")
