"""How values look in a notebook: readable HTML, everything in it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Protocol

from pydantic_core import to_jsonable_python

from patterns.exchange import Repair, Result, Source
from patterns.library.classify import Classification
from patterns.library.code import Code
from patterns.library.reasoning import Solution
from patterns.library.sentiment import Sentiment
from patterns.output.read import Reading
from patterns.output.shorthand.extracted import Extracted

_LONGEST = 2_000
_STYLE = "border-collapse:collapse;text-align:left"
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;white-space:pre-wrap"


class Formatters(Protocol):
    """The part of IPython's HTML formatter that we use."""

    def for_type(self, typ: type, func: object) -> object: ...


def register(formatters: Formatters) -> None:
    """Teach IPython's HTML formatter our types."""
    formatters.for_type(Result, result_html)
    formatters.for_type(Reading, reading_html)
    for output in (Sentiment, Classification, Solution, Code, Extracted):
        formatters.for_type(output, value_html)


def register_here() -> None:
    """Register with the running IPython, if there is one."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    drawing = getattr(shell, "display_formatter", None)
    if drawing is not None:
        register(drawing.formatters["text/html"])


def value_html(value: object) -> str:
    """Draw a value as a table of its fields."""
    return _value(to_jsonable_python(value, fallback=str))


def result_html(result: Result[object]) -> str:
    """Draw the value, a line on how it came about, and the mends folded under it."""
    return _parts(value_html(result.output), _line(result), _mends(result.repairs), _places(result.sources))


def reading_html(reading: Reading[object]) -> str:
    """Draw what was read, and the mends folded under it."""
    whole = "" if reading.complete else "<div><small>not complete</small></div>"
    return _parts(value_html(reading.output), whole, _mends(reading.repairs))


def _parts(*parts: str) -> str:
    return f"<div>{''.join(parts)}</div>"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return _table((_text(key), _value(item)) for key, item in value.items())
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return _grid(value)
    if isinstance(value, list):
        return "<ol style='margin:0'>" + "".join(f"<li>{_value(item)}</li>" for item in value) + "</ol>"
    return "<em>null</em>" if value is None else _text(value)


def _grid(rows: Sequence[Mapping[str, object]]) -> str:
    """Draw a list of objects as one table with a column a field."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return _columns(names, ([_value(row.get(name)) for name in names] for row in rows))


def _columns(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table under headings; the cells are HTML already."""
    head = "".join(f"<th style='{_CELL}'>{_text(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td style='{_CELL}'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table style='{_STYLE}'><tr>{head}</tr>{body}</table>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(f"<tr><th style='{_CELL}'>{name}</th><td style='{_CELL}'>{value}</td></tr>" for name, value in rows)
    return f"<table style='{_STYLE}'>{body}</table>"


def _line(result: Result[object]) -> str:
    usage = result.usage
    cost = "cost unknown" if result.cost is None else f"${result.cost:.6f}"
    tries = f"{len(result.attempts)} attempt{'s' if len(result.attempts) > 1 else ''}"
    tries += (
        f" · {len(result.tool_runs)} tool run{'s' if len(result.tool_runs) > 1 else ''}" if result.tool_runs else ""
    )
    facts = [result.model, tries, f"{usage.input_tokens} + {usage.output_tokens} tokens", cost]
    return f"<div><small>{_text(' · '.join(facts))}</small></div>"


def _mends(repairs: Sequence[Repair]) -> str:
    if not repairs:
        return ""
    rows = ([_text(cell) for cell in (r.path, r.kind, r.before, r.after)] for r in repairs)
    count = f"{len(repairs)} mend{'s' if len(repairs) > 1 else ''}"
    return f"<details><summary>{count}</summary>{_columns(('where', 'what', 'before', 'after'), rows)}</details>"


def _places(sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    rows = ([_text(cell) for cell in (s.path, s.text, f"{s.input}[{s.start}:{s.end}]")] for s in sources)
    return f"<details><summary>where it stands</summary>{_columns(('value', 'words', 'place'), rows)}</details>"


def _text(value: object) -> str:
    """Escape, shorten, and take out what could move the reader's eye: control and direction characters."""
    text = str(value)
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return escape("".join(c if c in "\n\t" or c.isprintable() else "�" for c in short))
