"""The command `patterns render`: the exact messages of a call, what they weigh, and what stays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, cast

import typer

from patterns import terminal
from patterns.arguments import schema_argument, template_arguments
from patterns.endings import errors, print_json
from patterns.errors import InputError
from patterns.exchange import ChosenExample, Request
from patterns.messages import Message
from patterns.model.estimates import estimate
from patterns.model.known import facts
from patterns.model.tokens import text_tokens
from patterns.pattern import Pattern
from patterns.plan import Plan
from patterns.settings import settings


@dataclass(frozen=True, slots=True)
class Weight:
    """What the input of a call weighs for one model: tokens, US dollars (None: unknown), and its window in tokens."""

    model: str
    tokens: int
    cost: float | None
    window: int | None


def render(
    template: Annotated[str, typer.Argument(help="A template, such as few_shot/sentiment; see `patterns list`.")],
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="An input as name=value or name=@file.")
    ] = None,
    example: Annotated[
        int | None, typer.Option("--example", min=1, help="Take the inputs of this example of the template.")
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option("--schema", "-s", help="Shorthand ('name, age int'), a JSON Schema file, or module:Model."),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", "-m", help="Count and price for this model; more than one may be.")
    ] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show the exact messages, as the first model named would get them; no model is asked.

    With models, each message and each model has its tokens, by OpenAI's tokenizer, and each model its price for the
    input. Messages that are the same whatever the inputs are, which a provider's prompt cache can keep, are marked.
    """
    with errors(machine):
        output = None if schema is None else cast("type[object]", schema_argument(schema))
        pattern: Pattern[..., object] = Pattern(template, output=output, prompt_cache=True)
        arguments = _arguments(pattern, inputs, example)
        models = model or []
        plans = [_plan(pattern, each, arguments) for each in models or (None,)]
        requests = [plan.request for plan in plans]
        chosen = plans[0].shown.examples
        weights = [_weight(each) for each in requests] if models else []
        tokens = [text_tokens(message.text) for message in requests[0].messages] if models else None
        if machine:
            print_json(_data(requests[0], weights, tokens, chosen))
        else:
            _print(requests[0], weights, tokens)
            _print_chosen(chosen)


def _arguments(pattern: Pattern[..., object], inputs: list[str] | None, example: int | None) -> dict[str, object]:
    if example is None:
        return template_arguments(pattern.name, inputs)
    examples = pattern.recipe().template.examples
    if example > len(examples):
        raise InputError(f"{pattern.name} has {len(examples)} examples, and no example {example}")
    return {**examples[example - 1].input, **template_arguments(pattern.name, inputs, asks=False)}


def _plan(pattern: Pattern[..., object], model: str | None, arguments: Mapping[str, object]) -> Plan[object]:
    asked = pattern if model is None else pattern.with_options(model=model)
    return asked._prepare((), arguments, calling=False).plan


def _weight(request: Request) -> Weight:
    counted = estimate(request, settings().prices)
    window = facts(request.model).get("max_input_tokens")
    return Weight(request.model, counted.input_tokens, counted.low, window if isinstance(window, int) else None)


def _steady(request: Request) -> int:
    """How many messages, from the first on, no input changes."""
    return request.marks[-1] + 1 if request.marks else 0


def _data(
    request: Request, weights: Sequence[Weight], tokens: Sequence[int] | None, chosen: Sequence[ChosenExample]
) -> object:
    """The messages alone, or an object where there is more to tell than them."""
    messages = [{"role": message.role, "content": message.text} for message in request.messages]
    if not weights and not chosen:
        return messages
    return {
        "messages": messages,
        "examples": [{"number": c.number, "why": c.why, "score": c.score, "tokens": c.tokens} for c in chosen],
        "tokens": tokens,
        "steady": _steady(request),
        "models": [{"model": w.model, "tokens": w.tokens, "cost": w.cost, "window": w.window} for w in weights],
    }


def _print(request: Request, weights: Sequence[Weight], tokens: Sequence[int] | None) -> None:
    steady = _steady(request)
    terminal.print_messages(request.messages, notes=_notes(request.messages, steady, tokens), steady=steady)
    if not weights:
        return
    kept = sum((tokens or ())[:steady])
    terminal.print_table(
        ("model", "tokens", "of which steady", "input, US dollars", "window"),
        [
            (w.model, f"{w.tokens:,}", f"{kept:,}", _dollars(w.cost), "?" if w.window is None else f"{w.window:,}")
            for w in weights
        ],
    )


def _print_chosen(chosen: Sequence[ChosenExample]) -> None:
    """Say beside the messages which examples a choice took, in the order in which they are shown, and why."""
    for each in chosen:
        size = "" if each.tokens is None else f", {each.tokens:,} tokens"
        terminal.remark(f"example {each.number}: {each.why}{size}")


def _notes(messages: Sequence[Message], steady: int, tokens: Sequence[int] | None) -> list[str]:
    notes = []
    for number in range(len(messages)):
        size = "" if tokens is None else f"{tokens[number]:,} tokens"
        notes.append(", ".join(filter(None, (size, "always the same" if number < steady else ""))))
    return notes


def _dollars(cost: float | None) -> str:
    return "?" if cost is None else f"{cost:.6f}"
