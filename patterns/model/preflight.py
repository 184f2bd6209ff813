"""Looks, before anything is sent, whether there is a key to send it with."""

from __future__ import annotations

import os
from types import ModuleType
from urllib.parse import urlsplit

from patterns.errors import AuthenticationError
from patterns.exchange import Request
from patterns.model.bases import base_of
from patterns.model.credentials import Draw
from patterns.model.known import key_variables, provider_of
from patterns.model.lanes import on_this_machine

_PLACES = ("api_key", "credential_list", "secret_manager_client")
"""Where litellm looks for a key besides the environment, whatever the provider."""
_NO_KEY = "none"
_PASSED = frozenset({"api_key", "litellm_credential_name", "extra_headers", "mock_response", "client"})


def check(request: Request, litellm: ModuleType) -> Draw | None:
    """Look for a key where litellm would: None where there may be one, and what `keyless` gives where there is none."""
    names = key_variables(request.model)
    if not names or any(os.environ.get(name) for name in names) or _PASSED & request.options.extra.keys():
        return None
    places = (*_PLACES, f"{provider_of(request.model)}_key")
    if any(getattr(litellm, place, None) for place in places):
        return None
    return keyless(request)


def keyless(request: Request) -> Draw:
    """Draw what stands in for a key, for a server on this machine: most of them ask for none, and the clients for any.

    Raises AuthenticationError, naming the variable, for a server that is elsewhere.
    """
    base = request.options.api_base or base_of(request.model) or ""
    if on_this_machine(urlsplit(base).hostname or ""):
        return lambda: _NO_KEY
    names = " or ".join(key_variables(request.model))
    local = "; any value will do for a server of yours that asks for none" if base else ""
    raise AuthenticationError(
        f"{request.model}: no key: {names} is not set",
        model=request.model,
        hint=f"set {names}{local}, or use model='rules', which needs none",
    )
