"""What a call is made with: the model, its options, and how patient the loop is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, cast, get_args

from patterns.errors import InputError
from patterns.exchange import Example, Mode, Options
from patterns.ledger import Ledger
from patterns.messages import Json, Message, Tool
from patterns.prompt.pool import Pool
from patterns.prompt.selection import Selection
from patterns.settings.values import Lane
from patterns.shared_ledger import ledger_for

if TYPE_CHECKING:
    from patterns.tools.functions import Function, Given

Dial: TypeAlias = Literal["none", "syntax", "align"]
"""How far an answer may be mended: not at all, its syntax only, or also towards the type."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The choices of `with_options`; None leaves the choice to the settings.

    `examples` stand in for those of the template; `choose` says which of them are shown.

    `tools` are all that the model is told of; `functions` are those of them that are run when it calls them.
    `ledger` keeps what was spent of `budget` by every call under this setup and the setups made from it; with a
    `budget_file`, by those of every process that names the file.
    """

    model: str | None = None
    fallbacks: tuple[str, ...] | None = None
    fallback_on_refusal: bool | None = None
    mode: Mode | None = None
    reasks: int | None = None
    tool_turns: int | None = None
    retries: int | None = None
    deadline: float | None = None
    breaker: bool | None = None
    cache: bool | Path | None = None
    cache_ttl: float | None = None
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    budget: float | None = None
    budget_file: Path | None = None
    ledger: Ledger | None = None
    allow_urls: bool | None = None
    prompt_cache: bool | None = None
    lane: Lane | None = None
    repair: Dial = "align"
    tools: tuple[Tool, ...] = ()
    functions: tuple[Function, ...] = ()
    history: tuple[Message, ...] = ()
    examples: Pool | None = None
    choose: Selection | None = None
    options: Options = field(default_factory=Options)

    def changed(self, changes: Mapping[str, object]) -> Setup:
        """Give a setup with these choices changed; the names are those of `Changes`."""
        own = {k: _plain(k, v) for k, v in changes.items() if k in _OWN}
        sampling = {k: _plain(k, v) for k, v in changes.items() if k in _SAMPLING}
        if unknown := [k for k in changes if k not in own and k not in sampling]:
            near = difflib.get_close_matches(unknown[0], _OWN | _SAMPLING, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(sorted(_OWN | _SAMPLING))}"
            raise InputError(f"no such option: {', '.join(unknown)}", hint=hint)
        for name, value in (own | sampling).items():
            _check(name, value)
        if "tools" in own:
            own["tools"], own["functions"] = _tools(cast("tuple[Tool | Given, ...]", own["tools"] or ()))
        if "budget" in own or "budget_file" in own:
            own["ledger"] = _ledger(own.get("budget", self.budget), own.get("budget_file", self.budget_file))
        made = replace(self, **own, options=replace(self.options, **sampling))  # type: ignore[arg-type]
        if made.functions and (made.options.n or 1) > 1:
            raise InputError("n asks for several answers, and functions are run for one", hint="leave out n= or tools=")
        return made

    def over(self, beneath: Setup) -> Setup:
        """Take from `beneath` the terms that this setup leaves open: time, tries and money, not what is asked."""
        return replace(self, **{name: getattr(beneath, name) for name in _TERMS if getattr(self, name) is None})


class Changes(TypedDict, total=False):
    """Everything that `with_options` takes.

    `budget` is one for all calls under these options, `max_cost` for each; `budget_file` shares it among processes.
    """

    model: str | None
    fallbacks: Sequence[str] | None
    fallback_on_refusal: bool | None
    mode: Mode | None
    reasks: int | None
    tool_turns: int | None
    retries: int | None
    deadline: float | None
    breaker: bool | None
    cache: bool | Path | str | None
    cache_ttl: float | None
    rpm: int | None
    tpm: int | None
    max_cost: float | None
    budget: float | None
    budget_file: Path | str | None
    allow_urls: bool | None
    prompt_cache: bool | None
    lane: Lane | None
    repair: Dial
    tools: Sequence[Tool | Callable[..., object]]
    history: Sequence[Message]
    examples: Sequence[Example] | None
    choose: Selection | None
    temperature: float | None
    top_p: float | None
    max_tokens: int | None
    frequency_penalty: float | None
    presence_penalty: float | None
    stop: Sequence[str] | str | None
    seed: int | None
    logit_bias: Mapping[int, float] | None
    n: int | None
    reasoning_effort: str | None
    thinking: Mapping[str, Json] | None
    timeout: float | None
    api_base: str | None
    tool_choice: str | None
    extra: Mapping[str, Json]


_TERMS = (
    *("retries", "deadline", "breaker", "cache", "cache_ttl", "rpm", "tpm", "max_cost"),
    *("budget", "budget_file", "ledger", "prompt_cache", "lane"),
)
_OWN = frozenset(each.name for each in fields(Setup)) - {"options", "ledger", "functions"}
_SAMPLING = frozenset(each.name for each in fields(Options)) - {"wishes"}
_RANGES: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "temperature": (lambda v: 0 <= v <= 2, "from 0 to 2"),
    "top_p": (lambda v: 0 <= v <= 1, "from 0 to 1"),
    "frequency_penalty": (lambda v: -2 <= v <= 2, "from -2 to 2"),
    "presence_penalty": (lambda v: -2 <= v <= 2, "from -2 to 2"),
    "max_tokens": (lambda v: v >= 1, "at least 1"),
    "n": (lambda v: v >= 1, "at least 1"),
    "timeout": (lambda v: v > 0, "above 0 seconds"),
    "budget": (lambda v: v > 0, "above 0 US dollars"),
    "max_cost": (lambda v: v > 0, "above 0 US dollars"),
    "deadline": (lambda v: v > 0, "above 0 seconds"),
    "cache_ttl": (lambda v: v > 0, "above 0 seconds"),
    "rpm": (lambda v: v >= 1, "at least 1"),
    "tpm": (lambda v: v >= 1, "at least 1"),
    "reasks": (lambda v: v >= 0, "at least 0"),
    "tool_turns": (lambda v: v >= 1, "at least 1"),
    "retries": (lambda v: v >= 0, "at least 0"),
}
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "model": (lambda v: isinstance(v, str), "the name of a model"),
    "fallbacks": (lambda v: _all(v, str), "a list of names of models"),
    "breaker": (lambda v: isinstance(v, bool), "True or False"),
    "fallback_on_refusal": (lambda v: isinstance(v, bool), "True or False"),
    "allow_urls": (lambda v: isinstance(v, bool), "True or False"),
    "prompt_cache": (lambda v: isinstance(v, bool), "True or False"),
    "cache": (lambda v: isinstance(v, bool | Path), "True, False or a path"),
    "budget_file": (lambda v: isinstance(v, Path), "a path"),
    "tools": (
        lambda v: isinstance(v, tuple) and all(isinstance(tool, Tool) or callable(tool) for tool in v),
        "a list of functions and of patterns.Tool",
    ),
    "history": (lambda v: _all(v, Message), "a list of patterns.Message"),
    "examples": (lambda v: isinstance(v, Pool) and _all(v.examples, Example), "a list of patterns.Example"),
    "choose": (lambda v: isinstance(v, Selection), "a patterns.Selection"),
    "stop": (lambda v: _all(v, str), "a text or a list of texts"),
    "seed": (lambda v: isinstance(v, int), "a whole number"),
    "logit_bias": (lambda v: isinstance(v, Mapping), "a mapping from tokens to numbers"),
    "thinking": (lambda v: isinstance(v, Mapping), "a mapping"),
    "extra": (lambda v: isinstance(v, Mapping), "a mapping"),
    "api_base": (lambda v: isinstance(v, str), "an address"),
    "reasoning_effort": (lambda v: isinstance(v, str), "a word"),
    "tool_choice": (lambda v: isinstance(v, str), "a word"),
}
_KEYS = frozenset({"api-key", "x-api-key", "authorization", "proxy-authorization", "x-goog-api-key"})
_WORDS: Mapping[str, tuple[str, ...]] = {
    "mode": ("json_schema", "tools", "json_object", "prompted"),
    "lane": get_args(Lane),
    "repair": ("none", "syntax", "align"),
}


def _tools(given: tuple[Tool | Given, ...]) -> tuple[tuple[Tool, ...], tuple[Function, ...]]:
    """Make tools of functions, by what is loaded when the first is given: most programs have none."""
    if not given:
        return (), ()
    from patterns.tools.functions import tools_of

    return tools_of(given)


def _ledger(budget: object, file: object) -> Ledger | None:
    if file is not None and budget is None:
        raise InputError("budget_file= says where a budget is kept, but there is none", hint="set budget= too")
    limit = float(budget) if isinstance(budget, int | float) else None
    return None if limit is None else ledger_for(limit, file if isinstance(file, Path) else None)


def _all(values: object, kind: type) -> bool:
    return isinstance(values, tuple) and all(isinstance(value, kind) for value in values)


def _plain(name: str, value: object) -> object:
    """Freeze lists, for a setup is kept and shared; one stop sequence may come without a list."""
    if name == "stop" and isinstance(value, str):
        return (value,)
    if name in ("cache", "budget_file") and isinstance(value, str) and value:
        return Path(value)
    if name == "examples" and isinstance(value, Sequence) and not isinstance(value, str):
        return Pool(value)
    return tuple(value) if isinstance(value, list) else value


def _check(name: str, value: object) -> None:
    if value is None:
        return
    if name == "fallbacks" and isinstance(value, str):
        raise InputError("fallbacks is a list of models, not one string", hint=f"write fallbacks=[{value!r}]")
    if name in _RANGES:
        fits, words = _RANGES[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not fits(value):
            raise InputError(f"{name} must be a number {words}, not {value!r}")
    if name in _KINDS and not _KINDS[name][0](value):
        raise InputError(f"{name} must be {_KINDS[name][1]}, not {value!r}")
    if name in _WORDS and value not in _WORDS[name]:
        raise InputError(f"{name} must be one of {', '.join(_WORDS[name])}, not {value!r}")
    if (name == "extra" and isinstance(value, Mapping) and _holds_key(value)) or (
        name == "api_base" and "@" in str(value)
    ):
        # Options are kept with every attempt, and so in errors, pickles and logs.
        raise InputError(
            "a key does not belong in the options", hint="set the provider's own variable, such as OPENAI_API_KEY"
        )


def _holds_key(extra: Mapping[str, object]) -> bool:
    """Tell whether a key stands among the extra options, or in headers among them."""
    headers = extra.get("extra_headers")
    names = [*extra, *(headers if isinstance(headers, Mapping) else ())]
    return any(str(name).lower().replace("_", "-") in _KEYS for name in names)
