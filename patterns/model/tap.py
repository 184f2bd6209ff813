"""Notes, between a provider and litellm, what litellm loses of a stream: finish reasons, refusals, usage, the model."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from types import SimpleNamespace
from typing import TypeAlias

from pydantic_core import to_json

from patterns.model.raw import parsed, reasons_in


class Watched:
    """An async iterable that hands everything on as it is; who makes one notes what passes."""

    def __init__(self, source: AsyncIterable[object]) -> None:
        self._source = source
        self._items = aiter(source)

    def __aiter__(self) -> Watched:
        return self

    async def __anext__(self) -> object:
        item = await anext(self._items)
        self._note(item)
        return item

    async def aclose(self) -> None:
        for name in ("aclose", "close"):
            if (close := getattr(self._source, name, None)) is not None:
                await close()
                return

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def _note(self, item: object) -> None:
        raise NotImplementedError


_LAST = frozenset({"response.completed", "response.incomplete", "response.failed"})
"""Events of OpenAI's Responses API that bring the whole answer once more."""


class Lines(Watched):
    """The lines of a reply. `understood` says that some were of a known make, so that `finish` is the whole truth.

    `usage` is a count of tokens under a name that litellm does not look at, `whole` the whole answer at the end of a
    stream that brings one.
    """

    def __init__(self, source: AsyncIterable[object]) -> None:
        self.finish: dict[int, str] = {}
        self.understood = False
        self.usage: object = None
        self.whole = b""
        super().__init__(source)

    def _note(self, item: object) -> None:
        if getattr(item, "type", None) in _LAST:
            self.whole = _written(getattr(item, "response", None))
            return
        line = item.decode("utf-8", "replace") if isinstance(item, bytes) else item
        body = parsed(line.strip().removeprefix("data:")) if isinstance(line, str) else None
        if body is None or (found := reasons_in(body)) is None:
            return
        self.understood = True
        self.finish.update(found)
        self.usage = _groq_s(body.get("x_groq")) or self.usage


def _groq_s(own: object) -> object:
    """The count of tokens that Groq sends under a name of its own."""
    usage = own.get("usage") if isinstance(own, Mapping) else None
    return SimpleNamespace(**usage) if isinstance(usage, Mapping) else None


def _written(response: object) -> bytes:
    """The bytes of an answer that litellm holds as an object."""
    write = getattr(response, "model_dump", None)
    return b"" if write is None else to_json(write(mode="json", warnings=False))


class Tap(Watched):
    """The chunks that litellm makes of a reply. `finish` and `refusals` are by the candidate's index."""

    def __init__(self, source: AsyncIterable[object]) -> None:
        self.refusals: dict[int, str] = {}
        self.counted = False
        self.model = ""
        self._usage: object = None
        self._finish: dict[int, str] = {}
        self._lines: Lines | None = None
        lines = getattr(source, "streaming_response", None)
        if isinstance(lines, AsyncIterable):
            self._lines = source.streaming_response = Lines(lines)  # type: ignore[attr-defined]
        super().__init__(source)

    @property
    def finish(self) -> dict[int, str]:
        """The provider's own words where its lines can be read; litellm has made some up in its chunks already."""
        return self._lines.finish if self._lines is not None and self._lines.understood else self._finish

    @property
    def usage(self) -> object:
        """A count of tokens that litellm has not seen, if there was one."""
        return self._usage or (self._lines.usage if self._lines is not None else None)

    @property
    def whole(self) -> bytes:
        """The whole answer as the stream brought it at its end; empty where it brings none."""
        return self._lines.whole if self._lines is not None else b""

    @classmethod
    def into(cls, stream: object) -> Taps:
        """Put a tap into litellm's stream: at once, or when the stream asks its provider, for some wait with that."""
        taps: Taps = []

        def tapped(source: object) -> object:
            if isinstance(source, AsyncIterable):
                taps.append(cls(source))
            return taps[-1] if taps else source

        ask = getattr(stream, "make_call", None)
        if getattr(stream, "completion_stream", None) is not None:
            stream.completion_stream = tapped(stream.completion_stream)  # type: ignore[attr-defined]
        elif ask is not None:

            async def asked(*args: object, **kwargs: object) -> object:
                return tapped(await ask(*args, **kwargs))

            stream.make_call = asked  # type: ignore[attr-defined]
        return taps

    def _note(self, item: object) -> None:
        if isinstance(item, Mapping):  # litellm's plain form of a chunk
            self.counted = self.counted or bool(item.get("usage"))
            if item.get("is_finished"):
                self._finished(item.get("index"), item.get("finish_reason"))
            return
        self.counted = self.counted or bool(getattr(item, "usage", None))
        self._usage = _groq_s(getattr(item, "x_groq", None)) or self._usage
        self.model = str(getattr(item, "model", None) or self.model)
        for choice in getattr(item, "choices", None) or ():
            index = getattr(choice, "index", 0) or 0
            self._finished(index, getattr(choice, "finish_reason", None))
            if refusal := getattr(getattr(choice, "delta", None), "refusal", None):
                self.refusals[index] = self.refusals.get(index, "") + str(refusal)

    def _finished(self, index: object, word: object) -> None:
        if isinstance(word, str) and word:
            self._finish[index if isinstance(index, int) else 0] = word


Taps: TypeAlias = list[Tap]
"""The tap of a stream, as soon as there is one."""
