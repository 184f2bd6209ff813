"""The command `patterns`: run, extract, read, render, list, show, lint, fmt, doctor, cache, usage.

Exit codes: 0 all well · 1 no acceptable answer · 2 wrong use, template or schema · 3 no model, no key, wrong key ·
4 over budget · 5 the model or its provider failed · 130 interrupted.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic_core import to_jsonable_python
from typer.core import TyperGroup

from patterns import terminal
from patterns.arguments import read_file, read_text_file, schema_argument, template_arguments
from patterns.commands.cache import cache
from patterns.commands.diff import diff
from patterns.commands.fmt import fmt
from patterns.commands.lint import lint
from patterns.commands.list import list_templates
from patterns.commands.modes import print_modes, print_sent
from patterns.commands.new import new
from patterns.commands.render import render
from patterns.commands.usage import usage
from patterns.commands.watch import watch
from patterns.endings import end, errors, print_json
from patterns.errors import InputError
from patterns.exchange import Result
from patterns.library.extract import extract as extract_pattern
from patterns.messages import Format, Json
from patterns.output.read import Leniency, examine
from patterns.pattern import Pattern
from patterns.recipe import catalog_of
from patterns.settings import override, settings

_WrongUse = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""Whatever can be wrong with a command line; typer names no more than this kind of it."""


class _Commands(TyperGroup):
    """The commands; what was wrong with a command line is said in characters that move no cursor."""

    def make_context(self, *words: Any, **extra: Any) -> Any:
        with _harmless():
            return super().make_context(*words, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _harmless():
            return super().invoke(ctx)


@contextmanager
def _harmless() -> Iterator[None]:
    try:
        yield
    except _WrongUse as error:
        error.message = terminal.safe(str(getattr(error, "message", "")))  # type: ignore[attr-defined]
        raise


app = typer.Typer(
    cls=_Commands,
    help="Prompt patterns: a template file and an output type become an answer you can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 well, 1 no acceptable answer, 2 wrong use, 3 no model or key, 4 over budget, "
    "5 the provider failed, 130 interrupted.",
)
app.add_typer(cache, name="cache")
app.command()(usage)
app.command()(lint)
app.command()(fmt)
app.command(name="list")(list_templates)
app.command()(new)
app.command()(render)
app.command()(diff)
app.command()(watch)

Schema = Annotated[
    str | None,
    typer.Option("--schema", "-s", help="Shorthand ('name, age int'), a JSON Schema file (.json), or module:Model."),
]
Model = Annotated[str | None, typer.Option("--model", "-m", help="The model, as litellm names it, or 'rules'.")]
Machine = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Inputs = Annotated[list[str] | None, typer.Option("--input", "-i", help="An input as name=value or name=@file.")]
Settings = Annotated[list[str] | None, typer.Option("--option", "-o", help="A model option, such as temperature=0.")]
Name = Annotated[str, typer.Argument(help="A template, such as few_shot/sentiment; see `patterns list`.")]


@app.command()
def run(
    template: Name,
    inputs: Inputs = None,
    schema: Schema = None,
    model: Model = None,
    option: Settings = None,
    machine: Machine = False,
) -> None:
    """Run a template. An input that is not given is read from stdin."""
    with errors(machine):
        pattern = _pattern(template, schema, model, option)
        arguments = template_arguments(pattern.name, inputs)
        with terminal.working(f"asking for {template}"):
            result = pattern.run(**arguments)
        _print_result(result, machine)


@app.command()
def extract(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Texts, images, PDFs; stdin without any or for '-'")
    ] = None,
    schema: Schema = None,
    model: Model = None,
    option: Settings = None,
    machine: Machine = False,
) -> None:
    """Extract data from files: one value a file, one JSON line a file with --json."""
    with errors(machine):
        if schema is None:
            raise InputError("what to extract is not said", hint="patterns extract --schema 'name, age int' letter.txt")
        into = cast("type[object]", schema_argument(schema))
        pattern = extract_pattern.into(into).with_options(**_options(model, option))
        for path in files or [Path("-")]:
            given = read_file(path)
            with terminal.working(f"reading {path}"):
                result = pattern.run(given)
            _print_result(result, machine)


@app.command()
def read(
    schema: Schema = None,
    file: Annotated[Path, typer.Argument(help="The answer; stdin without it, or for '-'.")] = Path("-"),
    format: Annotated[str, typer.Option("--format", help="json, code, text or answer.")] = "json",
    repair: Annotated[str, typer.Option("--repair", help="none, syntax or align.")] = "align",
    machine: Machine = False,
) -> None:
    """Read an answer that came from anywhere: the candidates, the chosen reading, and each mend in its place."""
    with errors(machine):
        text = read_text_file(file)
        into: object = Any if schema is None else schema_argument(schema)
        reading = examine(text, into, format=cast("Format", format), repair=cast("Leniency", repair))
        value = to_jsonable_python(reading.output)
        if machine:
            print_json({"output": value, "complete": reading.complete, "repairs": to_jsonable_python(reading.repairs)})
        else:
            terminal.print_reading(reading)
            terminal.print_value(value)
        if not reading.complete:
            terminal.complain("the text ends before the value does", "more may be missing: ask again")
            end(1)


@app.command()
def show(
    template: Name, schema: Schema = None, model: Model = None, option: Settings = None, machine: Machine = False
) -> None:
    """Show a template: what it takes, what it gives, and its text; with --model, the schema that this model is sent."""
    with errors(machine):
        if model is not None:
            with override(warm=False):  # the model is not asked
                print_sent(_pattern(template, schema, model, option).sent_schema(), machine)
            return
        found = catalog_of(settings().templates).load(template)
        source = found.path.read_text(encoding="utf-8")
        if machine:
            about: dict[str, Json] = {
                "name": found.name,
                "path": str(found.path),
                "description": found.description,
                "version": found.version,
                "inputs": dict(found.inputs),
                "format": found.format,
                "examples": len(found.examples),
                "source": source,
            }
            print_json(about)
            return
        terminal.print_line(f"# {found.path}")
        terminal.print_line(source)


@app.command()
def doctor(
    modes: Annotated[bool, typer.Option("--modes", help="Show instead how models are known not to be asked.")] = False,
    machine: Machine = False,
) -> None:
    """Say which model would answer and why, and whether all that is needed is at hand."""
    from patterns.doctor import findings

    with errors(machine):
        if modes:
            print_modes(machine)
            return
        found = findings()
        if machine:
            print_json([{"topic": f.topic, "ok": f.ok, "words": f.words, "hint": f.hint} for f in found])
        else:
            terminal.print_findings([(f.topic, f.ok, f.words, f.hint) for f in found])
        if not all(f.ok for f in found):
            raise typer.Exit(3)


def _pattern(template: str, schema: str | None, model: str | None, option: list[str] | None) -> Pattern[..., Any]:
    output = None if schema is None else cast("type[object]", schema_argument(schema))
    return Pattern(template, output=output).with_options(**_options(model, option))


def _options(model: str | None, option: list[str] | None) -> Any:
    """Options as JSON values where they are JSON, else as words."""
    changes: dict[str, object] = {} if model is None else {"model": model}
    for pair in option or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"{pair!r} is not name=value", hint="write -o temperature=0")
        try:
            changes[name] = json.loads(value)
        except ValueError:
            changes[name] = value
    return changes


def _print_result(result: Result[object], machine: bool) -> None:
    value = to_jsonable_python(result.output)
    if machine:
        print_json(
            {
                "output": value,
                "model": result.model,
                "engine": result.engine,
                "usage": to_jsonable_python(result.usage),
                "cost": result.cost,
                "attempts": len(result.attempts),
                "repairs": to_jsonable_python(result.repairs),
                "sources": to_jsonable_python(result.sources),
            }
        )
        return
    terminal.print_value(value)
    terminal.print_repairs(result.repairs)


def main() -> None:
    """Run the command; an interrupt ends it with 130."""
    for stream in (sys.stdout, sys.stderr):
        # In ASCII or Latin-1 what cannot be written becomes a question mark, not the end of the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command: Callable[[], object] = app
    try:
        command()
    except KeyboardInterrupt:
        sys.exit(130)
