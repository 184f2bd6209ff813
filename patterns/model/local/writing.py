"""One request to a model in this process on the running loop, under a total deadline; errors come back as values."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import TypeAlias, cast

from patterns.errors import ModelError, OutputError, PatternsError
from patterns.exchange import Delta, Request, Response
from patterns.model.calls import finished, limit, too_late, torn
from patterns.model.growth import Growth
from patterns.model.local.body import bodies
from patterns.model.local.line import Line
from patterns.model.local.talk import Heard, Talk
from patterns.model.local.troubles import failure, trouble
from patterns.model.local.weights import weights_of

Items: TypeAlias = AsyncGenerator[Delta | PatternsError, None]
Counts: TypeAlias = dict[int, SimpleNamespace]
"""The tokens of each candidate."""


async def whole(line: Line, request: Request) -> Response | PatternsError:
    """Ask, and wait for the whole answer."""
    found: Response | PatternsError | None = None
    async with contextlib.aclosing(growing(line, request)) as items:
        async for item in items:
            found = item.response if isinstance(item, Delta) else item
    assert found is not None, "the last item is the answer or an error"
    return found


async def growing(line: Line, request: Request) -> Items:
    """Ask, and yield what comes as it comes; the last item carries the whole response, or is the error.

    The time spent in the line and on loading the model counts. Whoever leaves, leaves the line too.
    """
    growth, talks = Growth(request), list[Talk]()
    loop, inbox = asyncio.get_running_loop(), asyncio.Queue[tuple[int, Heard]]()
    until = loop.time() + limit(request)
    counts: Counts = {}
    try:
        weights = weights_of(request.model)
        talks += [Talk(weights, body, _teller(loop, inbox, i)) for i, body in enumerate(bodies(request))]
        for talk in talks:
            line.put(talk)
        left = len(talks)
        while left:
            async with asyncio.timeout_at(until):
                index, heard = await inbox.get()
            if heard is None:
                left -= 1
                continue
            delta = growth.take(_chunk(request, index, heard, counts))
            if delta.text or delta.reasoning:
                yield delta
        growth.counted = _summed(counts)
        last = finished(request, growth, None, 0.0)
        yield replace(last, response=_free(last.response))
    except TimeoutError:
        yield _torn(too_late(request, growth.text), growth, counts)
    except PatternsError as error:
        if isinstance(error, ModelError):
            error.model = request.model
        yield _torn(error.with_traceback(None), growth, counts)
    finally:
        for talk in talks:
            talk.stop()


def _teller(
    loop: asyncio.AbstractEventLoop, inbox: asyncio.Queue[tuple[int, Heard]], index: int
) -> Callable[[Heard], None]:
    def tell(heard: Heard) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(inbox.put_nowait, (index, heard))

    return tell


def _chunk(request: Request, index: int, heard: str | Exception, counts: Counts) -> object:
    """Read a chunk of the candidate `index`, and count its tokens. Raises what it says went wrong."""
    if isinstance(heard, Exception):
        raise failure(request, heard)
    chunk = json.loads(heard, object_hook=_named)
    if (error := getattr(chunk, "error", None)) is not None:
        raise trouble(request, error)
    for choice in getattr(chunk, "choices", ()):
        choice.index = index
    if (count := _count(chunk)) is not None:
        counts[index] = count
    return chunk


def _named(members: dict[str, object]) -> SimpleNamespace:
    return SimpleNamespace(**members)


def _count(chunk: SimpleNamespace) -> SimpleNamespace | None:
    """The tokens so far: told at the end, and on the way there by the timings and by the progress of the prompt."""
    if (told := getattr(chunk, "usage", None)) is not None:
        return cast("SimpleNamespace", told)
    if (times := getattr(chunk, "timings", None)) is not None:
        return SimpleNamespace(prompt_tokens=times.cache_n + times.prompt_n, completion_tokens=times.predicted_n)
    if (progress := getattr(chunk, "prompt_progress", None)) is not None:
        return SimpleNamespace(prompt_tokens=progress.total, completion_tokens=0)
    return None


def _summed(counts: Counts) -> object:
    """The tokens of all candidates: the messages count once, as with every provider."""
    if not counts:
        return None
    made = sum(each.completion_tokens for each in counts.values())
    return SimpleNamespace(**{**vars(counts[min(counts)]), "completion_tokens": made})


def _torn(error: PatternsError, growth: Growth, counts: Counts) -> PatternsError:
    """Hang on an error what had been written; it cost nothing."""
    if isinstance(error, ModelError | OutputError) and not error.attempts:
        growth.counted = _summed(counts)
        torn(error, growth)
        error.attempts = tuple(replace(each, response=_free(each.response)) for each in error.attempts)
    return error


def _free(found: Response | None) -> Response | None:
    return None if found is None else replace(found, cost=0.0, engine="local")
