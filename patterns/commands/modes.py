"""How models are asked for a shape, as `patterns doctor --modes` and `patterns show --model` print it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from patterns import terminal
from patterns.endings import print_json
from patterns.messages import Json
from patterns.model.modes import LADDER
from patterns.model.modes_learnt import LEARNT, Refusal, own_file
from patterns.ways import SentSchema

_FOR = {"": "every request", "thinking": "requests that think", "tools": "requests with tools"}


def print_modes(machine: bool) -> None:
    """Print what is remembered of refused modes, a line each, the newest first."""
    rows = LEARNT.rows()
    if machine:
        print_json([_row(each, rows) for each in rows])
        return
    if not rows:
        terminal.print_line(f"no mode was refused within a day ({own_file()})")
    for each in rows:
        for line in _lines(_row(each, rows)):
            terminal.print_line(line)


def _row(each: Refusal, rows: list[Refusal]) -> dict[str, Json]:
    """One refusal. `mode` is what is asked in for now: the next lower one that is not refused to the same requests."""
    gone = {
        row.mode for row in rows if (row.model, row.host) == (each.model, each.host) and row.scope in ("", each.scope)
    }
    return {
        "model": each.model,
        "host": each.host,
        "mode": next((mode for mode in LADDER[LADDER.index(each.mode) :] if mode not in gone), "prompted"),
        "refused": each.mode,
        "for": _FOR.get(each.scope, f"the schema {each.scope}"),
        "since": datetime.fromtimestamp(each.since).astimezone().isoformat(timespec="seconds"),
        "why": each.why,
    }


def _lines(row: dict[str, Json]) -> Iterator[str]:
    where = f" at {row['host']}" if row["host"] else ""
    yield f"{row['model']}{where}: {row['mode']} instead of {row['refused']} for {row['for']}, since {row['since']}"
    yield f"    {row['why']}"


def print_sent(sent: SentSchema, machine: bool) -> None:
    """Print in which mode a model is asked, the schema that it is sent, and what that does not keep."""
    if machine:
        print_json(
            {
                "model": sent.model,
                "mode": sent.mode,
                "profile": sent.profile,
                "strict": sent.strict,
                "schema": None if sent.schema is None else dict(sent.schema),
                "differences": list(sent.differences),
                "passed_over": [{"mode": mode, "why": why} for mode, why in sent.passed_over],
            }
        )
        return
    terminal.print_line(f"# {sent.model}: {sent.mode}{', strict' if sent.strict else ''} (profile {sent.profile})")
    for mode, why in sent.passed_over:
        terminal.print_line(f"# not {mode}: {why}")
    for difference in sent.differences:
        terminal.print_line(f"# {difference}")
    if sent.schema is not None:
        terminal.print_line(json.dumps(sent.schema, indent=2, ensure_ascii=False))
