"""The command `patterns watch`: a template rendered anew each time that it is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

import typer

from patterns import terminal
from patterns.arguments import inputs_argument
from patterns.endings import errors
from patterns.errors import PatternsError
from patterns.lint import lint
from patterns.messages import Message
from patterns.prompt.template import Template
from patterns.recipe import catalog_of
from patterns.settings import settings
from patterns.spec.cases import Case
from patterns.spec.checking import rendered

PAUSE = 0.2
"""Seconds between two looks at the files; a look takes microseconds."""


def watch(
    name: Annotated[str, typer.Argument(help="A template, such as few_shot/sentiment.")],
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="An input as name=value or name=@file.")
    ] = None,
    example: Annotated[int, typer.Option("--example", min=1, help="The example whose inputs are taken.")] = 1,
    schema: Annotated[str | None, typer.Option("--schema", "-s", help="The output type, where none is named.")] = None,
) -> None:
    """Show the messages of a template with its findings, and again whenever a file of it is saved. Ctrl-C ends it."""
    with errors(False):
        if not catalog_of(settings().templates).files(name):
            catalog_of(settings().templates).load(name)
    try:
        for state in _states(name):
            terminal.clear(f"{name}, {time.strftime('%H:%M:%S')}")
            _show(name, state, inputs, example, schema)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _states(name: str) -> Iterator[Template | PatternsError]:
    """The template as it is now, and each time it has become another; or the error that it does not load with."""
    last: object = None
    while True:
        try:
            state: Template | PatternsError = catalog_of(settings().templates).load(name)
        except PatternsError as error:
            state = error
        mark = str(state) if isinstance(state, PatternsError) else state
        if mark != last:
            last = mark
            yield state
        time.sleep(PAUSE)


def _show(
    name: str, state: Template | PatternsError, inputs: list[str] | None, example: int, schema: str | None
) -> None:
    if isinstance(state, PatternsError):
        terminal.complain(state.message, state.hint)
        return
    try:
        terminal.print_messages(
            [Message(role, text) for role, text in rendered(_case(name, state, inputs, example, schema))]
        )
    except PatternsError as error:
        terminal.complain(error.message, error.hint)
    for finding in lint(catalog_of(settings().templates), name):
        terminal.remark(str(finding))


def _case(name: str, template: Template, inputs: list[str] | None, example: int, schema: str | None) -> Case:
    given = inputs_argument(inputs or [], template.inputs)
    number = None if inputs and not any(each not in given for each in template.required) else example
    return Case(-1, 1, name, inputs=given, example=number, schema=schema)  # type: ignore[arg-type]
