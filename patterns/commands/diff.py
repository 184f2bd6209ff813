"""The command `patterns diff`: what a change to a template does to its messages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.arguments import inputs_argument
from patterns.authoring.differences import Side, differences, side
from patterns.authoring.revisions import as_it_was
from patterns.endings import end, errors, print_json
from patterns.errors import InputError
from patterns.messages import Json
from patterns.prompt.template import Template
from patterns.recipe import catalog_of
from patterns.settings import override, settings

Named = Annotated[str, typer.Argument(help="A template, as it is, or as it was: few_shot/triage@HEAD~1.")]


@dataclass(frozen=True, slots=True)
class _Which:
    name: str
    revision: str


def diff(
    a: Named,
    b: Annotated[str | None, typer.Argument(help="The other one; without it, the first as it is now.")] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="An input as name=value, in place of the examples.")
    ] = None,
    schema: Annotated[str | None, typer.Option("--schema", "-s", help="The output type, where none is named.")] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show how the messages of two templates, or of two revisions, differ over the template's own examples.

    Ends with 0 when they are the same, with 1 when they differ.
    """
    with errors(machine):
        one, other = _which(a), _which(b or a.partition("@")[0])
        given = _inputs(one, inputs)
        found = differences(_side(one, given, schema), _side(other, given, schema))
        if machine:
            print_json([{"inputs": each.inputs, "diff": "\n".join(each.lines)} for each in found])
        else:
            for each in found:
                terminal.print_line(f"inputs {', '.join(map(str, each.inputs))} of {len(given)}")
                terminal.print_diff(each.lines)
        if found:
            end(1)


def _which(words: str) -> _Which:
    name, _, revision = words.partition("@")
    return _Which(name, revision)


def _inputs(which: _Which, given: list[str] | None) -> list[Mapping[str, Json]]:
    """The inputs that both are rendered with: those given, or those of the first one's examples."""
    with _there(which):
        template = _template(which.name)
    if given:
        return [inputs_argument(given, template.inputs)]  # type: ignore[list-item]
    if not template.examples:
        raise InputError(f"{which.name} has no examples to render", hint="give inputs: -i text='…'")
    return [example.input for example in template.examples]


def _side(which: _Which, inputs: list[Mapping[str, Json]], schema: str | None) -> Side:
    title = f"{which.name}@{which.revision}" if which.revision else which.name
    with _there(which):
        return side(title, which.name, inputs, schema)


def _there(which: _Which) -> ExitStack:
    """Put the folder of a template, as it was in its revision, before all others for a while."""
    stack = ExitStack()
    if which.revision:
        copy = stack.enter_context(as_it_was(_folder(which.name), which.revision))
        stack.enter_context(override(templates=(copy, *settings().templates)))
    return stack


def _folder(name: str) -> Path:
    files = catalog_of(settings().templates).files(name)
    if not files:
        raise InputError(f"there is no template {name!r}", hint="patterns list")
    return files[0].folder.path


def _template(name: str) -> Template:
    return catalog_of(settings().templates).load(name)
