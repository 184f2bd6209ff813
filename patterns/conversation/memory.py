"""What a conversation remembers: turns within bounds of age and length, and an account of what went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from patterns.conversation.turns import Turn, messages_of, pending, split_long, split_old, turns_of
from patterns.errors import InputError
from patterns.events import Dropped, emit
from patterns.messages import Message

Refresh: TypeAlias = Callable[[tuple[Message, ...]], Sequence[Message] | None]
"""Is given the messages that are too old, and may give messages to stand in their place."""

_TOLD = 100
"""Drops that are remembered: a talk of days must not keep in its account what it let go of for room."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is remembered, in estimated tokens, and how long, in seconds; None is without end."""

    tokens: int | None = None
    ttl: float | None = None

    def __post_init__(self) -> None:
        if self.tokens is not None and self.tokens < 1:
            raise InputError(f"history_tokens must be at least 1, not {self.tokens}")
        if self.ttl is not None and not self.ttl > 0:
            raise InputError(f"ttl must be above 0 seconds, not {self.ttl}")


class Memory:
    """Turns within bounds. What goes is told as an event; `dropped` holds the last hundred of them."""

    def __init__(
        self, turns: Sequence[Turn], bounds: Bounds, refresh: Refresh | None, clock: Callable[[], float]
    ) -> None:
        self.turns = tuple(turns)
        self.bounds = bounds
        self.dropped: tuple[Dropped, ...] = ()
        self._refresh = refresh
        self._clock = clock

    @property
    def messages(self) -> tuple[Message, ...]:
        return messages_of(self.turns)

    def add(self, messages: Sequence[Message]) -> None:
        """Add a question with its answer as a turn; messages that begin with no user go on with the last one."""
        now = self._clock()
        if messages[0].role == "user":
            self.turns = (*self.turns, Turn(tuple(messages), now))
        else:
            self.turns = (*self.turns[:-1], self.turns[-1].extended(messages, now))
        self._shorten(now)

    def freshen(self) -> None:
        """Let go of what is too old, take what the hook gives instead, and keep the length."""
        now = self._clock()
        old, kept = split_old(self.turns, now, self.bounds.ttl)
        if old:
            fresh = turns_of((self._refresh and self._refresh(messages_of(old))) or (), now)
            if waiting := pending(fresh):
                raise InputError(f"refresh gave the call {waiting[0].id} without its result")
            self.turns = (*fresh, *kept)
            self._tell(Dropped("age", messages_of(old), now))
        self._shorten(now)

    def _shorten(self, now: float) -> None:
        long, kept = split_long(self.turns, self.bounds.tokens)
        if long:
            self.turns = kept
            self._tell(Dropped("tokens", messages_of(long), now))

    def _tell(self, dropped: Dropped) -> None:
        self.dropped = (*self.dropped, dropped)[-_TOLD:]
        emit(dropped)
