"""The command `patterns usage`: what was spent, by model, by pattern and by day."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.endings import errors, print_json
from patterns.errors import InputError
from patterns.ledger import dollars
from patterns.messages import Json
from patterns.settings import settings
from patterns.spending import KEYS, Spent, book_at

_SECONDS = {"h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_SHOWN = ("model", "pattern", "day")

Since = Annotated[
    str, typer.Option("--since", help="How far back, as 12h, 7d or 4w, or a day as 2026-01-31; 'all' for everything.")
]
By = Annotated[str | None, typer.Option("--by", help="One table only: model, pattern, day or profile.")]
At = Annotated[
    Path | None, typer.Option("--at", help="The file, or its folder; without it the one that the settings name.")
]
Machine = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def usage(since: Since = "30d", by: By = None, at: At = None, machine: Machine = False) -> None:
    """Say what was spent on models: answers, tokens and US dollars."""
    with errors(machine):
        start, sides = _start(since), _sides(by)
        setting = settings().usage
        book = book_at(at or (setting if isinstance(setting, Path) else True))
        tables = {side: book.spent(side, start) for side in sides}
        total = next(iter(book.spent("all", start)), Spent())
        if machine:
            print_json(
                {
                    "path": str(book.path),
                    "since": start,
                    **{side: [_plain(row) for row in rows] for side, rows in tables.items()},
                    "total": _plain(total),
                }
            )
            return
        if not total.answers and not total.unsure:
            terminal.print_line(f"nothing was spent {_since(start)} ({book.path})")
            return
        for side, rows in tables.items():
            terminal.print_table([side, *_HEADS], [_cells(row) for row in rows])
            terminal.print_line("")
        terminal.print_line(f"{_cost(total)} {_since(start)}{_doubts(total)}")


_HEADS = ("answers", "from cache", "input tokens", "output tokens", "US dollars")


def _cells(row: Spent) -> list[str]:
    counts = [f"{count:,}" for count in (row.answers, row.hits, row.input_tokens, row.output_tokens)]
    return [row.key or "(none)", *counts, _cost(row)]


def _cost(row: Spent) -> str:
    """What is known, and whether there is more; a price that nobody knows is never shown as nothing."""
    if not row.unpriced:
        return dollars(row.cost)
    return f"{dollars(row.cost)} and {row.unpriced:,} of unknown price" if row.cost else "unknown"


def _doubts(total: Spent) -> str:
    words = []
    if total.failed:
        words.append(f"{total.failed:,} answers were paid and of no use")
    if total.unsure:
        words.append(f"of {total.unsure:,} requests that broke off nobody knows whether they are charged")
    return "".join(f"; {each}" for each in words)


def _plain(row: Spent) -> dict[str, Json]:
    """A row for machines: `cost` is null as soon as a part of it is not known, `known_cost` is the part that is."""
    found = asdict(row)
    known = found.pop("cost")
    return {**found, "cost": None if row.unpriced else known, "known_cost": known}


def _sides(by: str | None) -> tuple[str, ...]:
    if by is None:
        return _SHOWN
    if by not in KEYS or by == "all":
        raise InputError(f"--by must be one of model, pattern, day, profile, not {by!r}")
    return (by,)


def _start(since: str) -> float:
    """Seconds since 1970."""
    if since == "all":
        return 0.0
    if found := re.fullmatch(r"(\d{1,6})([hdw])", since):
        return max(0.0, time.time() - int(found[1]) * _SECONDS[found[2]])
    try:
        return max(0.0, datetime.strptime(since, "%Y-%m-%d").astimezone().timestamp())
    except (ValueError, OverflowError):
        raise InputError(f"--since {since!r} is no span of time", hint="write 12h, 7d, 4w, 2026-01-31 or all") from None


def _since(start: float) -> str:
    return f"since {datetime.fromtimestamp(start).astimezone():%Y-%m-%d %H:%M}" if start else "in all"
