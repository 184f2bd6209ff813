"""A call put together: template, shape and setup become the plan that the loop runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from patterns.errors import Truncated, Unreadable
from patterns.exchange import Mode, Options, Repair, Request, Task
from patterns.messages import Json, Message
from patterns.model.gateway import Gateway
from patterns.output.growing import GrowingValue
from patterns.output.read import Reading, examine
from patterns.prompt.template import Template
from patterns.recipe import Recipe
from patterns.runner import Grow, Grown, Plan, Reader
from patterns.settings import Settings
from patterns.setup import Dial, Setup

T = TypeVar("T")

_BLOCK_END = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)


def assemble(
    recipe: Recipe[T], inputs: Mapping[str, object], setup: Setup, defaults: Settings, model: str, gateway: Gateway
) -> Plan[T]:
    """Render the messages for this model's mode and say how the answers are read."""
    template, shape = recipe.template, recipe.shape
    mode = _mode(setup, defaults, model, gateway) if template.format == "json" else "prompted"
    accepted = template.accept(inputs)
    messages = template.render(accepted, output_format=words(recipe, mode), history=setup.history)
    request = Request(
        model=model,
        messages=messages,
        options=_options(template, setup, defaults),
        target=shape.target if template.format == "json" else None,
        mode=mode,
        tools=setup.tools,
        task=_task(recipe, accepted),
    )
    return Plan(
        pattern=recipe.name,
        request=request,
        reader=reader(recipe, setup.repair, mode, inputs.get("language")),
        complain=complaint(recipe),
        grow=growth(recipe, mode),
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
    given = setup.options
    wishes = {name: value for name, value in template.config.items() if getattr(given, name) is None}
    timeout = given.timeout or wishes.pop("timeout", None) or defaults.timeout
    return replace(given, **{**wishes, "timeout": timeout, "wishes": frozenset(wishes)})  # type: ignore[arg-type]


def _task(recipe: Recipe[T], inputs: Mapping[str, Json]) -> Task:
    labels = inputs.get("labels")
    return Task(
        pattern=recipe.name,
        technique=recipe.template.technique,
        inputs=inputs,
        schema=recipe.shape.schema,
        format=recipe.template.format,
        examples=recipe.template.examples,
        labels=cast("Mapping[str, str]", labels) if isinstance(labels, Mapping) else {},
    )


def reader(recipe: Recipe[T], repair: Dial, mode: Mode, language: object = None) -> Reader[T]:
    """Say how answers are read: leniently, or strictly where nobody knows whether they are whole.

    `language` is the input of that name, which says what language code was asked for in.
    """
    shape, written = recipe.shape, recipe.template.format
    enveloped = _enveloped(recipe, mode)
    asked = language if isinstance(language, str) else ""

    def parse(text: str, leniency: Dial) -> tuple[T, tuple[Repair, ...]]:
        text = _opened(text) if enveloped else text
        reading = examine(text, shape, format=written, language=asked, repair=leniency)
        if written == "code":
            _refuse_part(text, reading)
        if not reading.complete:
            raise Truncated("the answer ends before its value does", raw_text=text)
        return reading.output, reading.repairs

    return Reader(lambda text: parse(text, repair), lambda text: parse(text, "none"))


def _refuse_part(text: str, reading: Reading[T]) -> None:
    """Refuse code that was found beside broken lines of its own block: what those were meant to do would be lost.

    Where the block has no end, it was cut off instead.
    """
    spans = [repair.span for repair in reading.repairs if repair.kind == "part of a block" and repair.span]
    if spans and _BLOCK_END.search(text, spans[-1][1]):
        first = text[slice(*spans[0])].strip().partition("\n")[0]
        raise Unreadable(f"not all of the block parses: only the part that begins with `{first}` does", raw_text=text)


def _opened(text: str) -> str:
    """Take the value out of the object it was asked for in; a text that is no such object stays as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return json.dumps(value["value"]) if isinstance(value, dict) and set(value) == {"value"} else text


def growth(recipe: Recipe[T], mode: Mode) -> Grow[T]:
    """Say how an answer is read while it arrives: JSON by its closed parts, text as it stands, code not at all."""
    written = recipe.template.format
    if written == "json":
        return lambda: _growing_json(GrowingValue(recipe.into, enveloped=_enveloped(recipe, mode)))
    return _growing_text if written == "text" else lambda: lambda piece: Grown()


def _growing_json(growing: GrowingValue[T]) -> Callable[[str], Grown[T]]:
    def feed(piece: str) -> Grown[T]:
        items = growing.feed(piece)
        return Grown(growing.value, tuple(items))

    return feed


def _growing_text() -> Callable[[str], Grown[T]]:
    pieces: list[str] = []

    def feed(piece: str) -> Grown[T]:
        pieces.append(piece)
        return Grown(cast("T", "".join(pieces)))

    return feed


def _enveloped(recipe: Recipe[T], mode: Mode) -> bool:
    """Where the provider enforces the shape, the envelope around a value that is no object is ours, not a mend."""
    return recipe.template.format == "json" and recipe.shape.target.wrapped and mode in ("json_schema", "tools")


def complaint(recipe: Recipe[T]) -> Callable[[str, Sequence[str]], Sequence[Message]]:
    """Say in the words of the template `_reask` what was wrong, with the faulty answer quoted as data."""

    def complain(answer: str, problems: Sequence[str]) -> Sequence[Message]:
        reask = recipe.catalog.load("_reask")
        told = {"answer": _sendable(answer), "problems": [_sendable(problem) for problem in problems]}
        return reask.render({**told, "format": recipe.template.format})

    return complain


def _sendable(text: str) -> str:
    """Replace halves of surrogate pairs, which a model may write but no request can hold."""
    return text.encode("utf-8", "replace").decode()
