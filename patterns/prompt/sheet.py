"""The sheet of one render: the messages spoken so far, beside the text, and what the render may still spend.

The sheet travels in a context variable, so no name, filter or string of a template reaches it, and rendered
text never becomes a role.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from secrets import randbits

from patterns.messages import Content, Message, Part, Role


@dataclass(frozen=True, slots=True)
class Limits:
    """What one render may spend.

    `steps` counts turns of loops, calls of macros and members of built values. `characters` counts text as it
    is written; text that passes through a macro is written again by its caller.
    """

    steps: int = 100_000
    characters: int = 8_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Said:
    """What a steady part of a template said, and what that took."""

    messages: tuple[Message, ...]
    steps: int
    characters: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The steady parts of a template as they were said for these very examples and this output format."""

    examples: object
    output_format: str
    parts: dict[str, Said] = field(default_factory=dict)


class Fault(Exception):
    """An author's mistake found while rendering; the line is known to whoever catches it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Sheet:
    """Collects the messages of one render and counts its steps. The first `steady` ones are the same in every call."""

    __slots__ = (
        "_begun",
        "_characters",
        "_limits",
        "_lost",
        "_mark",
        "_placed",
        "_steps",
        "history",
        "kept",
        "messages",
        "muted",
        "speaking",
        "steady",
    )

    def __init__(self, limits: Limits, history: Sequence[Message] = (), kept: Kept | None = None) -> None:
        self._limits = limits
        self._steps = limits.steps
        self._characters = limits.characters
        self.messages: list[Message] = []
        self.history = tuple(history)
        self.speaking: Role | None = None
        self.muted = 0
        self.kept = kept
        self.steady = 0
        self._begun: tuple[str, int, int, int] | None = None
        self._mark = ""
        self._placed: list[Part] = []
        self._lost: set[int] = set()

    def spend(self, steps: int, characters: int) -> None:
        """Count work done or about to be done; raise Fault when it is more than a prompt can need."""
        self._steps -= steps
        self._characters -= characters
        if self._steps < 0:
            raise Fault(
                f"rendering takes more than {self._limits.steps:,} steps", "loop over fewer items, or end the recursion"
            )
        if self._characters < 0:
            raise Fault(f"the text grows past {self._limits.characters:,} characters", "shorten the inputs")

    def enter(self, role: Role) -> None:
        """Begin a message."""
        if self.speaking is not None:
            raise Fault(f"{{% {role} %}} inside of {{% {self.speaking} %}}", "end the outer message first")
        self.speaking = role

    def say(self, role: Role, text: str) -> None:
        """End a message. Outer blank lines fall away; a message without text is not sent."""
        self.speaking = None
        text = trim_outer_lines(text)
        if text and not self.muted:
            self.messages.append(Message(role, self._split(role, text) if self._placed else text))

    def place(self, part: Part) -> str:
        """Keep a part beside the text, and give the mark that stands for it there.

        The mark is drawn anew for each render, so that no data can hold it; it has no letters that a filter changes.
        """
        self._mark = self._mark or f"\0{randbits(128)}:"
        number = len(self._placed)
        self._placed.append(part)
        self._lost.add(number)
        self.spend(1, 0)
        return f"{self._mark}{number}\0"

    def close(self) -> None:
        """End the render; raise Fault for a part that was placed where no message is."""
        if self._lost:
            raise Fault("a part was placed, and is in no message", "let | part be the last filter, in {% user %}")

    def _split(self, role: Role, text: str) -> Content:
        """Cut a message's text at its marks. What is left between two of them without a word falls away."""
        first, *rest = text.split(self._mark)
        pieces: list[str | Part] = [first]
        for piece in rest:
            number, _, after = piece.partition("\0")
            pieces += (self._placed[int(number)], after)
            self._lost.discard(int(number))
        if self._mark[1:-1] in "".join(piece for piece in pieces if isinstance(piece, str)):
            raise Fault("a part is changed after it was placed", "let | part, or | quote, be the last filter")
        if rest and role != "user":
            raise Fault(f"a part is placed in {{% {role} %}}", "models take images, documents and sounds of the user's")
        if not rest:
            return text
        trimmed = (trim_outer_lines(piece) if isinstance(piece, str) else piece for piece in pieces)
        return tuple(piece for piece in trimmed if piece)

    def repeat(self, key: str) -> bool:
        """Say a part as it was said before; False, and listen, where it was not or is not heard now."""
        self._begun = None
        if self.kept is None or self.muted or self.speaking is not None:
            return False
        part = self.kept.parts.get(key)
        if part is None:
            self._begun = (key, len(self.messages), self._steps, self._characters)
            return False
        self.spend(part.steps, part.characters)
        self.messages.extend(part.messages)
        self._count(len(self.messages) - len(part.messages))
        return True

    def _count(self, start: int) -> None:
        """Count the messages from `start` on among those that begin every call, if all before them do."""
        if start == self.steady:
            self.steady = len(self.messages)

    def keep(self, key: str) -> None:
        """Keep what was said since `repeat` began to listen; not where a part was lost, which is told at the end."""
        if self._begun is None or self.kept is None or self._begun[0] != key or self._lost:
            return
        _, count, steps, characters = self._begun
        said = tuple(self.messages[count:])
        self._count(count)
        self.kept.parts[key] = Said(said, steps - self._steps, characters - self._characters)

    def splice(self) -> None:
        """Put the history here."""
        if self.speaking is not None:
            raise Fault(f"{{% history %}} inside of {{% {self.speaking} %}}", "put {% history %} between two messages")
        if not self.muted:
            self.messages.extend(self.history)


CURRENT: ContextVar[Sheet | None] = ContextVar("patterns.prompt.sheet", default=None)


def spend(steps: int, characters: int) -> None:
    """Count work on the sheet of the render that is going on."""
    if (sheet := CURRENT.get()) is not None:
        sheet.spend(steps, characters)


def sheet() -> Sheet:
    """The sheet of the render that is going on."""
    current = CURRENT.get()
    if current is None:
        raise Fault("a message outside of a render")
    return current


def trim_outer_lines(text: str) -> str:
    """Drop blank lines before and after the text; the indent of its first line stays."""
    text = text.rstrip(" \t\r\n")
    start = 0
    for index, character in enumerate(text):
        if character == "\n":
            start = index + 1
        elif character not in " \t\r":
            break
    return text[start:]
