"""What a person sees in a terminal: plain text, with colour and a spinner only where there is a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Literal
from unicodedata import category

from patterns.exchange import Repair, Source
from patterns.messages import Json, Message
from patterns.output.reading import Reading

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_SHORT = 60
_MOST = 8
_WINDOW = 4_000
_GUESS = 10.0
_ROLES = {"system": "magenta", "user": "cyan", "assistant": "green", "tool": "yellow"}
_KEPT = "\n\t\u200c\u200d"
"""Besides what prints: joiners hold emoji and Persian words together; so are kept the wide and unbreakable spaces."""
_DIFF = {"+": "green", "-": "red", "@": "cyan"}


def safe(text: str) -> str:
    """Take out characters that would move the cursor, change the screen or turn the reading direction."""
    return "".join(c if c.isprintable() or c in _KEPT or category(c) == "Zs" else "�" for c in text)


def console(stream: IO[str] | None = None) -> Console:
    """A console on `stream` (stdout by default); no colour where it is no terminal or NO_COLOR is set."""
    from rich.console import Console

    # NO_COLOR asks for plain text; rich alone would still print bold and dim.
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(
        file=stream or sys.stdout, color_system=colours, highlight=False, markup=False, emoji=False, soft_wrap=True
    )


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show a spinner on stderr while a person waits; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    with console(sys.stderr).status(safe(what)):
        yield


def print_value(value: Json) -> None:
    """Print a value for a person: objects as `name: value` lines, all else as JSON."""
    out = console()
    for line in _lines(value, 0):
        out.print(line)


def _lines(value: Json, depth: int) -> Iterator[Text]:
    from rich.text import Text

    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            nested = isinstance(item, Mapping | list) and bool(item)
            yield Text.assemble(pad, (safe(name), "cyan"), ":" if nested else ": ", "" if nested else _scalar(item))
            if nested:
                yield from _lines(item, depth + 1)
    elif isinstance(value, list) and value:
        for item in value:
            inner = list(_lines(item, depth + 1))
            yield Text.assemble(pad, "- ", inner[0].plain.lstrip() if inner else "")
            yield from inner[1:]
    else:
        yield Text(pad + _scalar(value))


def _scalar(value: Json) -> str:
    import json

    return safe(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def print_sources(sources: Sequence[Source], inputs: Mapping[str, object]) -> None:
    """Print where each value stands: line and column in its input, with the words found there."""
    out = console()
    for source in sources:
        text = str(inputs.get(source.input, ""))
        line = text.count("\n", 0, source.start) + 1
        column = source.start - (text.rfind("\n", 0, source.start) + 1) + 1
        out.print(short(f"  {source.path}  {line}:{column}  {source.text!r}", 110))


def print_reading(reading: Reading[object]) -> None:
    """Print the candidates, the chosen one marked, and the raw text with each mend in its place, to stderr."""
    out = console(sys.stderr)
    chosen = [(node.start, node.end) for node in reading.nodes]
    for number, one in enumerate(reading.candidates[:_MOST], 1):
        mark = "chosen" if (one.root.start, one.root.end) in chosen else "      "
        place = f"{one.root.start}:{one.root.end}"
        out.print(
            f"{mark} candidate {number}: {one.root.kind} from {one.origin} at {place}, cost {one.cost:g}", style="dim"
        )
    if len(reading.candidates) > _MOST:
        out.print(f"       and {len(reading.candidates) - _MOST} more", style="dim")
    if reading.repairs:
        out.print(marked(reading.text, reading.repairs))
    print_repairs(reading.repairs)


def marked(text: str, repairs: Sequence[Repair]) -> Text:
    """The raw text with the characters that were bent in colour."""
    from rich.text import Text

    # One character of ours for each of theirs, so that the spans still fit.
    marked = Text(safe(text[:_WINDOW]) + ("…" if len(text) > _WINDOW else ""))
    for repair in repairs:
        if repair.span is not None and repair.cost > 0:  # what cost nothing bent nothing: a fence that was opened
            start, end = repair.span
            colour = "bold black on yellow" if repair.cost < _GUESS else "bold white on red"
            marked.stylize(colour, start, max(end, start + 1))
    return marked


def print_repairs(repairs: Sequence[Repair]) -> None:
    """Print each mend on a line of its own, to stderr."""
    out = console(sys.stderr)
    for repair in repairs:
        change = f": {short(repair.before)} → {short(repair.after)}" if repair.before or repair.after else ""
        out.print(f"mended {safe(repair.path)}  {repair.kind}{change}", style="dim")


def print_messages(messages: Sequence[Message], notes: Sequence[str] = (), steady: int = 0) -> None:
    """Print messages with their roles as headings, each with its note; a line ends the first `steady` of them."""
    from rich.text import Text

    out = console()
    for number, message in enumerate(messages):
        if number and number == steady:
            out.print("═" * 44 + " from here on the inputs count", style="dim")
        note = f" {notes[number]}" if notes and notes[number] else ""
        heading = f"── {message.role} " + "─" * (40 - len(message.role))
        out.print(Text.assemble((heading, f"bold {_ROLES.get(message.role, '')}"), (note, "dim")))
        out.print(Text(safe(message.text), style="dim" if number < steady else ""))


def print_diff(lines: Sequence[str]) -> None:
    """Print a unified diff: what went in red, what came in green."""
    from rich.text import Text

    out = console()
    for line in lines:
        out.print(Text(safe(line), style=_DIFF.get(line[:1], "")))


def clear(heading: str) -> None:
    """Begin anew under a heading: on a clean screen where there is one."""
    out = console()
    if out.is_terminal:
        out.clear()
    out.print(f"── {safe(heading)} ──", style="bold")


def print_line(line: str) -> None:
    """Print a line as it is, but for characters that would move the cursor."""
    console().print(safe(line))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads: the first column as words, the others as figures."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    console().print(table)


def print_findings(rows: Sequence[tuple[str, bool, str, str]]) -> None:
    """Print findings: topic, whether it is well, what was found, what to do."""
    from rich.text import Text

    out = console()
    width = max(len(topic) for topic, *_ in rows)
    for topic, ok, words, hint in rows:
        mark = ("ok  ", "green") if ok else ("look", "bold yellow")
        out.print(Text.assemble(mark, f"  {topic:<{width}}  ", safe(words)))
        if hint:
            out.print(Text.assemble(" " * (width + 8), (safe(hint), "dim")))


def remark(line: str) -> None:
    """Say on stderr what is worth knowing beside the result."""
    console(sys.stderr).print(safe(line), style="dim")


def complain(message: str, hint: str = "") -> None:
    """Say on stderr what went wrong and what to do."""
    from rich.text import Text

    err = console(sys.stderr)
    err.print(Text.assemble(("error: ", "bold red"), safe(message)))
    if hint:
        err.print(Text.assemble(("hint: ", "bold"), safe(hint)))


def short(text: str, most: int = _SHORT) -> str:
    one_line = safe(" ".join(text.split()))
    return one_line if len(one_line) <= most else one_line[: most - 1] + "…"
