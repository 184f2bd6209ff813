"""One call, ready to run: its first request, how its answers are read, and how it is asked on.

What every call makes is a named tuple here: one is made in a third of the time of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from patterns.errors import Invalid, OutputError
from patterns.exchange import Attempt, Choice, ChosenExample, Mode, Repair, Request
from patterns.messages import Message

if TYPE_CHECKING:
    from patterns.tools.errands import Toolbox

T = TypeVar("T")

Check: TypeAlias = Callable[[T], object]
"""Says no by raising ValueError (or AssertionError) with words for the model, or by returning False.

An `Invalid` with `errors` says in which places (`$.items[3].price`): then only these are asked for again.
"""

Grow: TypeAlias = Callable[[Mode], Callable[[str], "Grown[T]"]]
"""Starts a growing reading of an answer in a mode: a function that takes the next piece of the text and tells what it
brought."""

Read: TypeAlias = Callable[[str], tuple[T, tuple[Repair, ...]]]


@dataclass(frozen=True, slots=True)
class Grown(Generic[T]):
    """The value so far, None while there is none, and the items of a list that have closed since the last piece."""

    value: T | None = None
    items: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """How a plan reads one answer: the lenient way, and the strict one for answers that may not be whole."""

    lenient: Read[T]
    strict: Read[T]


class Whole(NamedTuple):
    """An answer put together of several: its text, and the account of that."""

    text: str
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Seam:
    """How an answer that was cut goes on.

    `over` tells an answer that was whole when it was cut off; `keep` gives what is certain of one that was not, ""
    when there is nothing to go on from; `join` puts behind that what came next, as a model writes it; `go_on` are the
    messages that ask for it.
    """

    over: Callable[[str], bool]
    keep: Callable[[str], str]
    join: Callable[[str, str], str]
    go_on: Callable[[str], Sequence[Message]]


@dataclass(frozen=True, slots=True)
class Patch:
    """A question for the faulty places of an answer alone, and how its answer is put into the faulty one.

    `merge` raises `Unreadable` when the answer names none of the places.
    """

    messages: tuple[Message, ...]
    merge: Callable[[str], Whole]


Patcher: TypeAlias = Callable[[Request, str, "T | None", Invalid], Patch | None]
"""Makes the patch of an answer to a request, from its text, or its value where that was read and a check said no."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The examples that were chosen for a call, and the requests that were paid to find them."""

    examples: tuple[ChosenExample, ...] = ()
    paid: tuple[Attempt, ...] = ()


NONE_CHOSEN = Shown()


class Plan(NamedTuple, Generic[T]):
    """Everything that the loop needs.

    `reader` gives the reading of answers in a mode. `parts` is how often a cut answer is continued; `grows` lets it
    begin anew with more room first. `shown` are the examples that were chosen for this call. `toolbox` holds the
    functions that are run on the way; `deadline` is how long, in seconds, the call may take with them. `unsaid` gives
    the shape of the answer in words where the messages do not say it.
    """

    pattern: str
    request: Request
    reader: Callable[[Mode], Reader[T]]
    complain: Callable[[str, Sequence[str]], Sequence[Message]]
    grow: Grow[T]
    checks: tuple[Check[T], ...] = ()
    reasks: int = 2
    answers_in_text: bool = False
    seam: Seam | None = None
    patch: Patcher[T] | None = None
    parts: int = 3
    grows: bool = True
    shown: Shown = NONE_CHOSEN
    toolbox: Toolbox | None = None
    deadline: float | None = None
    unsaid: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a call, and what its answer counts for.

    `base` is the request that the whole answer belongs to: this one, or the one whose answer was cut. `whole`
    makes the whole answer of the text that comes back; `kept` is what that begins with already.
    """

    request: Request
    base: Request
    whole: Callable[[str], Whole] = Whole
    kept: str = ""

    def mode(self, asked: Request) -> Mode:
        """The mode of the whole answer, of which a part may have been asked for; `asked` is what was sent at last."""
        return self.base.mode if asked.part else asked.mode


class Verdict(NamedTuple, Generic[T]):
    """What one candidate came to: a value with its mends, or the error it failed with. `text` is what was read."""

    choice: Choice
    text: str
    value: T | None = None
    repairs: tuple[Repair, ...] = ()
    error: OutputError | None = None
