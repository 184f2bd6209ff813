"""Records what models answer, and replays it: tests that once asked a real model run offline from then on."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeAlias, get_args

from patterns import cassette
from patterns.cassette import Cassette, Entry, answer_of, given, scrubbed
from patterns.errors import InputError, ModelError, OutputError, PatternsError
from patterns.exchange import Delta, Mode, Request, Response
from patterns.messages import Json
from patterns.model.differences import differences
from patterns.model.door import chosen, gateway_for, installed, using
from patterns.model.fingerprint import Content, key_of
from patterns.model.gateway import Gateway
from patterns.model.saved import to_bytes
from patterns.settings import settings

Recording: TypeAlias = Literal["replay", "record", "auto"]

VARIABLE = "PATTERNS_RECORD"
_PIECE = 16
"""Characters in a piece of a replayed stream."""
_COMPARED = 4000


class NotRecorded(PatternsError):
    """A request was replayed that the cassette does not hold. The message names the nearest and what differs."""


class Recorder:
    """Records answers into a cassette, or gives them from it, in the place of every model, for this task or thread.

        @pytest.fixture(autouse=True)
        def recorded(request):
            with Recorder(f"tests/cassettes/{request.node.name}.jsonl"):
                yield

    Run such tests once with PATTERNS_RECORD=1 and a key, and put the cassettes under version control: from then on they
    run offline, without a key and without litellm. `mode` is "auto" by default: it records with PATTERNS_RECORD=1 and
    replays without. "replay" never asks, and "record" always does.

    A cassette is JSON lines, sorted and the same for the same answers. Requests are found by all that reaches the
    model, as in the cache. Keys, and the values of headers, are struck out. Recording asks for everything anew, and
    keeps what was not asked for this time; delete the file to be rid of that.

    A question that was asked several times has each of its answers in turn, and then the last one again and again.
    Errors of models are recorded too, and replayed without the pauses that they asked for. What was streamed can be
    replayed whole, and the other way round. A request that is not in the cassette raises `NotRecorded`. Within a
    Recorder the cache is not used.
    """

    def __init__(self, path: str | PathLike[str], mode: Recording = "auto") -> None:
        if mode not in get_args(Recording):
            raise InputError(f"mode must be one of {', '.join(get_args(Recording))}, not {mode!r}")
        self.path = Path(path)
        self.records = mode == "record" or (mode == "auto" and os.environ.get(VARIABLE, "") not in ("", "0"))
        self._tape = Cassette()
        self._new: dict[str, Entry] = {}
        self._given: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._real: Gateway | None = None
        self._installed = ExitStack()

    def __enter__(self) -> Self:
        self._tape, self._new, self._given = cassette.read(self.path), {}, Counter()
        self._real = installed()
        self._installed.enter_context(using(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._installed.close()
        if self._new:  # also when the test failed: what was paid for is kept
            newest = cassette.read(self.path)  # another process may have written meanwhile
            unnamed = self._tape.unnamed or newest.unnamed
            cassette.write(self.path, Cassette(newest.entries | self._new, unnamed))

    @property
    def paid(self) -> bool:
        """Whether the answers cost something now: while they are recorded from models that take money."""
        return self.records and (self._real is None or getattr(self._real, "paid", False))

    @property
    def unnamed(self) -> str:
        """The model that answers where nobody names one: the one that did so when it was recorded."""
        if self.records and self._real is None:
            self._tape.unnamed = chosen(settings().offline).model
        return self._tape.unnamed or "installed"

    def mode(self, model: str) -> Mode:
        return self._gateway(model).mode(model)

    def send(self, request: Request) -> Response:
        if not self.records:
            return _or_raise(self._replayed(request))
        try:
            response = self._gateway(request.model).send(request)
        except (ModelError, OutputError) as error:
            self._record(request, error)
            raise
        self._record(request, response)
        return response

    async def asend(self, request: Request) -> Response:
        if not self.records:
            return _or_raise(self._replayed(request))
        try:
            response = await self._gateway(request.model).asend(request)
        except (ModelError, OutputError) as error:
            self._record(request, error)
            raise
        self._record(request, response)
        return response

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        if not self.records:
            for delta in _streamed(self._replayed(request)):
                yield delta
            return
        source = self._gateway(request.model).astream(request)
        try:
            async for delta in source:
                if delta.response is not None:
                    self._record(request, delta.response)
                yield delta
        except (ModelError, OutputError) as error:
            self._record(request, error)
            raise
        finally:
            if (close := getattr(source, "aclose", None)) is not None:
                await close()

    def _gateway(self, model: str) -> Gateway:
        return self._real or gateway_for(model, settings().lane)

    def _record(self, request: Request, found: Response | PatternsError) -> None:
        told = scrubbed(request)
        with self._lock:
            self._new.setdefault(key_of(told), Entry(told)).answers.append(answer_of(found))

    def _replayed(self, request: Request) -> Response | PatternsError:
        told = scrubbed(request)
        key = key_of(told)
        with self._lock:
            entry, number = self._tape.entries.get(key), self._given[key]
            self._given[key] += 1
        if entry is None:
            raise self._missing(told)
        return given(entry.answers[min(number, len(entry.answers) - 1)], request)

    def _missing(self, told: Content) -> NotRecorded:
        hint = f"run it once with {VARIABLE}=1 to record it"
        if not self._tape.entries:
            return NotRecorded(f"nothing is recorded in {self.path}", hint=hint)
        nearest = max(self._tape.entries.values(), key=lambda entry: _likeness(entry.request, told))
        parts = "; ".join(differences(nearest.request, told))
        model = nearest.request.get("model")
        return NotRecorded(
            f"{self.path} does not hold this request. The nearest, to {model}, is different in {parts}", hint=hint
        )


def _or_raise(found: Response | PatternsError) -> Response:
    if isinstance(found, PatternsError):
        raise found
    return found


def _streamed(found: Response | PatternsError) -> Iterator[Delta]:
    """Give an answer in pieces; an error after what had come before it."""
    if isinstance(found, PatternsError):
        yield from (Delta(piece) for piece in _pieces(getattr(found, "raw_text", "")))
        raise found
    for choice in found.choices[:1]:
        yield from (Delta(reasoning=piece) for piece in _pieces(choice.reasoning))
        yield from (Delta(piece) for piece in _pieces(choice.text))
    yield Delta(response=found)


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def _likeness(one: Json, other: Json) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(to_bytes(one)[:_COMPARED], to_bytes(other)[:_COMPARED]))
