"""A call put together: template, shape and setup become the plan that the loop runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TypeVar, cast

from patterns.exchange import Mode, Options, Repair, Request, Task
from patterns.messages import Json, Message
from patterns.model.gateway import Gateway
from patterns.output.code import read_code
from patterns.output.read import examine
from patterns.output.shape import Shape
from patterns.output.text import read_text
from patterns.prompt.template import Template
from patterns.recipe import Recipe
from patterns.runner import Plan, Reader
from patterns.settings import Settings
from patterns.setup import Dial, Setup

T = TypeVar("T")
Parse = Callable[[str], tuple[T, tuple[Repair, ...]]]


def assemble(
    recipe: Recipe[T], inputs: Mapping[str, object], setup: Setup, defaults: Settings, model: str, gateway: Gateway
) -> Plan[T]:
    """Render the messages for this model's mode and say how the answers are read."""
    template, shape = recipe.template, recipe.shape
    mode = _mode(setup, defaults, model, gateway) if template.format == "json" else "prompted"
    messages = template.render(
        cast("Mapping[str, Json]", inputs), output_format=words(recipe, mode), history=setup.history
    )
    request = Request(
        model=model,
        messages=messages,
        options=_options(template, setup, defaults),
        target=shape.target if template.format == "json" else None,
        mode=mode,
        tools=setup.tools,
        task=_task(recipe, inputs),
    )
    return Plan(
        pattern=recipe.name,
        request=request,
        reader=reader(recipe, setup.repair, mode),
        complain=complaint(recipe),
        checks=recipe.checks,
        reasks=defaults.reasks if setup.reasks is None else setup.reasks,
        answers_in_text=template.format == "text",
    )


def _mode(setup: Setup, defaults: Settings, model: str, gateway: Gateway) -> Mode:
    return setup.mode or defaults.mode or gateway.mode(model)


def words(recipe: Recipe[T], mode: Mode) -> str:
    """The shape in words, empty where the provider enforces it or the format needs none."""
    return "" if mode in ("json_schema", "tools") or recipe.template.format != "json" else recipe.shape.words


def _options(template: Template, setup: Setup, defaults: Settings) -> Options:
    """The caller's options over the template's own; the latter are wishes."""
    given = {f.name: getattr(setup.options, f.name) for f in fields(Options)}
    wishes = {k: v for k, v in template.config.items() if given.get(k) is None}
    merged = replace(setup.options, **wishes, wishes=frozenset(wishes))  # type: ignore[arg-type]
    return merged if merged.timeout else replace(merged, timeout=defaults.timeout)


def _task(recipe: Recipe[T], inputs: Mapping[str, object]) -> Task:
    labels = inputs.get("labels")
    return Task(
        pattern=recipe.name,
        technique=recipe.template.technique,
        inputs=cast("Mapping[str, Json]", inputs),
        schema=recipe.shape.schema,
        format=recipe.template.format,
        examples=recipe.template.examples,
        labels=cast("Mapping[str, str]", labels) if isinstance(labels, Mapping) else {},
    )


def reader(recipe: Recipe[T], repair: Dial, mode: Mode) -> Reader[T]:
    """Choose how answers are read, by the template's format."""
    if recipe.template.format == "json":
        enforced = recipe.shape.target.wrapped and mode in ("json_schema", "tools")
        return Reader(_json(recipe.shape, repair, enforced), _json(recipe.shape, "none", enforced))
    parse = _code(recipe.shape) if recipe.template.format == "code" else _text(recipe.shape)
    return Reader(parse, parse)


def _json(shape: Shape[T], repair: Dial, wrapped: bool) -> Parse[T]:
    def parse(text: str) -> tuple[T, tuple[Repair, ...]]:
        reading = examine(text, shape, repair=repair, wrapped=wrapped)
        return reading.output, reading.repairs

    return parse


def _code(shape: Shape[T]) -> Parse[T]:
    def parse(text: str) -> tuple[T, tuple[Repair, ...]]:
        reading = read_code(text)
        return shape.validate({"language": reading.language, "source": reading.source}), reading.repairs

    return parse


def _text(shape: Shape[T]) -> Parse[T]:
    def parse(text: str) -> tuple[T, tuple[Repair, ...]]:
        reading = read_text(text)
        return shape.validate(reading.text), reading.repairs

    return parse


def complaint(recipe: Recipe[T]) -> Callable[[str, Sequence[str]], Sequence[Message]]:
    """Say in the words of the template `_reask` what was wrong, with the faulty answer quoted as data."""

    def complain(answer: str, problems: Sequence[str]) -> Sequence[Message]:
        reask = recipe.catalog.load("_reask")
        return reask.render({"answer": answer, "problems": list(problems), "format": recipe.template.format})

    return complain
