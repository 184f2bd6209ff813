"""One call on the fast lane, whole or streamed, under a total deadline; errors come back as values.

An error raised here would carry frames that hold the key; the gateway raises it anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patterns.errors import PatternsError
from patterns.exchange import Delta, Request, Response
from patterns.model import calls
from patterns.model.calls import finished, host, limit, silent, too_late, torn
from patterns.model.conversion import convert
from patterns.model.fast.cost import bill_of, cost_of
from patterns.model.fast.frames import frames
from patterns.model.fast.lines import asked
from patterns.model.fast.post import Letter, answer, failure, letter, refusal, welcome
from patterns.model.fast.sessions import session
from patterns.model.fast.troubles import Moved, Unread
from patterns.model.fast.trust import authorities
from patterns.model.fast.wire import Wire
from patterns.model.growth import Growth
from patterns.model.outgoing import Arguments

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

Found = Response | PatternsError | Moved | Unread
Item = Delta | PatternsError | Moved | Unread
Items = AsyncGenerator[Item, None]


async def whole(wire: Wire, request: Request, words: Arguments) -> Found:
    """Ask, and wait for the whole answer.

    What was sent is let go of before the wait: with many calls at once, it would be looked at by the garbage collector
    again and again.
    """
    try:
        what = letter(wire, request, words)
        del words
        async with asyncio.timeout(limit(request)):
            sent = _post(await session(), what)
            del what
            async with sent as reply:
                ok = welcome(request, reply.status)
                data = await reply.read()
        if not ok:
            return failure(request, refusal(reply.status, reply.headers, data))
        return answer(wire, request, reply.headers, data)
    except Exception as error:
        return failure(request, error)


def blocking(wire: Wire, request: Request, words: Arguments) -> Found:
    """Ask, and block until the whole answer is there."""
    try:
        reply = asked(letter(wire, request, words), time.monotonic() + limit(request))
        if not welcome(request, reply.status):
            return failure(request, refusal(*reply))
        return answer(wire, request, reply.headers, reply.data)
    except Exception as error:
        return failure(request, error)


async def growing(wire: Wire, request: Request, words: Arguments) -> Items:
    """Ask, and yield what comes as it comes; the last item carries the whole response, or is the error.

    A server that does not stream, and sends its whole answer at once, is read as if nobody had asked it to.
    """
    growth, begun = Growth(request), False
    until = asyncio.get_running_loop().time() + limit(request)
    try:
        async with aclosing(_chunks(wire, request, words, until)) as chunks:
            while (chunk := await _next(chunks, until, begun)) is not None:
                if isinstance(chunk, _Body):
                    found = answer(wire, request, chunk.headers, chunk.data)
                    for item in (found,) if isinstance(found, Unread) else at_once(found):
                        yield item
                    return
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
    """The pieces of a streamed reply; one that is no stream at all is given as a whole."""
    body, seen, reading = list[bytes](), False, wire.reading()
    async with _sent(request, letter(wire, request, words, stream=True)) as reply:

        async def watched() -> AsyncIterator[bytes]:
            async for data in reply.content.iter_any():
                if not seen:
                    body.append(data)
                yield data

        async for data in frames(watched()):
            seen = True
            body.clear()
            if (chunk := reading.chunk(data)) is None:
                return
            yield chunk
        if not seen:
            yield _Body(reply.headers, b"".join(body))


@dataclass(frozen=True, slots=True)
class _Body:
    """A reply in which there was no event."""

    headers: Mapping[str, str]
    data: bytes


def at_once(found: Response) -> Iterator[Delta]:
    """A whole answer as a stream would have brought it."""
    first = next(iter(found.choices), None)
    if first is not None and (first.text or first.reasoning):
        yield Delta(first.text, first.reasoning)
    yield Delta(response=found)


@asynccontextmanager
async def _sent(request: Request, what: Letter) -> AsyncIterator[ClientResponse]:
    """Send a letter; raise when the status of the reply says no."""
    async with _post(await session(), what) as reply:
        if not welcome(request, reply.status):
            raise refusal(reply.status, reply.headers, await reply.read())
        yield reply


def _post(client: ClientSession, what: Letter) -> AbstractAsyncContextManager[ClientResponse]:
    trusted = authorities() if what.url.startswith("https:") else True
    return client.post(what.url, data=what.body, headers=what.headers, allow_redirects=False, ssl=trusted)


def _cost(request: Request, growth: Growth) -> float | None:
    return cost_of(request.model, request.model, growth.response().usage, bill_of(growth.counted))
