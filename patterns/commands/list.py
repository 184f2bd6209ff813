"""The command `patterns list`: which templates there are, whose they are, and what they override."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.endings import errors, print_json
from patterns.errors import TemplateError
from patterns.prompt.catalog import OURS, Catalog
from patterns.recipe import catalog_of
from patterns.settings import settings


@dataclass(frozen=True, slots=True)
class Listed:
    """One template: `origin` is `yours` or the distribution that brings it; `overrides` are the files behind it.

    `problem` says why it does not load, None for one that does.
    """

    name: str
    description: str
    path: Path
    origin: str
    overrides: tuple[tuple[str, Path], ...] = ()
    problem: str | None = None


def list_templates(machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """List the templates that can be run, where each comes from, and what it overrides."""
    with errors(machine):
        catalog = catalog_of(settings().templates)
        rows = [listed(catalog, name) for name in catalog.names()]
        if machine:
            print_json([_data(row) for row in rows])
        else:
            _print(rows)


def listed(catalog: Catalog, name: str) -> Listed:
    """Say what is known of one template; one that does not load is told of, not hidden."""
    first, *others = catalog.files(name)
    behind = tuple((file.folder.origin, file.path) for file in others)
    try:
        description, problem = catalog.load(name).description, None
    except TemplateError as error:
        description, problem = "", error.message
    return Listed(name, description, first.path, first.folder.origin, behind, problem)


def _data(row: Listed) -> dict[str, object]:
    return {
        "name": row.name,
        "description": row.description,
        "path": str(row.path),
        "origin": row.origin,
        "overrides": [{"origin": origin, "path": str(path)} for origin, path in row.overrides],
        "problem": row.problem,
    }


def _print(rows: list[Listed]) -> None:
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        words = f"does not load: {row.problem}" if row.problem else row.description
        terminal.print_line(f"{row.name:<{width}}  {words}{_whence(row)}")


def _whence(row: Listed) -> str:
    """Say whose a template is, unless it is one of the package's own that nobody touched."""
    if row.origin == OURS:
        return ""
    over = ", ".join(origin for origin, _ in row.overrides)
    return f"  [{row.origin}{f', overrides {over}' if over else ''}: {row.path}]"
