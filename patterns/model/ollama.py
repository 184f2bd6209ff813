"""Where Ollama answers, in the words of its own variable: OLLAMA_HOST, with or without a scheme and a port."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

_PORT = 11434
_PORTS = {"http": 80, "https": 443}


def address(environ: Mapping[str, str]) -> tuple[str, str, int]:
    """Give scheme, host and port; an empty host for what is no address. A server that is told to listen everywhere
    is found on loopback."""
    given = environ.get("OLLAMA_HOST", "").strip()
    scheme, apart, rest = given.rpartition("://")
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "127.0.0.1", parts.port or _PORTS.get(scheme, _PORT)
    except ValueError:
        return "http", "", 0
    return scheme if apart else "http", "127.0.0.1" if host == "0.0.0.0" else host, port


def base(environ: Mapping[str, str]) -> str | None:
    """Give the address that OLLAMA_HOST names, for a request that names none."""
    scheme, host, port = address(environ)
    if not environ.get("OLLAMA_HOST") or not host:
        return None
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
