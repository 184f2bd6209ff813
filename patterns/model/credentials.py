"""Which key a request leaves with, when the user gave keys: drawn at the last moment, and asked for anew on a 401."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from patterns.errors import AuthenticationError
from patterns.exchange import Request
from patterns.model.known import provider_of
from patterns.settings import keys_in_force

Draw = Callable[[], str]


def drawing(request: Request) -> Draw | None:
    """Give what draws the key for this request; None where litellm looks for one by itself, in the environment."""
    keys = keys_in_force()
    return None if keys is None else keys.source(request.model, provider_of(request.model), _hosts(request))


def drawn(draw: Draw, request: Request) -> str:
    """Draw a key. Raises AuthenticationError when the function that gives it fails or gives none."""
    key, failure = None, ""
    try:
        key = draw()
    except Exception as error:  # raised anew below, without it: whatever it says may hold the key
        failure = f"raised {type(error).__name__}"
    if isinstance(key, str) and key:
        return key
    raise _failed(request, failure or f"gave {type(key).__name__ if key else 'nothing'}")


def _failed(request: Request, what: str) -> AuthenticationError:
    return AuthenticationError(
        f"{request.model}: the function given as api_key {what}",
        model=request.model,
        hint="it has to give the key as a string",
    )


def _hosts(request: Request) -> tuple[str, ...]:
    """The host of an own endpoint, with its port and without; none where the provider's own is asked."""
    if not request.options.api_base:
        return ()
    parts = urlsplit(request.options.api_base)
    return tuple(dict.fromkeys(filter(None, (parts.netloc, parts.hostname or ""))))
