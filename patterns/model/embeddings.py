"""The vectors of texts, from an embedding model through litellm: one request is one call, and its answer is kept."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeAlias, cast

from patterns.errors import EmptyResponse, PatternsError
from patterns.exchange import Options, Request, Response, Usage
from patterns.messages import Message
from patterns.model import client
from patterns.model.bases import untold
from patterns.model.calls import host, limit, too_late
from patterns.model.connections import tend
from patterns.model.conversion import convert
from patterns.model.credentials import drawing, drawn
from patterns.model.known import facts
from patterns.model.portal import portal
from patterns.model.preflight import check
from patterns.model.prices import free
from patterns.model.steps import Ask, Steps, Wait
from patterns.model.trip import Trip
from patterns.model.vectors import Vector

Received: TypeAlias = dict[str, Vector]
"""Vectors by the text they are of."""

MOST_TEXTS, MOST_CHARACTERS = 128, 200_000
"""What goes into one request; providers take more, but a failed one is asked for again."""
_GRACE = 1.0


def requests(model: str, texts: Sequence[str], options: Options) -> Iterator[Request]:
    """Put texts, each of them once and none empty, into as few requests as may be."""
    batch: list[str] = []
    size = 0
    for text in dict.fromkeys(texts):
        if batch and (len(batch) == MOST_TEXTS or size + len(text) > MOST_CHARACTERS):
            yield _request(model, batch, options)
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield _request(model, batch, options)


def _request(model: str, texts: Sequence[str], options: Options) -> Request:
    return Request(model, tuple(Message("user", text) for text in texts), options, part=True)


def embedding(received: Received) -> Ask:
    """The innermost policy: have the messages' texts embedded, and put their vectors into `received`.

    The call runs on the package's own loop; who waits for it may block or be async.
    """

    def ask(request: Request, trip: Trip) -> Steps[Response]:
        home = portal()
        future = home.submit(_embedded(request, received))
        try:
            yield Wait(cast("Future[Response | None]", future), limit(request) + _GRACE, home.loop)
            if not future.done():
                raise too_late(request)
        finally:
            future.cancel()
        found = future.result()
        if isinstance(found, PatternsError):
            raise found
        return found

    return ask


def price(request: Request, prices: Mapping[str, tuple[float, float]]) -> float | None:
    """The most that a request may cost in US dollars, a token for each byte; None where the price is unknown."""
    each = _price(request.model, prices)
    size = sum(len(str(message.content).encode("utf-8", "replace")) for message in request.messages)
    return None if each is None else each * size


def _price(model: str, prices: Mapping[str, tuple[float, float]]) -> float | None:
    own = prices.get(model) or prices.get(model.partition("/")[2])
    if own is not None:
        return own[0] / 1_000_000
    if free(model):
        return 0.0
    known = facts(model).get("input_cost_per_token")
    return float(known) if isinstance(known, int | float) and known > 0 else None


async def _embedded(request: Request, received: Received) -> Response | PatternsError:
    """Ask. An error comes back as a value: raised here, it would carry litellm's frames, and those hold the key."""
    texts = [str(message.content) for message in request.messages]
    known = client.loaded()
    module = known if known is not None else await asyncio.to_thread(client.litellm)
    await tend(module)
    try:
        words = _words(request, texts)
        if "api_key" not in words and (draw := check(request, module)) is not None:
            words["api_key"] = draw()
        async with asyncio.timeout(limit(request)):
            reply = await module.aembedding(**words)
    except TimeoutError:
        return too_late(request)
    except PatternsError as error:
        return error
    except Exception as error:
        return convert(error, request.model, host=host(request))
    vectors = _vectors(reply, len(texts))
    if vectors is None:
        return EmptyResponse(f"{request.model}: no {len(texts)} vectors of one size came back", model=request.model)
    received.update(zip(texts, vectors, strict=True))
    return _response(request, reply)


def _words(request: Request, texts: Sequence[str]) -> dict[str, object]:
    words: dict[str, object] = {"model": request.model, "input": list(texts), "max_retries": 0, "num_retries": 0}
    words["timeout"] = limit(request)
    if base := request.options.api_base or untold(request.model):
        words["api_base"] = base
    draw = drawing(request)
    if draw is not None:
        words["api_key"] = drawn(draw, request)
    return words


def _vectors(reply: object, wanted: int) -> list[Vector] | None:
    """The vectors in the order of the texts; None where that is not what came back."""
    rows = getattr(reply, "data", None)
    if not isinstance(rows, list) or len(rows) != wanted:
        return None
    try:
        ordered = sorted(rows, key=lambda row: row["index"])
        vectors = [tuple(map(float, row["embedding"])) for row in ordered]
    except (KeyError, TypeError, ValueError):
        return None
    sound = len({len(vector) for vector in vectors}) == 1 and all(map(math.isfinite, (x for v in vectors for x in v)))
    return vectors if sound and vectors[0] else None


def _response(request: Request, reply: object) -> Response:
    tokens = getattr(getattr(reply, "usage", None), "prompt_tokens", None)
    usage = Usage(input_tokens=tokens) if isinstance(tokens, int) else None
    each = _price(request.model, {})
    cost = None if each is None or usage is None else each * usage.input_tokens
    return Response((), model=str(getattr(reply, "model", "") or request.model), usage=usage, cost=cost)
