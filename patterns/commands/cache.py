"""The command `patterns cache`: what is kept of answers, where, and how to be rid of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.endings import errors, print_json
from patterns.model.store import Stats, Store, file_of
from patterns.settings import settings

cache = typer.Typer(help="Look at the answers that are kept on disk, or forget them.", no_args_is_help=True)

At = Annotated[
    Path | None, typer.Option("--at", help="The file, or its folder; without it the one that the settings name.")
]
Machine = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@cache.command()
def stats(at: At = None, machine: Machine = False) -> None:
    """Say how many answers are kept, since when, and how much room they take."""
    with errors(machine), _store(at) as store:
        found = store.stats()
        if machine:
            print_json(
                {
                    "path": str(found.path),
                    "answers": found.answers,
                    "bytes": found.bytes,
                    "oldest": found.oldest,
                    "newest": found.newest,
                    "damaged": [str(path) for path in found.damaged],
                }
            )
            return
        for line in _lines(found):
            terminal.print_line(line)


@cache.command()
def clear(at: At = None, machine: Machine = False) -> None:
    """Forget all answers, and files that were damaged and set aside."""
    with errors(machine), _store(at) as store:
        gone = store.clear() if store.path.exists() else 0
        if machine:
            print_json({"path": str(store.path), "answers": gone})
        else:
            terminal.print_line(f"{_count(gone)} forgotten")


@cache.command()
def path(at: At = None, machine: Machine = False) -> None:
    """Print where the answers are kept."""
    with errors(machine):
        found = _file(at)
        if machine:
            print_json({"path": str(found)})
        else:
            terminal.print_line(str(found))


def _file(at: Path | None) -> Path:
    setting = settings().cache
    return file_of(at or (setting if isinstance(setting, Path) else None))


def _store(at: Path | None) -> Store:
    return Store(_file(at))


def _lines(found: Stats) -> list[str]:
    lines = [f"{found.path}", f"{_count(found.answers)}, {found.bytes / 1e6:.1f} MB"]
    if found.oldest is not None and found.newest is not None:
        lines.append(f"from {_day(found.oldest)} to {_day(found.newest)}")
    return [*lines, *(f"damaged and set aside: {path}" for path in found.damaged)]


def _count(answers: int) -> str:
    return f"{answers} answer" if answers == 1 else f"{answers} answers"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
