"""The command `patterns fmt`: template files laid out in one way."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.endings import end, errors, print_json
from patterns.errors import InputError, TemplateError
from patterns.layout import lay_out_file
from patterns.lint import Target, targets_of
from patterns.recipe import catalog_of
from patterns.replacing import replace_file
from patterns.settings import settings


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where something would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="The same, and show what would change.")] = False,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Lay template files out in one way, without a change to what they render.

    Ends with 0; with --check or --diff with 1 where something would change; with 2 for wrong use, or a file that
    cannot be read, which is left alone.
    """
    with errors(machine):
        if not paths:
            raise InputError("what to lay out is not said", hint="patterns fmt templates/")
        changed: list[str] = []
        broken: list[str] = []
        for target in _targets(paths):
            try:
                before, after = lay_out_file(target.file)
            except TemplateError as error:
                broken.append(error.message)
                continue
            if before != after:
                changed.append(str(target.file.path))
                _one(target.file.path, before, after, write=not (check or diff), show=diff and not machine)
        _sum_up(changed, broken, machine, would=check or diff)
        if broken:
            end(2)
        if changed and (check or diff):
            end(1)


def _targets(paths: Iterable[Path]) -> Iterator[Target]:
    known = catalog_of(settings().templates).folders
    seen: set[Target] = set()
    for path in paths:
        for each in targets_of(path, known, None, trusted=False):
            if isinstance(each, Target) and each not in seen:
                seen.add(each)
                yield each


def _one(path: Path, before: bytes, after: bytes, *, write: bool, show: bool) -> None:
    if write:
        replace_file(path, before, after)
    if show:
        old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
        for line in difflib.unified_diff(old, new, str(path), str(path), lineterm=""):
            terminal.print_line(line)


def _sum_up(changed: list[str], broken: list[str], machine: bool, would: bool) -> None:
    if machine:
        print_json({"changed": changed, "written": not would, "broken": broken})
        return
    for path in changed:
        terminal.remark(f"{'would lay out' if would else 'laid out'} {path}")
    for message in broken:
        terminal.complain(message, "patterns lint tells more")
