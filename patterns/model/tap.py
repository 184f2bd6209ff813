"""Notes, between a provider's chunks and litellm, what litellm loses: finish reasons, refusals, real usage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping


class Tap:
    """Hands every chunk on as it is. `finish` and `refusals` are by the candidate's index."""

    def __init__(self, source: object) -> None:
        self.finish: dict[int, str] = {}
        self.refusals: dict[int, str] = {}
        self.counted = False
        self._source = source
        self._chunks: AsyncIterator[object] = source.__aiter__()  # type: ignore[attr-defined]

    def __aiter__(self) -> Tap:
        return self

    async def __anext__(self) -> object:
        chunk = await anext(self._chunks)
        self._note(chunk)
        return chunk

    async def aclose(self) -> None:
        for name in ("aclose", "close"):
            if (close := getattr(self._source, name, None)) is not None:
                await close()
                return

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def _note(self, chunk: object) -> None:
        if isinstance(chunk, Mapping):  # litellm's plain form of a chunk
            self.counted = self.counted or bool(chunk.get("usage"))
            if chunk.get("is_finished"):
                self._finished(chunk.get("index"), chunk.get("finish_reason"))
            return
        self.counted = self.counted or bool(getattr(chunk, "usage", None))
        for choice in getattr(chunk, "choices", None) or ():
            index = getattr(choice, "index", 0) or 0
            self._finished(index, getattr(choice, "finish_reason", None))
            if refusal := getattr(getattr(choice, "delta", None), "refusal", None):
                self.refusals[index] = self.refusals.get(index, "") + str(refusal)

    def _finished(self, index: object, word: object) -> None:
        if isinstance(word, str) and word:
            self.finish[index if isinstance(index, int) else 0] = word
