"""A conversation: each call sees what was said before, and joins it when it went well."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import ParamSpec, TypeVar, Unpack, cast, overload

from patterns.call import Call
from patterns.conversation import saved
from patterns.conversation.memory import Bounds, Memory, Refresh
from patterns.conversation.turns import pending, turns_of
from patterns.errors import InputError, ToolsCalled
from patterns.events import Dropped
from patterns.exchange import Result
from patterns.messages import Message, Part, Thoughts, ToolCall
from patterns.model.steps import Steps, adrive, drive
from patterns.pattern import Pattern
from patterns.setup import Changes

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")

_WHERE = ("model", "fallbacks", "api_base", "extra", "timeout")


class Conversation:
    """A talk of many turns with one model.

    `system` is what the model keeps to throughout. `history_tokens` bounds what is remembered, the system message
    apart: the oldest turns go first, whole, so that a tool's result never loses its call. Tokens are estimated
    as a quarter of the characters and four for each message. Turns older than `ttl` seconds of `clock` go before
    the next call; `refresh` may give fresh messages in their place. What went is in `dropped`, and an event tells it.
    All other options are those of `Pattern.with_options`; `history` among them is what was said before.

    A call that fails leaves no trace in the history. A conversation is for one caller at a time.
    """

    def __init__(
        self,
        system: str = "",
        *,
        history_tokens: int | None = None,
        ttl: float | None = None,
        refresh: Refresh | None = None,
        clock: Callable[[], float] = time.time,
        **options: Unpack[Changes],
    ) -> None:
        self.system = system
        turns = turns_of(options.pop("history", ()), clock())
        self._memory = Memory(turns, Bounds(history_tokens, ttl), refresh, clock)
        self._options = options
        self._pattern: Pattern[..., str] = Pattern("conversation/turn", output=str, **options)
        self._asked: tuple[object, Call[object]] | None = None

    @property
    def history(self) -> tuple[Message, ...]:
        """What was said so far, without the system message."""
        return self._memory.messages

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What had to go, oldest first: the last hundred drops."""
        return self._memory.dropped

    @property
    def pending(self) -> tuple[ToolCall, ...]:
        """The calls of tools that wait for `answer_tools`."""
        return pending(self._memory.turns)

    def __repr__(self) -> str:
        return f"<Conversation of {len(self._memory.turns)} turns>"

    def clear(self) -> None:
        """Forget all that was said. The system message stays."""
        self._memory.turns, self._asked = (), None

    def send(self, text: str, *parts: Part) -> str:
        """Say something and give the answer; images, documents and sounds go behind the text.

        Raises ToolsCalled when the model calls tools, with or without words.
        """
        return _words(self.run(text, *parts))

    async def asend(self, text: str, *parts: Part) -> str:
        """`send` on the running loop."""
        return _words(await self.arun(text, *parts))

    def run(self, text: str, *parts: Part) -> Result[str]:
        """Say something and give the answer with its whole story; calls of tools are in `tool_calls`."""
        call = self._saying(text, parts)
        return drive(self._turn(call, [_question(call)]), call.gateway)

    async def arun(self, text: str, *parts: Part) -> Result[str]:
        """`run` on the running loop."""
        call = self._saying(text, parts)
        return await adrive(self._turn(call, [_question(call)]), call.gateway)

    def ask(self, pattern: Pattern[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask a pattern inside the conversation: it sees what was said, and its question and answer join it.

        The pattern brings its own system message. Where it names no model, it is asked of the conversation's; what it
        says nothing of in time, tries and money is the conversation's, too.
        """
        call = self._to_ask(pattern)._prepare(args, kwargs)
        return drive(self._turn(call, [_question(call)], pattern), call.gateway).output

    async def aask(self, pattern: Pattern[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`ask` on the running loop."""
        call = await self._to_ask(pattern)._ready(args, kwargs)
        return (await adrive(self._turn(call, [_question(call)], pattern), call.gateway)).output

    @overload
    def answer_tools(self, results: Mapping[str, object]) -> str: ...
    @overload
    def answer_tools(self, results: Mapping[str, object], pattern: Pattern[..., T]) -> T: ...
    def answer_tools(self, results: Mapping[str, object], pattern: Pattern[..., T] | None = None) -> T | str:
        """Give the results of all pending calls, by the id of the call, and give the answer that follows.

        Results are text or anything that JSON can hold. When a pattern was asked, pass it again: its value comes back.
        """
        call, said = self._going_on(results, pattern)
        return _words(drive(self._turn(call, said, pattern), call.gateway), pattern)

    @overload
    async def aanswer_tools(self, results: Mapping[str, object]) -> str: ...
    @overload
    async def aanswer_tools(self, results: Mapping[str, object], pattern: Pattern[..., T]) -> T: ...
    async def aanswer_tools(self, results: Mapping[str, object], pattern: Pattern[..., T] | None = None) -> T | str:
        """`answer_tools` on the running loop."""
        call, said = self._going_on(results, pattern)
        return _words(await adrive(self._turn(call, said, pattern), call.gateway), pattern)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the conversation as JSON: what was said, the model's name, the bounds. Secrets are struck out."""
        model, bounds = self._options.get("model"), self._memory.bounds
        saved.write(Path(path), saved.made(self.system, model, bounds, self._memory.turns))

    @classmethod
    def load(
        cls,
        path: str | PathLike[str],
        *,
        refresh: Refresh | None = None,
        clock: Callable[[], float] = time.time,
        **options: Unpack[Changes],
    ) -> Conversation:
        """Read a conversation that `save` wrote; options are not kept in the file and are given again."""
        found, turns = saved.read(Path(path))
        options.setdefault("model", found.model)
        made = cls(
            found.system, history_tokens=found.history_tokens, ttl=found.ttl, refresh=refresh, clock=clock, **options
        )
        made._memory.turns = turns
        return made

    def _saying(self, text: str, parts: Sequence[Part]) -> Call[str]:
        if not text.strip() and not parts:
            raise InputError("there is nothing to say: the text is empty")
        return self._to_ask(self._pattern)._prepare((), {"text": text, "parts": parts, "system": self.system})

    def _to_ask(self, pattern: Pattern[..., T]) -> Pattern[..., T]:
        """Put a pattern on top of the history, once that is within its bounds."""
        if waiting := self.pending:
            hint = "give their results with answer_tools({id: value}), or forget them with clear()"
            raise InputError(f"calls of tools wait for results: {', '.join(call.id for call in waiting)}", hint=hint)
        self._memory.freshen()
        return self._placed(pattern, self.history)

    def _placed(self, pattern: Pattern[..., T], history: Sequence[Message]) -> Pattern[..., T]:
        """Put a pattern behind the history; one that names no model goes where the conversation goes.

        What it leaves open of time, tries and money is the conversation's, with one budget for all that is said in it.
        """
        where = {key: value for key, value in self._options.items() if key in _WHERE and not pattern._setup.model}
        placed = pattern.with_options(**cast("Changes", where | {"history": history}))
        return placed._copy(_setup=placed._setup.over(self._pattern._setup))

    def _going_on(
        self, results: Mapping[str, object], pattern: Pattern[..., T] | None
    ) -> tuple[Call[T | str], Sequence[Message]]:
        """Take up the call in which the model called tools, with their results behind it."""
        said = _results(self.pending, results)
        if self._asked is None and pattern is None:
            behind = self._placed(self._pattern, (*self.history, *said))
            return cast("Call[T | str]", behind._prepare((), {"text": "", "system": self.system})), said
        if self._asked is None or self._asked[0] is not pattern:
            asked = self._asked[0] if self._asked else "the model"
            raise InputError(
                f"it was {asked!r} that called tools", hint="answer_tools(results, pattern) goes on with its pattern"
            )
        call = cast("Call[T | str]", self._asked[1])
        return _behind(call, said), said

    def _turn(self, call: Call[T], said: Sequence[Message], pattern: Pattern[..., U] | None = None) -> Steps[Result[T]]:
        """Make the call, and let question and answer join the history together."""
        try:
            result = yield from call.steps()
        except ToolsCalled as error:
            self._memory.add([*said, *error.messages])
            self._asked = (pattern, cast("Call[object]", _behind(call, error.messages)))
            raise
        self._memory.add([*said, *result.tool_messages, _answering(result, pattern)])
        self._asked = None
        return result


def _question(call: Call[T]) -> Message:
    """The last thing the user says in a call."""
    messages = call.plan.request.messages
    return next((message for message in reversed(messages) if message.role == "user"), messages[-1])


def _behind(call: Call[T], said: Sequence[Message]) -> Call[T]:
    """The same call, with what was said since its question."""
    request = call.plan.request
    return replace(call, plan=call.plan._replace(request=replace(request, messages=(*request.messages, *said))))


def _words(result: Result[T], pattern: Pattern[..., U] | None = None) -> T:
    if pattern is None and result.tool_calls:
        error = ToolsCalled(result.tool_calls, attempts=result.attempts, raw_text=result.text)
        error.tool_runs = result.tool_runs
        raise error
    return result.output


def _answering(result: Result[object], pattern: Pattern[..., U] | None) -> Message:
    """The answer as it joins the history. Beside the value of a pattern, what else was called for is moot."""
    calls = () if pattern else result.tool_calls
    blocks = result.attempts[-1].response.choices[0].thoughts if calls and result.attempts[-1].response else ()
    thoughts = Thoughts(result.model, blocks) if blocks else None
    return Message("assistant", _answer(result, pattern), calls, thoughts=thoughts)


def _answer(result: Result[object], pattern: Pattern[..., U] | None) -> str:
    """Write an answer as it should have been written: a value as clean JSON, all else as it came."""
    if isinstance(result.output, str):
        return result.output
    recipe = pattern.recipe() if pattern else None
    if recipe is None or recipe.template.format != "json":
        return result.text
    return json.dumps(recipe.shape.dump(cast("U", result.output)), ensure_ascii=False)


def _results(waiting: Sequence[ToolCall], results: Mapping[str, object]) -> list[Message]:
    """Write the results as messages, in the order of the calls."""
    ids = [call.id for call in waiting]
    if not ids or set(results) != set(ids):
        wanted = f"the calls {', '.join(ids)} wait" if ids else "no call waits"
        hint = "answer_tools takes the result of each pending call, by the id of the call"
        raise InputError(f"{wanted}, and there are results for {', '.join(results) or 'none'}", hint=hint)
    return [Message("tool", _written(results[id_]), tool_call_id=id_) for id_ in ids]


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(value).decode()
    except (PydanticSerializationError, ValueError) as error:
        raise InputError(f"the result of a tool cannot be written as JSON: {error}") from None
