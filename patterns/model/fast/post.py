"""What a request is sent as on the fast lane, and what its reply or its failure comes to, however it travelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONEncoder

from pydantic_core import PydanticSerializationError, from_json, to_json

from patterns.errors import PatternsError
from patterns.exchange import Request, Response
from patterns.model.calls import host, too_late
from patterns.model.conversion import convert
from patterns.model.fast.cost import bill_of, cost_of
from patterns.model.fast.troubles import APIError, APIResponseValidationError, Moved, Unread
from patterns.model.fast.wire import Content, Wire
from patterns.model.incoming import response
from patterns.model.outgoing import Arguments
from patterns.model.raw import parsed
from patterns.model.uncounted import counted

Headers = Mapping[str, str]

_AGENT = {"content-type": "application/json", "accept": "application/json", "user-agent": "prompt-patterns"}


_escaped = JSONEncoder(separators=(",", ":")).encode


def _written(content: Content) -> bytes:
    try:
        return to_json(content)
    except PydanticSerializationError:  # half a character cannot be written in UTF-8, but it can be escaped
        return _escaped(content).encode()


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A request as bytes, with its address. The headers hold the key."""

    url: str
    headers: Headers
    body: bytes


def letter(wire: Wire, request: Request, words: Arguments, *, stream: bool = False) -> Letter:
    """Write a request; headers that the user gives go before our own."""
    own = words.get("extra_headers")
    content = wire.content(words, stream=stream)
    headers = {
        **_AGENT,
        **wire.headers(str(words["api_key"]), content),
        **(own if own and isinstance(own, Mapping) else {}),
    }
    return Letter(wire.url(request, stream=stream), headers, _written(content))


def welcome(request: Request, status: int) -> bool:
    """Tell whether what comes is an answer. Raises Moved for a redirect, which is not followed with a key in hand."""
    if 300 <= status < 400:
        raise Moved(f"{request.model}: {host(request) or 'the provider'} answers from another address")
    return status < 400


def refusal(status: int, headers: Headers, data: bytes) -> APIError:
    """A reply that says no, as an exception."""
    try:
        body = from_json(data)
    except ValueError:
        body = None
    return APIError(status, headers, data.decode("utf-8", "replace"), body)


def answer(wire: Wire, request: Request, headers: Headers, data: bytes) -> Response | Unread:
    """Read a whole reply, and reckon what it cost. What is no JSON object at all, nobody reads: it is an error."""
    try:
        reply = wire.reading().reply(data, headers)
    except APIResponseValidationError as strange:
        if parsed(data) is None:
            raise
        return Unread(data, headers, convert(strange, request.model, host=host(request)))
    bill = bill_of(getattr(reply, "usage", None))
    found = response(request, reply, None, lambda model, used: cost_of(request.model, model, used, bill))
    return counted(request, found)


def failure(request: Request, error: Exception) -> PatternsError | Moved:
    """What an exception means: one of our errors, without the frames that hold the key."""
    if isinstance(error, Moved):
        return error
    if isinstance(error, TimeoutError):
        return too_late(request)
    if isinstance(error, PatternsError):
        return error.with_traceback(None)
    return convert(error, request.model, host=host(request))
