"""The address that a model is asked at where a request names none."""

from __future__ import annotations

import os
from functools import lru_cache

from patterns.model.client import loaded
from patterns.model.known import provider_of
from patterns.model.lanes import host_of
from patterns.model.ollama import base


def place_of(model: str, api_base: str | None) -> str:
    """Host and port that answer, empty for the provider's own."""
    return host_of(api_base or base_of(model) or "")


def base_of(model: str) -> str | None:
    """The host that the environment, or the program, has named in place of the provider's own."""
    return _told(model) or untold(model)


def untold(model: str) -> str | None:
    """The host that OLLAMA_HOST names, which litellm does not read, where nothing that it reads names another."""
    if _variables(model)[0] != "OLLAMA_API_BASE" or _told(model):
        return None
    return base(os.environ)


def _told(model: str) -> str | None:
    named = next((found for name in _variables(model) if (found := os.environ.get(name))), None)
    return named or getattr(loaded(), "api_base", None)


@lru_cache(maxsize=256)
def _variables(model: str) -> tuple[str, ...]:
    stem = provider_of(model).removesuffix("_chat").upper()
    return f"{stem}_API_BASE", f"{stem}_BASE_URL"
