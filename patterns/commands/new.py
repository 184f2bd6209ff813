"""The command `patterns new`: a template with its model, its examples and a spec test that passes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.authoring.draft import Draft, files, needed, spec_path
from patterns.endings import errors, print_json
from patterns.errors import InputError
from patterns.spec.updating import update

Machine = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def new(
    name: Annotated[str, typer.Argument(help="The template's name, such as few_shot/triage.")],
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="The name of an input; may be given more than once.")
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", "-f", help="A field of the answer in shorthand: 'team billing|technical'."),
    ] = None,
    about: Annotated[str | None, typer.Option("--about", help="What it is for, in one sentence.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the files, and write none.")] = False,
    machine: Machine = False,
) -> None:
    """Write a new template, its model in Python, examples to fill in, and a spec test that passes.

    The first folder of the name is the technique: json_extraction lets each field be missing, chain_of_thought puts
    steps before the answer. What is not given is asked for on a terminal. No file is overwritten.
    """
    with errors(machine):
        draft = Draft(
            name=name,
            description=about or _asked("What is it for", f"A {name.rpartition('/')[2].replace('_', ' ')}."),
            inputs=needed(inputs or [_asked("Its inputs, divided by commas", "text")]),
            fields=tuple(fields or [_asked("The fields of its answer, in shorthand", "label yes|no")]),
        )
        drafted = files(draft)
        if not dry_run:
            _write(drafted)
            update(spec_path(draft))
        if machine:
            print_json({"files": {str(path): text for path, text in drafted.items()}, "written": not dry_run})
            return
        for path, text in drafted.items():
            terminal.print_line(f"── {path}\n{text}" if dry_run else f"wrote {path}")
        if not dry_run:
            terminal.print_line(
                f"Next: put real examples into the template, then\n"
                f"  patterns lint {next(iter(drafted))}\n"
                f"  python -m pytest --patterns-update {spec_path(draft)}"
            )


def _asked(question: str, otherwise: str) -> str:
    """Ask a person; who is none has to say it by an option."""
    if not sys.stdin.isatty():
        raise InputError(f"not said: {question.lower()}", hint="see `patterns new --help` for the options that say it")
    answer: str = typer.prompt(question, default=otherwise)
    return answer


def _write(drafted: dict[Path, str]) -> None:
    """Write all files, or none where one of them is there already."""
    if there := [str(path) for path in drafted if path.exists()]:
        raise InputError(f"{', '.join(there)} is there already", hint="take another name, or move it away")
    for path, text in drafted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
