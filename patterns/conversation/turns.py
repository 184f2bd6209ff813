"""The turns of a conversation: what belongs together, how long it is, and what has to go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from patterns.errors import InputError
from patterns.messages import Message, ToolCall
from patterns.model.weights import part_tokens

_CHARACTERS_A_TOKEN = 4
_TOKENS_A_MESSAGE = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message of the user's led to, up to the next: calls of tools stay with their results.

    `at` is when its last message came, in seconds of the conversation's clock.
    """

    messages: tuple[Message, ...]
    at: float

    def extended(self, messages: Sequence[Message], at: float) -> Turn:
        return replace(self, messages=(*self.messages, *messages), at=at)


def turns_of(messages: Iterable[Message], at: float) -> tuple[Turn, ...]:
    """Cut messages into turns; raise InputError where they are no conversation that a model could go on with."""
    turns: list[Turn] = []
    for message in messages:
        if message.role == "system":
            raise InputError("a system message inside the history", hint="give it as Conversation(system=…)")
        if message.role == "user":
            turns.append(Turn((message,), at))
        elif turns:
            turns[-1] = turns[-1].extended([message], at)
        else:
            raise InputError(f"the history begins with a message of role {message.role}", hint="begin it with the user")
    for number, turn in enumerate(turns):
        _check_tools(turn, last=number == len(turns) - 1)
    return tuple(turns)


def _check_tools(turn: Turn, *, last: bool) -> None:
    """A result answers a call made just before it; only the last turn may still wait for results."""
    waiting: set[str] = set()
    for message in turn.messages:
        if message.role == "tool":
            if message.tool_call_id not in waiting:
                raise InputError(f"a tool's result without its call: {message.tool_call_id!r}")
            waiting.discard(message.tool_call_id)
        elif waiting:
            raise InputError(f"calls of tools without results: {', '.join(sorted(waiting))}")
        else:
            waiting = {call.id for call in message.tool_calls}
    if waiting and not last:
        raise InputError(f"calls of tools without results: {', '.join(sorted(waiting))}")


def pending(turns: Sequence[Turn]) -> tuple[ToolCall, ...]:
    """The calls of tools that the last turn waits for."""
    if not turns:
        return ()
    answered = {message.tool_call_id for message in turns[-1].messages if message.role == "tool"}
    return tuple(call for message in turns[-1].messages for call in message.tool_calls if call.id not in answered)


def messages_of(turns: Iterable[Turn]) -> tuple[Message, ...]:
    return tuple(message for turn in turns for message in turn.messages)


def tokens_of(turn: Turn) -> int:
    """Estimate the tokens of a turn: a quarter of its characters, and four for the frame of each message; of
    images, documents and sounds what `model.weights` says.
    """
    texts = [text for m in turn.messages for text in (*_texts(m), *(f"{call.name}{call.raw}" for call in m.tool_calls))]
    held = sum(part_tokens(part) for message in turn.messages for part in message.parts)
    return -(-sum(map(len, texts)) // _CHARACTERS_A_TOKEN) + _TOKENS_A_MESSAGE * len(turn.messages) + held


def _texts(message: Message) -> Iterable[str]:
    return (message.content,) if isinstance(message.content, str) else (p for p in message.content if type(p) is str)


def split_old(turns: Sequence[Turn], now: float, ttl: float | None) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """Part the turns that are older than `ttl` seconds from the rest; a turn that waits for tools is never old."""
    if ttl is None:
        return (), tuple(turns)
    open_turn = turns[-1] if pending(turns) else None
    old = tuple(turn for turn in turns if now - turn.at > ttl and turn is not open_turn)
    return old, tuple(turn for turn in turns if turn not in old)


def split_long(turns: Sequence[Turn], limit: int | None) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """Part the oldest turns from those that fit into `limit` tokens together; a turn that waits for tools stays."""
    if limit is None:
        return (), tuple(turns)
    left, start = limit, len(turns)
    while start and (left := left - tokens_of(turns[start - 1])) >= 0:
        start -= 1
    if start == len(turns) and pending(turns):
        start -= 1
    return tuple(turns[:start]), tuple(turns[start:])
