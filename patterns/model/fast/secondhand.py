"""A reply that the fast lane could not read, read by litellm: the same bytes, without asking anybody again."""

from __future__ import annotations

from types import ModuleType

from patterns.errors import PatternsError
from patterns.exchange import Request, Response
from patterns.model import calls, client
from patterns.model.fast.troubles import Unread
from patterns.model.known import provider_of
from patterns.model.outgoing import Arguments

_LENGTHS = ("content-length", "content-encoding", "transfer-encoding")
"""Headers about how a reply travelled, which it has done."""


def read_by_litellm(request: Request, words: Arguments, unread: Unread) -> Response | PatternsError:
    """What litellm makes of a reply, whole: an answer, or an error in its words. Imports litellm. Nothing is sent."""
    module = client.litellm()
    return calls.blocking(module, request, {**words, "client": _returning(module, request, words, unread)})


def _returning(module: ModuleType, request: Request, words: Arguments, unread: Unread) -> object:
    """A client for litellm that gives this reply to whatever it is asked."""
    import httpx

    headers = [(name, value) for name, value in unread.headers.items() if name.lower() not in _LENGTHS]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=unread.data))
    mute = httpx.Client(transport=transport)
    if provider_of(request.model) != "openai":
        return module.HTTPHandler(client=mute)
    from openai import OpenAI

    return OpenAI(api_key=str(words["api_key"]), base_url=request.options.api_base, http_client=mute, max_retries=0)
