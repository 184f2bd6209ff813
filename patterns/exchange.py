"""The values of one exchange with a model: what is asked, what comes back, what it cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Generic, Literal, TypeAlias, TypeVar

from patterns.drawn import Told
from patterns.messages import Format, Json, Message, Tool, ToolCall

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Mode: TypeAlias = Literal["json_schema", "tools", "json_object", "prompted"]
"""How a shape is asked for: enforced by the provider (`json_schema`, `tools`), half (`json_object`), or in words."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them. Cached and reasoning tokens are parts of the input and the output.

    `estimated` says that a provider sent no count, and that ours, made with a tokenizer on this machine, stands here.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.estimated or other.estimated,
        )

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Options:
    """Sampling parameters of the completion API; None leaves the provider's default.

    `timeout` is a total deadline in seconds for one request, not a per-read timeout. `extra` is passed to
    litellm as it is, for what only one provider knows. `wishes` names the parameters that a template set as
    its default: they are dropped for a model that does not take them, where the caller's own are an error.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: tuple[str, ...] | None = None
    seed: int | None = None
    logit_bias: Mapping[int, float] | None = None
    n: int | None = None
    reasoning_effort: str | None = None
    thinking: Mapping[str, Json] | None = None
    timeout: float | None = None
    api_base: str | None = None
    tool_choice: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    wishes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """The shape of an answer as a provider can enforce it: a JSON Schema whose root is an object.

    `wrapped` says that the value itself is the member `value` of that object (a list or a scalar has no
    object at its root). `strict` says that the schema keeps the rules of strict structured output.
    """

    name: str
    schema: Mapping[str, Json]
    wrapped: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: the inputs of a pattern and the output they call for."""

    input: Mapping[str, Json]
    output: Json


@dataclass(frozen=True, slots=True)
class ChosenExample:
    """An example that was chosen for a call: its `number` among all of them (from 1), and `why`.

    `score` says how much it is like the inputs, where that was asked: the higher, the more. `tokens` is its size,
    where that was limited.
    """

    example: Example
    number: int
    why: str
    score: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """The typed request behind the messages, for an engine that reads it instead of prose. Never sent to a provider.

    `schema` is the JSON Schema of the wanted value itself (not wrapped); `technique` the template's first folder.
    """

    pattern: str
    technique: str
    inputs: Mapping[str, Json]
    schema: Mapping[str, Json]
    format: Format = "json"
    examples: tuple[Example, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """Everything one call to a model depends on.

    `part` says that no whole answer is asked for: the rest of one that was cut off, or faulty places of one. `marks`
    are numbers of messages, from 0, to whose end the provider is asked to keep it for calls that begin alike.
    """

    model: str
    messages: tuple[Message, ...]
    options: Options = Options()
    target: Target | None = None
    mode: Mode = "prompted"
    tools: tuple[Tool, ...] = ()
    task: Task | None = None
    part: bool = False
    marks: tuple[int, ...] = ()

    def taking(self, **options: object) -> Request:
        """The same request with other options."""
        return changed(self, options=changed(self.options, **options))


def changed(value: T, **changes: object) -> T:
    """Copy a frozen value with slots, and no check of its own, but for these of its fields.

    Each call does this several times, and `dataclasses.replace` takes twice as long.
    """
    kind: type = type(value)
    fields, setters = _slots(kind)
    if not changes.keys() <= setters.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(changes.keys() - setters.keys())}")
    made: T = object.__new__(kind)
    for put, field_value in zip(setters.values(), fields(value), strict=True):
        put(made, field_value)
    for name, other in changes.items():
        setters[name](made, other)
    return made


@cache
def _slots(kind: type) -> tuple[Callable[[object], tuple[object, ...]], dict[str, Callable[[object, object], None]]]:
    """What reads all fields of a class with slots at once, and what writes each of them into a value being made."""
    names: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]
    return attrgetter(*names), {name: getattr(kind, name).__set__ for name in names}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value of the output stands in an input: characters `start` to `end` (exclusive) of `inputs[input]`."""

    path: str
    input: str
    start: int
    end: int
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate answer. `finish_reason` is the provider's own word where it is not one of litellm's.

    `role` is the provider's word, too; whatever it is, the text is the assistant's.

    In mode `tools`, `text` holds the arguments of the answering call, which is not among `tool_calls`. `thoughts` are
    blocks that the provider wants back with the results of the calls, as they came.
    """

    text: str
    finish_reason: str | None = "stop"
    reasoning: str = ""
    refusal: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    role: str = "assistant"
    thoughts: tuple[Mapping[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What a model answered. `cost` is in US dollars, None when the price is unknown, never 0 for unknown.

    `request` is what it answers where a policy put another request than it was given, to a fallback for one.
    `cached` says that it was received earlier: it costs nothing now, and its usage is not counted again.
    """

    choices: tuple[Choice, ...]
    model: str
    usage: Usage | None = None
    cost: float | None = None
    engine: str = "litellm"
    id: str = ""
    sources: tuple[Source, ...] = ()
    request: Request | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer while it streams. The last one of a stream carries `response`, put together."""

    text: str = ""
    reasoning: str = ""
    response: Response | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One mend: what was bent, where, and what became of it.

    `path` is the place in the value (`$.items[3].price`), `span` the characters of the raw text it concerns
    (start, end exclusive), `cost` how far the reading was bent: 0 nothing at all, 1 spelling, 10 and more a guess.
    """

    kind: str
    path: str = "$"
    span: tuple[int, int] | None = None
    before: str = ""
    after: str = ""
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: what was asked, what came back, and what was wrong with it (`problem` is None on success).

    `paid` is False where nothing is charged for sure, None where nobody can know: the connection broke, for one.
    """

    request: Request
    response: Response | None
    problem: str | None = None
    repairs: tuple[Repair, ...] = ()
    seconds: float = 0.0
    paid: bool | None = True


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One call of a function of the program's by the model.

    `arguments` are as they were read, with `repairs` as the account of that; None when they could not be. `output` is
    what the model was told, `error` what it was told instead where the function was not run, or failed. `turn` counts
    the rounds of calls within one call of a pattern, from 1.
    """

    id: str
    name: str
    arguments: Mapping[str, Json] | None
    output: str = ""
    error: str | None = None
    seconds: float = 0.0
    repairs: tuple[Repair, ...] = ()
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Result(Told, Generic[T_co]):
    """A validated value with the whole story of how it came about.

    `candidates` holds every valid candidate of an `n` request, `output` the first. `usage` and `cost` are sums
    over all attempts; `cost` is in US dollars and None when any part of it is unknown. `whole` is the answer that
    was put together of several, where one was cut off or patched; the spans of repairs count in it. `examples` are
    those that were chosen for this call, in the order in which the model saw them. `tool_runs` are the calls of
    functions before the answer, `tool_messages` the same as the model saw them; `tool_calls` are the caller's to run.
    """

    output: T_co
    attempts: tuple[Attempt, ...]
    usage: Usage = Usage()
    cost: float | None = None
    repairs: tuple[Repair, ...] = ()
    candidates: tuple[T_co, ...] = ()
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    engine: str = "litellm"
    sources: tuple[Source, ...] = ()
    whole: str | None = None
    examples: tuple[ChosenExample, ...] = ()
    tool_runs: tuple[ToolRun, ...] = ()
    tool_messages: tuple[Message, ...] = ()

    _repr_pretty_ = Told._repr_pretty_  # IPython would take the generated repr before what is inherited

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the attempt that succeeded."""
        return self.attempts[-1].request.messages

    @property
    def model(self) -> str:
        """The model that answered, by the name it was asked by."""
        return self.attempts[-1].request.model

    @property
    def cached(self) -> bool:
        """The answer was received earlier, and nothing was paid for it now."""
        response = self.attempts[-1].response
        return response is not None and response.cached

    @property
    def fallback_model(self) -> str | None:
        """The model that answered in the place of the one asked for; None when that one answered itself."""
        first, last = self.attempts[0].request.model, self.attempts[-1].request.model
        return last if last != first else None

    @property
    def text(self) -> str:
        """The answer as it was read: raw, or put together where it came in parts."""
        if self.whole is not None:
            return self.whole
        response = self.attempts[-1].response
        return response.choices[0].text if response and response.choices else ""
