"""Every error a caller can meet.

    PatternsError                     .hint: what to do about it; .tool_runs: the tools that ran before it
    ├── InputError                    an argument is missing or cannot be sent
    ├── SchemaError                   an output type or JSON Schema cannot be used
    ├── TemplateError                 .path .line .rule
    ├── ExtraMissing                  .extra: the optional dependency to install
    ├── ModelError                    .model .status .retryable .retry_after .paid
    │   ├── TransientError            rate limit, timeout, 5xx, no connection: the same request may pass later
    │   │   └── DeadlineExceeded      the time that the whole call may take is over
    │   ├── AuthenticationError       no key, a wrong key, no permission
    │   ├── QuotaExceeded             the account is empty: waiting does not help
    │   ├── UnknownModel
    │   ├── BadRequest                the provider does not take this request
    │   ├── ContextOverflow           the messages are longer than the model reads
    │   ├── EmptyResponse             nothing came back, though the call went well
    │   ├── CircuitOpen
    │   └── NeedsModel                the embedded rules engine abstains: .fields it could not find
    ├── BudgetExceeded                .spent .limit, in US dollars; .attempts that were paid before
    ├── OutputError                   .attempts: the whole story, enough to replay it
    │   ├── Unreadable                no value of the asked shape in the text
    │   ├── Invalid                   .errors: a value was read, but it breaks the type or a check
    │   ├── Truncated                 the answer was cut off
    │   ├── Refused                   the model declined, or a filter did
    │   ├── CheckBroken               a check or a validator failed by itself: the fault is in the program
    │   ├── ToolsCalled               .tool_calls: the model called the caller's tools instead of answering
    │   └── ToolTurnsExceeded         .tool_calls: the model went on calling tools
    ├── CallStopped                   raised by a tool of the program's, to end the call that it runs in
    ├── RowFailed                     a row of a batch raised what is no error of ours: its .__cause__
    ├── BatchStopped                  .reason .index: the row was not asked, for the batch had stopped before
    └── SandboxError

All of them can be pickled, and none holds a secret: messages pass through `redact`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patterns.drawn import Drawn
from patterns.exchange import Attempt, ToolRun, Usage
from patterns.messages import Message, ToolCall
from patterns.redact import redact


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value: where (`$.items[3].price`), and what, in words a model can act on."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class PatternsError(Drawn, Exception):
    """Root of all our errors. `hint` says what to do and is shown under the message.

    `tool_runs` are the functions that the model had called before, in a call that was given tools: what they did is
    done.
    """

    tool_runs: tuple[ToolRun, ...] = ()

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(redact(message))
        self.hint = ""
        if hint:
            self.advise(hint)

    def advise(self, hint: str) -> None:
        """Attach what to do about this error; the traceback shows it under the message."""
        self.hint = redact(hint)
        self.add_note(self.hint)

    @property
    def message(self) -> str:
        """What went wrong, without the hint."""
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(kind: type[PatternsError], args: tuple[object, ...], state: dict[str, object]) -> PatternsError:
    """Restore an error from its parts, whatever its constructor asks for."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(PatternsError, ValueError):
    """An argument of a call is missing, unknown, or cannot be turned into JSON."""


class SchemaError(PatternsError, ValueError):
    """An output type or a JSON Schema cannot be used as one."""


class ExtraMissing(PatternsError, ImportError):
    """An optional dependency is not installed. `extra` names what to install."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency", hint=f"pip install 'prompt-patterns[{extra}]'")
        self.extra = extra


class TemplateError(PatternsError):
    """A template file is wrong, at `path` and `line` (1-based, None when no single line is at fault).

    `rule` is what `patterns lint` calls this kind of mistake; `fault` is the message without the place.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: str = "",
        rule: str = "syntax",
    ) -> None:
        where = "" if path is None else f"{path}:{line}: " if line else f"{path}: "
        super().__init__(f"{where}{message}", hint=hint)
        self.path = None if path is None else str(path)
        self.line = line
        self.rule = rule
        self.fault = redact(message)


class _Accounted:
    """An error that carries the attempts of its call, and what they come to."""

    attempts: tuple[Attempt, ...] = ()

    @property
    def usage(self) -> Usage:
        """Tokens over all attempts that were answered."""
        return total_usage(self.attempts)

    @property
    def cost(self) -> float | None:
        """US dollars over all attempts, None when a part of it is unknown."""
        return total_cost(self.attempts)


class ModelError(PatternsError, _Accounted):
    """A model could not be asked, or its provider failed.

    `status` is the HTTP status, None where there was none; `retry_after` is in seconds; `paid` is None when
    nobody can know whether the provider charges for the failed call. `attempts` holds what was paid before
    it, with the raw answers, and `usage` and `cost` (US dollars) sum them. `most_retries` is how often at most
    it is worth while to send the request again, None where that is left to the caller's own choice.
    """

    retryable = False
    most_retries: int | None = None

    def __init__(
        self,
        message: str,
        *,
        model: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        paid: bool | None = False,
        raw_text: str = "",
        attempts: Sequence[Attempt] = (),
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.model = model
        self.status = status
        self.retry_after = retry_after
        self.paid = paid
        self.raw_text = redact(raw_text)
        self.attempts = tuple(attempts)


class TransientError(ModelError):
    """Rate limit, timeout, 5xx or no connection: the same request may pass later."""

    retryable = True


class DeadlineExceeded(TransientError):
    """The `deadline` of the whole call is over: a later call may pass, but nothing is tried again within this one."""

    retryable = False


class AuthenticationError(ModelError):
    """No key, a wrong key, or no permission. Never retried."""


class QuotaExceeded(ModelError):
    """The account has no credit left. Waiting does not help."""


class UnknownModel(ModelError):
    """The provider, or litellm, does not know the model."""


class BadRequest(ModelError):
    """The provider does not take this request, and never will."""


class ContextOverflow(ModelError):
    """The messages are longer than the model can read."""


class EmptyResponse(ModelError):
    """The call went well and nothing came back: no choices, or an empty or null content."""

    retryable = True


class CircuitOpen(ModelError):
    """The model is left alone for a while: it failed too often lately, or asked for a rest. Nothing was sent.

    `retry_after` is how long, in seconds.
    """


class NeedsModel(ModelError):
    """The embedded rules engine abstains. `fields` are those it could not find."""

    def __init__(self, message: str, *, fields: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, model="rules", hint=hint)
        self.fields = tuple(fields)


class BudgetExceeded(PatternsError, _Accounted):
    """The next request could cost more than is left, and was not sent. `spent` and `limit` are in US dollars.

    `name` is the option that sets the limit: `budget`, or `max_cost` for that of one call. `reserved` was set aside
    for requests on their way; what these do not cost will be left again.
    `attempts` are those of the same call that were paid before it; `usage` and `cost` (US dollars) sum them.
    """

    def __init__(
        self,
        message: str,
        *,
        spent: float,
        limit: float,
        name: str = "budget",
        reserved: float = 0.0,
        attempts: Sequence[Attempt] = (),
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.spent = spent
        self.limit = limit
        self.name = name
        self.reserved = reserved
        self.attempts = tuple(attempts)


class OutputError(PatternsError, ValueError, _Accounted):
    """No acceptable answer. `attempts` is the whole story; `raw_text` the last answer as it came."""

    def __init__(self, message: str, *, attempts: Sequence[Attempt] = (), raw_text: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.attempts = tuple(attempts)
        self.raw_text = raw_text


class Unreadable(OutputError):
    """The text holds no value of the asked shape."""


class Invalid(OutputError):
    """A value was read, but it breaks the type or a check. `errors` says where and how."""

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[Problem] = (),
        attempts: Sequence[Attempt] = (),
        raw_text: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, attempts=attempts, raw_text=raw_text, hint=hint)
        self.errors = tuple(errors)


class Truncated(OutputError):
    """The answer was cut off: at the token limit, by the connection, or by the end of the stream."""


class Refused(OutputError):
    """The model declined to answer, or a content filter did it for the model."""


class CheckBroken(OutputError):
    """A check, or a validator of the output type, raised an error that is no objection: the fault is in the program.

    The answer may be good: it is in `raw_text`, and paid. The program's own error is the `__cause__`.
    """


class ToolsCalled(OutputError):
    """The model called tools of the caller's instead of answering. `tool_calls` says which, with their arguments.

    `messages` are what was said since the question: the call, behind the calls of functions that were run before it.
    """

    messages: tuple[Message, ...] = ()

    def __init__(self, tool_calls: Sequence[ToolCall], *, attempts: Sequence[Attempt] = (), raw_text: str = "") -> None:
        names = ", ".join(call.name for call in tool_calls)
        super().__init__(
            f"the model called {names} instead of answering",
            attempts=attempts,
            raw_text=raw_text,
            hint="run the tools and send their results back, as Conversation.answer_tools does",
        )
        self.tool_calls = tuple(tool_calls)


class ToolTurnsExceeded(OutputError):
    """The model called tools again after `tool_turns` rounds of them. `tool_calls` are the last, which were not run."""

    def __init__(
        self, turns: int, tool_calls: Sequence[ToolCall], *, attempts: Sequence[Attempt] = (), raw_text: str = ""
    ) -> None:
        names = ", ".join(call.name for call in tool_calls)
        rounds = "1 round" if turns == 1 else f"{turns} rounds"
        super().__init__(
            f"the model goes on calling tools ({names}) after {rounds} of them",
            attempts=attempts,
            raw_text=raw_text,
            hint="raise tool_turns=, or say in the prompt when to stop; what the tools did is in .tool_runs",
        )
        self.tool_calls = tuple(tool_calls)


class CallStopped(PatternsError, _Accounted):
    """Raise it in a tool to end the call that the tool runs in. The model is told nothing, and asked nothing more.

    `attempts` are those that were paid before; `usage` and `cost` (US dollars) sum them.
    """


class RowFailed(PatternsError):
    """The work on a row of a batch raised something that is no error of ours, which is the `__cause__`."""

    @classmethod
    def of(cls, error: BaseException, index: int) -> RowFailed:
        """Make it of what row `index` raised."""
        try:
            words = str(error)[:500]
        except Exception:  # its own text is what failed, perhaps
            words = ""
        said = " ".join(f"{type(error).__name__}: {words}".split()).removesuffix(":")
        failed = cls(f"row {index} raised {said}", hint="the row, or the program's own code for it, is at fault")
        failed.__cause__ = error
        return failed


class BatchStopped(PatternsError):
    """A batch stopped before row `index`, which was neither asked nor paid. `reason` is the error that stopped it."""

    def __init__(self, message: str, *, reason: PatternsError | None = None, index: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.index = index


class SandboxError(PatternsError):
    """Generated code could not be checked or run apart."""


def total_usage(attempts: Sequence[Attempt]) -> Usage:
    """The sum of tokens over all attempts that were answered."""
    usages = [a.response.usage for a in attempts if a.response and a.response.usage]
    return usages[0] if len(usages) == 1 else sum(usages, Usage())


def total_cost(attempts: Sequence[Attempt]) -> float | None:
    """The sum of costs in US dollars, None as soon as one answered attempt has no known price."""
    costs = [a.response.cost for a in attempts if a.response]
    known = [c for c in costs if c is not None]
    return sum(known) if costs and len(known) == len(costs) else None
