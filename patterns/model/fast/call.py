"""One call on the fast lane, whole or streamed, under a total deadline; errors come back as values.

An error raised here would carry frames that hold the key; the gateway raises it anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from patterns.errors import PatternsError
from patterns.exchange import Delta, Request, Response
from patterns.model import calls
from patterns.model.calls import finished, host, limit, silent, too_late, torn
from patterns.model.conversion import convert
from patterns.model.fast.cost import PLAIN, Bill, cost_of
from patterns.model.fast.frames import frames
from patterns.model.fast.sessions import authorities, session
from patterns.model.fast.troubles import APIError, APIResponseValidationError, Moved
from patterns.model.fast.wire import Wire
from patterns.model.growth import Growth
from patterns.model.incoming import response
from patterns.model.outgoing import Arguments
from patterns.model.uncounted import counted

if TYPE_CHECKING:
    from aiohttp import ClientResponse

Items = AsyncGenerator[Delta | PatternsError | Moved, None]

_AGENT = {"content-type": "application/json", "accept": "application/json", "user-agent": "prompt-patterns"}


async def whole(wire: Wire, request: Request, words: Arguments) -> Response | PatternsError | Moved:
    """Ask, and wait for the whole answer."""
    try:
        async with asyncio.timeout(limit(request)), _sent(wire, request, words, stream=False) as reply:
            data = await reply.read()
        found = wire.reading().reply(data, reply.headers)
        return counted(request, _priced(request, response(request, found, None), found))
    except TimeoutError:
        return too_late(request)
    except Moved as moved:
        return moved
    except PatternsError as error:
        return error.with_traceback(None)
    except Exception as error:
        return convert(error, request.model, host=host(request))


async def growing(wire: Wire, request: Request, words: Arguments) -> Items:
    """Ask, and yield what comes as it comes; the last item carries the whole response, or is the error."""
    growth, begun = Growth(request), False
    until = asyncio.get_running_loop().time() + limit(request)
    try:
        async with aclosing(_chunks(wire, request, words, until)) as chunks:
            while (chunk := await _next(chunks, until, begun)) is not None:
                delta = growth.take(chunk)
                if delta.text or delta.reasoning:
                    begun = begun or bool(delta.text)
                    yield delta
        yield finished(request, growth, None, _cost(request, growth))
    except TimeoutError:
        late = asyncio.get_running_loop().time() >= until
        yield torn((too_late if late else silent)(request, growth.text), growth)
    except Moved as moved:
        yield moved
    except PatternsError as error:
        yield error.with_traceback(None)
    except Exception as error:
        yield torn(convert(error, request.model, host=host(request), raw_text=growth.text), growth)


async def _next(chunks: AsyncIterator[object], until: float, begun: bool) -> object | None:
    end = min(until, asyncio.get_running_loop().time() + calls.SILENCE) if begun else until
    async with asyncio.timeout_at(end):
        return await anext(chunks, None)


async def _chunks(wire: Wire, request: Request, words: Arguments, until: float) -> AsyncGenerator[object, None]:
    """The pieces of a streamed reply; a reply that is no stream at all is looked at as a whole."""
    begin, seen, reading = b"", False, wire.reading()
    async with _sent(wire, request, words, stream=True) as reply:

        async def watched() -> AsyncIterator[bytes]:
            nonlocal begin
            async for data in reply.content.iter_any():
                if not seen and len(begin) < _LOOKED_AT:
                    begin += data
                yield data

        async for data in frames(watched()):
            seen = True
            if (chunk := reading.chunk(data)) is None:
                return
            yield chunk
        if not seen:
            raise APIResponseValidationError(begin.decode("utf-8", "replace"), reply.headers)


_LOOKED_AT = 4_096


@asynccontextmanager
async def _sent(wire: Wire, request: Request, words: Arguments, *, stream: bool) -> AsyncIterator[ClientResponse]:
    """Send the request; raise when the status of the reply says no. No redirect is followed with a key."""
    own = words.get("extra_headers")
    content = wire.content(words, stream=stream)
    headers = {**_AGENT, **wire.headers(str(words["api_key"]), content), **(own if isinstance(own, Mapping) else {})}
    url = wire.url(request, stream=stream)
    # Half a character cannot be written in UTF-8, but it can be escaped.
    body = json.dumps(content, separators=(",", ":")).encode()
    client = await session()
    trusted = authorities() if url.startswith("https:") else True
    async with client.post(url, data=body, headers=headers, allow_redirects=False, ssl=trusted) as reply:
        if 300 <= reply.status < 400:
            raise Moved(f"{request.model}: {host(request) or 'the provider'} answers from another address")
        if reply.status >= 400:
            raise await _refusal(reply)
        yield reply


async def _refusal(reply: ClientResponse) -> APIError:
    from pydantic_core import from_json

    data = await reply.read()
    try:
        body = from_json(data)
    except ValueError:
        body = None
    return APIError(reply.status, reply.headers, data.decode("utf-8", "replace"), body)


def _priced(request: Request, found: Response, reply: object) -> Response:
    return replace(found, cost=cost_of(request.model, found.model, found.usage, _bill(getattr(reply, "usage", None))))


def _cost(request: Request, growth: Growth) -> float | None:
    return cost_of(request.model, request.model, growth.response().usage, _bill(growth.counted))


def _bill(counted: object) -> Bill:
    return getattr(counted, "bill", PLAIN)
