"""A call put together: template, shape and setup become the plan that the loop runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from patterns.errors import InputError, Invalid
from patterns.exchange import ChosenExample, Mode, Options, Request, Task
from patterns.messages import Json, Message
from patterns.model.gateway import Gateway
from patterns.model.outgoing import target_name
from patterns.plan import NONE_CHOSEN, Grow, Patch, Patcher, Plan, Reader, Seam, Shown
from patterns.prompt.kinds import in_words
from patterns.prompt.template import Rendered, Template
from patterns.reading import growth, reader
from patterns.recipe import Recipe
from patterns.same import of_the_same
from patterns.seam import seam_of
from patterns.sendable import sendable, shortened
from patterns.settings import Settings
from patterns.setup import Dial, Setup
from patterns.ways import choose, target, told

if TYPE_CHECKING:
    from patterns.tools.errands import Toolbox

T = TypeVar("T")

_LONGEST = 100_000
"""Characters of a faulty answer that are shown to the model again; whole, it may cost more than the call it spoilt."""


def assemble(
    recipe: Recipe[T],
    inputs: Mapping[str, Json],
    setup: Setup,
    defaults: Settings,
    model: str,
    gateway: Gateway,
    shown: Shown | None = None,
    mode: Mode | None = None,
) -> Plan[T]:
    """Render the messages for this model's mode and say how the answers are read.

    `inputs` are as the template accepted them; `shown` are the examples chosen for them, None for all there are.
    `mode` is the one to ask in, None for the caller's choice or the best that is known of the model.
    """
    template, shape = recipe.template, recipe.shape
    standing = _standing(recipe, setup, defaults)
    options = standing.options
    mode = mode or _mode(recipe, setup, defaults, model, gateway, options)
    said = shape.words if told(recipe, model, mode, options) else ""
    examples = None if shown is None else shown.examples
    rendered = template.spoken(inputs, said, setup.history, examples)
    messages = rendered.messages
    if not standing.allow_urls:
        _check_addresses(messages)
    request = Request(
        model=model,
        messages=messages,
        options=options,
        target=target(recipe, model, mode) if template.format == "json" else None,
        mode=mode,
        tools=setup.tools,
        task=_task(recipe, inputs, examples),
        marks=_marks(rendered, setup.history) if standing.prompt_cache else (),
    )
    language = inputs.get("language")
    return Plan(
        pattern=recipe.name,
        request=request,
        reader=standing.reader if language is None else reader(recipe, setup.repair, language),
        complain=standing.complain,
        grow=standing.grow,
        checks=recipe.checks,
        reasks=standing.reasks,
        answers_in_text=template.format == "text",
        seam=standing.seam,
        patch=standing.patch,
        grows=standing.reasks > 0,
        shown=shown or NONE_CHOSEN,
        toolbox=_toolbox(setup, defaults, request) if setup.functions else None,
        deadline=standing.deadline,
        unsaid=None if said or template.format != "json" else lambda: shape.words,
    )


@dataclass(frozen=True, slots=True)
class _Standing(Generic[T]):
    """What is the same for every call of a recipe with these choices, found with one look."""

    options: Options
    allow_urls: bool
    prompt_cache: bool
    reader: Callable[[Mode], Reader[T]]
    complain: Callable[[str, Sequence[str]], Sequence[Message]]
    grow: Grow[T]
    reasks: int
    seam: Seam | None
    patch: Patcher[T] | None
    deadline: float | None


@of_the_same(32)
def _standing(recipe: Recipe[T], setup: Setup, defaults: Settings) -> _Standing[T]:
    reasks = defaults.reasks if setup.reasks is None else setup.reasks
    return _Standing(
        options=_options(recipe.template, setup, defaults),
        allow_urls=defaults.allow_urls if setup.allow_urls is None else setup.allow_urls,
        prompt_cache=defaults.prompt_cache if setup.prompt_cache is None else setup.prompt_cache,
        reader=reader(recipe, setup.repair),
        complain=complaint(recipe),
        grow=growth(recipe),
        reasks=reasks,
        seam=seam_of(recipe) if reasks else None,
        patch=patcher(recipe, setup.repair) if recipe.template.format == "json" and not setup.history else None,
        deadline=defaults.deadline if setup.deadline is None else setup.deadline,
    )


def _toolbox(setup: Setup, defaults: Settings, request: Request) -> Toolbox:
    """The functions of a call. Raises InputError where one has the name of the answering tool."""
    from patterns.tools.errands import Toolbox

    names = [tool.name for tool in setup.tools]
    if request.mode == "tools" and request.target is not None:
        answering = target_name(request.target)
        if answering in names:
            hint = "rename the function, or the type"
            raise InputError(f"a tool is called {answering}, as the type of the answer is", hint=hint)
        names.insert(0, answering)
    return Toolbox(
        functions={function.tool.name: function for function in setup.functions},
        names=tuple(names),
        turns=defaults.tool_turns if setup.tool_turns is None else setup.tool_turns,
        repair=setup.repair,
    )


def _marks(rendered: Rendered, history: Sequence[Message]) -> tuple[int, ...]:
    """Where the provider is asked to keep the prompt: behind what no input changes, and behind what was said before."""
    ends = {rendered.steady - 1} if rendered.steady else set()
    said = history[-1] if history else None
    if said is not None and said.role in ("user", "assistant") and said.content and not said.tool_calls:
        ends |= {number for number, message in enumerate(rendered.messages) if message is said}
    return tuple(sorted(ends))


def _check_addresses(messages: Sequence[Message]) -> None:
    for message in messages:  # nearly all of them are text alone
        if not isinstance(message.content, str) and any(part.url for part in message.parts):
            raise InputError(
                "an image is given by its address, and allow_urls is not set",
                hint="pass its bytes or a path; or, where you trust the address, with_options(allow_urls=True)",
            )


def _mode(recipe: Recipe[T], setup: Setup, defaults: Settings, model: str, gateway: Gateway, options: Options) -> Mode:
    if recipe.template.format != "json":
        return "prompted"
    return setup.mode or defaults.mode or choose(recipe, model, gateway, options, setup.tools, bool(setup.functions))


@of_the_same(64)
def patcher(recipe: Recipe[T], repair: Dial) -> Patcher[T]:
    """Patch faulty answers by what is loaded when there is the first: most programs never see one."""

    def patch(request: Request, text: str, value: T | None, error: Invalid) -> Patch | None:
        from patterns.patching import patcher as patching

        return patching(recipe, repair)(request, text, value, error)

    return patch


def _options(template: Template, setup: Setup, defaults: Settings) -> Options:
    """The caller's options over the template's own; the latter are wishes."""
    given = setup.options
    wishes = {name: value for name, value in template.config.items() if getattr(given, name) is None}
    timeout = given.timeout or wishes.pop("timeout", None) or defaults.timeout
    return replace(given, **{**wishes, "timeout": timeout, "wishes": frozenset(wishes)})  # type: ignore[arg-type]


def _task(recipe: Recipe[T], inputs: Mapping[str, Json], examples: Sequence[ChosenExample] | None) -> Task:
    labels = inputs.get("labels")
    return Task(
        pattern=recipe.name,
        technique=recipe.template.technique,
        inputs={name: value if type(value) is str else in_words(value) for name, value in inputs.items()},
        schema=recipe.shape.schema,
        format=recipe.template.format,
        examples=recipe.template.examples if examples is None else tuple(each.example for each in examples),
        labels=cast("Mapping[str, str]", labels) if labels is not None and isinstance(labels, Mapping) else {},
    )


@of_the_same(64)
def complaint(recipe: Recipe[T]) -> Callable[[str, Sequence[str]], Sequence[Message]]:
    """Say in the words of the template `_reask` what was wrong, with the faulty answer quoted as data."""

    def complain(answer: str, problems: Sequence[str]) -> Sequence[Message]:
        reask = recipe.catalog.load("_reask")
        told = {
            "answer": sendable(shortened(answer, _LONGEST)),
            "problems": [sendable(problem) for problem in problems],
        }
        return reask.render({**told, "format": recipe.template.format})

    return complain
