"""How many tokens a request is: counted by OpenAI's tokenizer, or a bound that costs next to nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from pydantic_core import to_json

from patterns.exchange import Request
from patterns.messages import Json, Message, Part
from patterns.model.client import litellm
from patterns.model.outgoing import arguments
from patterns.model.weights import part_tokens
from patterns.same import of_the_same

COUNTED_BY = "gpt-4o"
MARKUP = 8
"""Tokens at most that say where a message begins and ends, and who speaks."""
FRAME = 100
"""Bytes at most of the frame around a schema, or around a tool."""
_REPLY = 3
_ROLE = 4
_MOST = 2048
"""Texts whose counts are kept: instructions and examples, which every call of a pattern sends again."""


def input_tokens(request: Request) -> int:
    """Count what is sent, as litellm counts it. Nothing is sent; litellm is imported for its tokenizer."""
    words = arguments(request)
    shape = {name: words[name] for name in ("response_format", "tools") if name in words}
    tokens = sum(_message(message, request.model) for message in request.messages) + _REPLY
    return tokens + (text_tokens(json.dumps(shape)) if shape else 0)


def text_tokens(text: str) -> int:
    """Count the tokens of a text; one that was counted lately is not counted again."""
    return _kept(_Text(text))


def at_most(request: Request) -> int:
    """A number of tokens that no count passes: with the usual tokenizers, each stands for one byte at least."""
    tokens = sum(MARKUP + _bytes(message, request.model) for message in request.messages)
    if request.target is not None and request.mode in ("json_schema", "tools"):
        tokens += FRAME + 2 * _size(request.target.name) + _written(request.target.schema)
    return tokens + sum(FRAME + len(to_json([t.name, t.description, t.parameters])) for t in request.tools)


@of_the_same(64)
def _written(schema: Mapping[str, Json]) -> int:
    """Bytes of a schema."""
    return len(to_json(schema))


def _message(message: Message, model: str) -> int:
    if message.tool_calls or message.tool_call_id is not None:
        words = arguments(Request("", (message,)))["messages"]
        thoughts = sum(map(text_tokens, _thoughts(message, model)))
        return int(litellm().token_counter(model=COUNTED_BY, messages=words)) - _REPLY + thoughts
    if isinstance(message.content, str):
        return _ROLE + text_tokens(message.content)
    return _ROLE + sum(
        text_tokens(piece) if isinstance(piece, str) else part_tokens(piece, model) for piece in message.content
    )


def _bytes(message: Message, model: str) -> int:
    if isinstance(message.content, str) and not message.tool_calls and message.thoughts is None:
        return _size(message.content) + len(message.tool_call_id or "")
    called = sum(FRAME + _size(c.id + c.name + (c.raw or json.dumps(c.arguments))) for c in message.tool_calls)
    said = _size(message.content) if isinstance(message.content, str) else _held(message.content, model)
    thoughts = sum(map(_size, _thoughts(message, model)))
    return said + len(message.tool_call_id or "") + called + thoughts


def _thoughts(message: Message, model: str) -> list[str]:
    """The texts of the thoughts that go back to this model; providers count them as input, without their signatures."""
    if message.thoughts is None or message.thoughts.model != model:
        return []
    return [str(block.get("thinking") or block.get("data") or "") for block in message.thoughts.blocks]


def _held(pieces: tuple[str | Part, ...], model: str) -> int:
    return sum(_size(piece) if isinstance(piece, str) else part_tokens(piece, model) for piece in pieces)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


class _Text:
    """A text that is told from others by hash and length: its count is kept, the text itself is not."""

    __slots__ = ("_key", "text")

    def __init__(self, text: str) -> None:
        self.text, self._key = text, (hash(text), len(text))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Text) and self._key == other._key


@lru_cache(maxsize=_MOST)
def _kept(held: _Text) -> int:
    text, held.text = held.text, ""
    return int(litellm().token_counter(model=COUNTED_BY, text=text.encode("utf-8", "replace").decode()))
