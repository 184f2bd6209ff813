"""One call of litellm on the running loop, whole or streamed, under a total deadline; errors come back as values.

An error raised here would carry litellm's frames, and those hold the key; the gateway raises it anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import TypeAlias
from urllib.parse import urlsplit

from patterns.errors import ModelError, OutputError, PatternsError, TransientError, Truncated
from patterns.exchange import Attempt, Delta, Request, Response
from patterns.model.client import unheard
from patterns.model.connections import tend
from patterns.model.conversion import convert
from patterns.model.growth import Growth
from patterns.model.incoming import reading, response, spoken
from patterns.model.outgoing import Arguments, apart
from patterns.model.prices import cost_of
from patterns.model.reread import own_chunks, reread, rescued
from patterns.model.symptoms import symptoms
from patterns.model.tap import Tap, Taps
from patterns.model.uncounted import counted

Items: TypeAlias = AsyncGenerator[Delta | PatternsError, None]

DEADLINE = 120.0
"""Seconds for one request that names no timeout."""
SILENCE = 60.0
"""Seconds that a stream may fall silent once its text has begun; before that a model may think for long."""
_STREAMED: Mapping[str, object] = {"stream": True, "stream_options": {"include_usage": True}}


def limit(request: Request) -> float:
    """The total deadline of a request, in seconds."""
    return request.options.timeout or DEADLINE


def patience(request: Request) -> float:
    """Seconds that litellm may wait for the next bytes: the deadline, rounded up to a power of two.

    litellm keeps a client, with its connections, for each timeout that it ever saw. Of a call with a deadline every
    request has another, and would pay for a client and a connection of its own; the exact time is ours to keep.
    """
    return float(2.0 ** math.ceil(math.log2(limit(request))))


def too_late(request: Request, raw_text: str = "") -> TransientError:
    """The error of a request that was cut off at its deadline. Nobody knows whether it is charged."""
    return TransientError(
        f"{request.model}: no whole answer within {limit(request):g} s",
        model=request.model,
        paid=True if raw_text else None,
        raw_text=raw_text,
        hint="raise timeout=, which is the total time of one request",
    )


async def whole(litellm: ModuleType, request: Request, words: Arguments) -> Response | PatternsError:
    """Ask, and wait for the whole answer."""
    raw: list[str] = []
    await tend(litellm)
    try:
        with unheard(litellm):
            async with asyncio.timeout(limit(request)):
                reply = await litellm.acompletion(**apart(words), timeout=patience(request), logger_fn=_keeper(raw))
    except TimeoutError:
        return too_late(request)
    except Exception as error:
        return _stumbled(request, error, raw)
    return _read(request, reply, raw)


def blocking(litellm: ModuleType, request: Request, words: Arguments) -> Response | PatternsError:
    """Ask, and block until the whole answer is there; the deadline is the caller's to keep."""
    raw: list[str] = []
    try:
        with unheard(litellm):
            reply = litellm.completion(**apart(words), timeout=patience(request), logger_fn=_keeper(raw))
    except Exception as error:
        return _stumbled(request, error, raw)
    return _read(request, reply, raw)


def _read(request: Request, reply: object, raw: list[str]) -> Response | PatternsError:
    """Read litellm's reply, or the bytes it was made of where litellm is known to lose some of what they say."""
    came = raw[-1] if raw else None
    own = reread(came, getattr(reply, "_hidden_params", None))
    try:
        return counted(request, response(request, reply, came) if own is None else response(request, own, None))
    except PatternsError as error:
        return _bare(error)


def _stumbled(request: Request, error: Exception, raw: list[str]) -> Response | PatternsError:
    """Read a reply that litellm could not, if one came; else turn its exception into an error of ours."""
    own = None if symptoms(error).understood else rescued(raw)
    if own is None:
        return convert(error, request.model, host=host(request))
    try:
        return counted(request, response(request, own, None))
    except PatternsError as empty:
        return _bare(empty)


def _keeper(raw: list[str]) -> object:
    """A hook for one call that keeps the provider's reply as it came: litellm's reading of it loses finish reasons."""

    def keep(details: dict[str, object]) -> None:
        if isinstance(body := details.get("original_response"), str):
            raw.append(body)

    return keep


def host(request: Request) -> str:
    """Host and port that the caller named, without user, password or path."""
    return urlsplit(request.options.api_base or "").netloc.rpartition("@")[2]


def _bare(error: PatternsError) -> PatternsError:
    return error.with_traceback(None)


async def growing(litellm: ModuleType, request: Request, words: Arguments) -> Items:
    """Ask, and yield what comes as it comes; the last item carries the whole response, or is the error."""
    growth, stream, chunks = Growth(request), None, None
    taps: Taps = []
    until = asyncio.get_running_loop().time() + limit(request)
    await tend(litellm)
    try:
        with unheard(litellm):
            async with asyncio.timeout_at(until):
                stream = await litellm.acompletion(**apart(words), timeout=patience(request), **_STREAMED)
        if (chunks := own_chunks(stream)) is None:
            taps = Tap.into(stream)
        while (chunk := await _next(litellm, chunks or stream, until, bool(growth.text))) is not None:
            delta = growth.take(chunk)
            if delta.text or delta.reasoning:
                yield delta
        tap = next(iter(taps), None)
        yield finished(request, growth, tap, cost_of(request.model, growth.count(tap)))
    except TimeoutError:
        late = asyncio.get_running_loop().time() >= until
        yield torn((too_late if late else silent)(request, growth.text), growth, next(iter(taps), None))
    except PatternsError as error:
        yield _bare(error)
    except Exception as error:
        yield torn(
            convert(error, request.model, host=host(request), raw_text=growth.text), growth, next(iter(taps), None)
        )
    finally:
        for each in (chunks, stream):
            if each is not None:
                with contextlib.suppress(Exception):
                    await each.aclose()


def silent(request: Request, raw_text: str) -> TransientError:
    return TransientError(
        f"{request.model}: the stream fell silent for {SILENCE:g} s in the middle of its text",
        model=request.model,
        paid=True,
        raw_text=raw_text,
        hint="the connection or the provider is stuck: ask again; the text so far is in .raw_text",
    )


async def _next(litellm: ModuleType, stream: AsyncIterator[object], until: float, begun: bool) -> object | None:
    """The next chunk, None at the end; cut off at the deadline, and after a silence once the text has begun."""
    end = min(until, asyncio.get_running_loop().time() + SILENCE) if begun else until
    with unheard(litellm):
        async with asyncio.timeout_at(end):
            return await anext(stream, None)


def finished(request: Request, growth: Growth, tap: Tap | None, cost: float | None) -> Delta:
    """Put the response together. A stream that never said why it ended is cut, whatever litellm makes of it."""
    own = reread(tap.whole) if tap is not None else None
    found = reading(request, own) if getattr(own, "choices", None) else growth.response(tap)
    found = replace(found, cost=cost if found.usage else None)
    if found.choices and any(choice.finish_reason is None for choice in found.choices):
        raise Truncated(
            f"{request.model}: the stream ended without a finish reason",
            attempts=[Attempt(request, counted(request, found), "the stream ended without a finish reason")],
            raw_text=growth.text,
            hint="the connection was cut or the provider failed; ask again",
        )
    return Delta(response=counted(request, spoken(request, found)))


def torn(error: PatternsError, growth: Growth, tap: Tap | None = None) -> PatternsError:
    """Hang on an error what had come and must be paid for."""
    if growth.candidates and isinstance(error, ModelError | OutputError):
        found = counted(growth.request, growth.response(tap))
        error.attempts = (Attempt(growth.request, found, error.message),)
    return error
