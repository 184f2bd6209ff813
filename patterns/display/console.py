"""The same story in a terminal, through rich. Every text in it is plain text to rich, and moves no cursor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patterns.batch.outcomes import Outcome
from patterns.display import facts
from patterns.display.plain import plain
from patterns.errors import Invalid, PatternsError
from patterns.exchange import Repair, Result
from patterns.messages import Message
from patterns.output.reading import Reading
from patterns.pattern import Pattern
from patterns.prompt.template import Template
from patterns.terminal import marked, safe, short

if TYPE_CHECKING:
    from rich.console import RenderableType

_DEEPEST = 8
_ROWS = 50
_ROLES = {"system": "magenta", "user": "cyan", "assistant": "green", "tool": "yellow"}


def told(value: object) -> RenderableType:
    """What rich prints for a value of ours, or for any other."""
    from rich.console import Group

    return Group(*_parts(value))


def written(value: object) -> str:
    """The same as plain text, 100 characters wide, as `print` shows it."""
    import io

    from rich.console import Console

    # In a notebook rich would display what it prints.
    page = io.StringIO()
    Console(file=page, width=100, color_system=None, force_terminal=False, force_jupyter=False).print(told(value))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _parts(value: object) -> Iterator[RenderableType]:
    if isinstance(value, Result):
        yield from _value(value.output)
        yield _dim(facts.of_result(value))
        yield from _mends(value.repairs, value.text)
        if len(value.attempts) > 1:
            yield _table(facts.ATTEMPTS, facts.attempt_rows(value.attempts), facts.ATTEMPT_FIGURES)
        if value.tool_runs:
            yield _table(facts.TOOLS, facts.tool_rows(value.tool_runs), (0, 4))
    elif isinstance(value, Reading):
        yield from _value(value.output)
        if not value.complete:
            yield _dim("not complete: the text ended before the value did")
        yield from _mends(value.repairs, value.text)
    elif isinstance(value, PatternsError):
        yield from _error(value)
    elif isinstance(value, Outcome):
        yield _dim(f"row {value.index}")
        yield from _parts(value.result if value.error is None else value.error)
    elif isinstance(value, Pattern):
        yield from _pattern(value)
    elif isinstance(value, Template):
        yield from _template(value)
    elif isinstance(value, list) and value and all(isinstance(each, Message) for each in value):
        yield from _messages(value)
    else:
        yield from _value(value)


def _error(error: PatternsError) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text.assemble((type(error).__name__, "bold red"), " ", safe(error.message))
    if error.hint:
        yield _dim(error.hint)
    for wrong in error.errors if isinstance(error, Invalid) else ():
        yield Text(safe(f"  {wrong.path}  {wrong.message}"))
    if attempts := facts.attempts_of(error):
        yield _dim(facts.of_error(error))
        yield _table(facts.ATTEMPTS, facts.attempt_rows(attempts), facts.ATTEMPT_FIGURES)
    if raw := getattr(error, "raw_text", ""):
        yield marked(raw, attempts[-1].repairs if attempts else ())


def _pattern(pattern: Pattern[..., object]) -> Iterator[RenderableType]:
    try:
        template = pattern.recipe().template
    except PatternsError as error:
        yield from _error(error)
    else:
        yield from _template(template)


def _template(template: Template) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text.assemble((safe(template.name), "bold"), " ", safe(template.description))
    for name, schema in template.inputs.items():
        kind = "required" if name in template.required else "optional"
        yield Text.assemble("  ", (safe(name), "cyan"), f"  {kind}  ", safe(str(schema.get("description", ""))))
    yield _dim(str(template.path))


def _messages(messages: Sequence[Message]) -> Iterator[RenderableType]:
    from rich.text import Text

    for each in messages:
        yield Text(f"── {each.role} " + "─" * (40 - len(each.role)), style=f"bold {_ROLES.get(each.role, '')}")
        yield Text(safe(facts.said(each)))


def _mends(mends: Sequence[Repair], raw: str) -> Iterator[RenderableType]:
    if not mends:
        return
    yield _dim(facts.counted(len(mends), "mend"))
    if raw and any(mend.cost > 0 for mend in mends):
        yield marked(raw, mends)
    rows = [(m.path, m.kind, short(m.before), short(m.after), f"{m.cost:g}") for m in mends[:_ROWS]]
    yield _table(facts.MENDS, rows, (4,))
    if len(mends) > _ROWS:
        yield _dim(f"and {len(mends) - _ROWS:,} more mends")


def _value(value: object) -> Iterator[RenderableType]:
    """A record as a tree of its fields, a list of records as a table, a text as it is."""
    from rich.text import Text

    flat = plain(value)
    if isinstance(flat, list) and flat and all(isinstance(row, dict) for row in flat):
        names = list(dict.fromkeys(str(name) for row in flat for name in row))
        yield _table(names, [tuple(short(_scalar(row.get(name))) for name in names) for row in flat[:_ROWS]])
        if len(flat) > _ROWS:
            yield _dim(f"and {len(flat) - _ROWS:,} more items")
        return
    for line in _lines(flat, 0):
        yield Text.assemble(*line)


def _lines(value: object, depth: int) -> Iterator[tuple[str | tuple[str, str], ...]]:
    pad = "  " * depth
    named = list(value.items()) if isinstance(value, dict) else []
    items: Sequence[tuple[object, object]] = named or (
        [("-", each) for each in value] if isinstance(value, list) else []
    )
    if not items or depth > _DEEPEST:
        yield (pad, short(_scalar(value), 2_000) if depth else safe(_scalar(value)))
        return
    for name, item in items[:_ROWS]:
        label = (safe(str(name)) + (":" if named else ""), "cyan")
        if isinstance(item, dict | list) and item:
            yield (pad, label)
            yield from _lines(item, depth + 1)
        else:
            yield (pad, label, " ", short(_scalar(item), 2_000))
    if len(items) > _ROWS:
        yield (pad, (f"and {len(items) - _ROWS:,} more", "dim"))


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _dim(words: str) -> RenderableType:
    from rich.text import Text

    return Text(safe(words), style="dim")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[int] = ()) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(Text(safe(head)), justify="right" if number in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    return table
