"""Looks, before anything is sent, whether there is a key to send it with."""

from __future__ import annotations

import os
from types import ModuleType

from patterns.errors import AuthenticationError
from patterns.exchange import Request
from patterns.model.known import key_variables, provider_of

_PLACES = ("api_key", "credential_list", "secret_manager_client")
"""Where litellm looks for a key besides the environment, whatever the provider."""
_PASSED = frozenset({"api_key", "litellm_credential_name", "extra_headers", "mock_response", "client"})


def check(request: Request, litellm: ModuleType) -> None:
    """Raise AuthenticationError, naming the variable, when this call is sure to have no key."""
    names = key_variables(request.model)
    if not names or any(os.environ.get(name) for name in names) or _PASSED & request.options.extra.keys():
        return
    places = (*_PLACES, f"{provider_of(request.model)}_key")
    if any(getattr(litellm, place, None) for place in places):
        return
    raise missing_key(request)


def missing_key(request: Request) -> AuthenticationError:
    names = " or ".join(key_variables(request.model))
    local = "; any value will do for a local server that asks for none" if request.options.api_base else ""
    return AuthenticationError(
        f"{request.model}: no key: {names} is not set",
        model=request.model,
        hint=f"set {names}{local}, or use model='rules', which needs none",
    )
