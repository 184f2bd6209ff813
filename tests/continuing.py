"""A model over real HTTP that stops at the limit it is given, and goes on when it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.faultserver import Answer, Call

CHARACTERS_A_TOKEN = 4
Manner = Callable[[str, str], str]
"""How the rest is written, from what was said already and what is missing."""


def plainly(said: str, missing: str) -> str:
    return missing


class Limited:
    """Gives `text`, `max_tokens` of it at a time, or `room` of them, and the rest of it in its own manner."""

    def __init__(self, text: str, manner: Manner = plainly, room: int = 100) -> None:
        self.text, self.manner, self.room = text, manner, room

    def __call__(self, call: Call) -> Answer:
        said = self._said(call)
        missing = self.text if said is None else self.manner(said, self._behind(said))
        limit = int(call.body.get("max_tokens") or self.room) * CHARACTERS_A_TOKEN
        cut = len(missing) > limit
        tokens = -(-min(len(missing), limit) // CHARACTERS_A_TOKEN)
        return Answer(missing[:limit], finish="length" if cut else "stop", output_tokens=tokens)

    def _said(self, call: Call) -> str | None:
        """What the assistant said already, where the conversation says that it was cut off."""
        messages = call.body["messages"]
        if len(messages) < 2 or messages[-2]["role"] != "assistant" or "cut off" not in _content(messages[-1]):
            return None
        return _content(messages[-2])

    def _behind(self, said: str) -> str:
        """What is missing behind what was kept, which may have other blanks than the answer."""
        at = 0
        for letter in "".join(said.split()):
            while self.text[at].isspace():
                at += 1
            assert self.text[at] == letter, f"what was kept is no beginning of the answer: {said[-60:]!r}"
            at += 1
        for _ in said[len(said.rstrip()) :]:
            at += self.text[at : at + 1].isspace()
        return self.text[at:]


def _content(message: dict[str, object]) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(_texts(content))


def _texts(blocks: object) -> Iterator[str]:
    assert isinstance(blocks, list)
    yield from (block["text"] for block in blocks if block.get("type") == "text")
