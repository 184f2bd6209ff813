"""Calls as the model wrote them, made ready to run: of functions that there are, with arguments that fit."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from patterns.errors import Invalid, OutputError
from patterns.exchange import Repair
from patterns.messages import Message, ToolCall
from patterns.output.excerpt import excerpt
from patterns.output.read import Leniency, examine
from patterns.prompt.near import did_you_mean
from patterns.tools.functions import Function
from patterns.tools.outcome import words_of

_MOST = 32
"""Calls that are run of one answer; a model that asks for more at once has lost its way."""
_STRANGE = re.compile(r"[^a-zA-Z0-9_-]+")
_NOTHING = ("", "null")
"""What models write where a function takes no arguments."""


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a call may do by itself: its functions by name, in how many rounds, and how far arguments may be mended.

    `names` are those of all tools, also of those that are declared only, whose calls are the caller's to run.
    """

    functions: Mapping[str, Function]
    names: tuple[str, ...]
    turns: int
    repair: Leniency = "align"

    def answers(self, call: ToolCall) -> bool:
        """Whether a call is answered here: it is of a function, or of a tool that there is not."""
        return call.name in self.functions or call.name not in self.names


@dataclass(frozen=True, slots=True)
class Errand:
    """One call to be answered: a function with the values it is to be given, or else the `problem` that keeps it back.

    The arguments of `call` are as they were read, so that a provider can read them, too.
    """

    call: ToolCall
    function: Function | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    problem: str | None = None


def numbered(calls: Sequence[ToolCall], before: Iterable[Message]) -> list[ToolCall]:
    """Give a call without an id, or with that of another, an id of its own: some servers count anew each time."""
    found: list[ToolCall] = []
    seen = {"", *(call.id for message in before for call in message.tool_calls)}
    fresh = (name for number in itertools.count() if (name := f"call_{number}") not in seen)
    for call in calls:
        found.append(replace(call, id=next(fresh)) if call.id in seen else call)
        seen.add(found[-1].id)
    return found


def errands(toolbox: Toolbox, calls: Sequence[ToolCall]) -> list[Errand]:
    """Make each call ready, or say what keeps it back."""
    few = [_errand(toolbox, call) for call in calls[:_MOST]]
    many = f"too many calls at once: the first {_MOST} are run"
    return few + [Errand(call, problem=many) for call in calls[_MOST:]]


def _errand(toolbox: Toolbox, call: ToolCall) -> Errand:
    function = toolbox.functions.get(call.name)
    if function is None:
        # A name that no provider takes would have the next request refused.
        taken = replace(call, name=_STRANGE.sub("_", call.name)[:64] or "nameless")
        return Errand(taken, problem=_unknown(call.name, toolbox))
    raw = call.raw or json.dumps(call.arguments)
    try:
        reading = examine("{}" if raw.strip() in _NOTHING else raw, function.shape, repair=toolbox.repair)
    except Invalid as error:
        return Errand(call, problem=f"the arguments do not fit: {'; '.join(map(str, error.errors)) or error.message}")
    except OutputError as error:
        return Errand(call, problem=f"the arguments cannot be read: {error.message} (they were: {excerpt(raw)})")
    except Exception as error:  # a type may bring code of its own
        return Errand(call, problem=f"the arguments cannot be read: {words_of(error)}")
    if not reading.complete:
        return Errand(call, problem=f"the arguments are cut off: {excerpt(raw)}")
    return Errand(_mended(call, reading.repairs, function, reading.output), function, reading.output, reading.repairs)


def _unknown(name: str, toolbox: Toolbox) -> str:
    near = did_you_mean(name, toolbox.names) or f"there is {', '.join(toolbox.names)}"
    return f"no tool is called {excerpt(name)}: {near}"


def _mended(call: ToolCall, repairs: Sequence[Repair], function: Function, values: Mapping[str, object]) -> ToolCall:
    """The call with its arguments as they were read, where they were not as they should be."""
    if call.arguments is not None and not repairs:
        return call
    arguments = function.shape.dump(values)
    assert isinstance(arguments, Mapping), "arguments are an object"
    return replace(call, arguments=arguments, raw=json.dumps(arguments, ensure_ascii=False))
