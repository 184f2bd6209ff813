"""The few elements that drawings are made of. Whatever comes from outside goes through `text`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType

Html = NewType("Html", str)
"""Markup that is ours; everything in it that is not has been escaped."""

LONGEST = 2_000
"""Characters of one text that are shown."""

NOTHING = Html("")

# A notebook's page may be dark while the system is light, or the other way round. So text takes the colour of the page
# that it stands on, tints let the page shine through, and lines are JupyterLab's own where there is a JupyterLab.
# What is important here is so because JupyterLab aligns and stripes the cells of all tables.
_STYLE = Html(
    "<style>"
    ".patterns{font-size:13px;line-height:1.45;max-width:72em;overflow-x:auto}"
    ".patterns table{border-collapse:collapse;margin:2px 0;font-size:inherit;border:0}"
    ".patterns tr,.patterns tr:hover{background:none!important}"
    ".patterns th,.patterns td{text-align:left!important;vertical-align:top;padding:2px 14px 2px 0;border:0;"
    "white-space:pre-wrap;overflow-wrap:anywhere;max-width:48em;background:none;color:inherit}"
    ".patterns th{font-weight:600;white-space:nowrap;opacity:.75}"
    ".patterns .grid th{border-bottom:1px solid var(--jp-border-color1,rgba(128,128,128,.5))}"
    ".patterns .grid td{border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.25))}"
    ".patterns .figure{text-align:right!important;font-variant-numeric:tabular-nums}"
    ".patterns ol,.patterns ul{margin:0;padding-left:1.4em}"
    ".patterns small{opacity:.75;font-size:12px}"
    ".patterns details{margin:2px 0}"
    ".patterns details details{margin-left:1em}"
    ".patterns summary{cursor:pointer;opacity:.85}"
    ".patterns pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:28em;overflow:auto;margin:2px 0 6px;"
    "padding:4px 8px;font:12px/1.4 var(--jp-code-font-family,monospace)!important;"
    "scrollbar-color:rgba(128,128,128,.6) transparent;color:inherit;background:rgba(128,128,128,.09);"
    "border-left:2px solid rgba(128,128,128,.4)}"
    ".patterns mark{color:inherit;background:rgba(255,190,0,.38);border-radius:2px}"
    ".patterns mark.guess{background:rgba(255,90,60,.38)}"
    ".patterns .wrong{color:var(--jp-error-color1,#c62828);font-weight:600}"
    "</style>"
)


def text(value: object, longest: int = LONGEST) -> Html:
    """Escape, shorten, and take out what could move the reader's eye: control and direction characters."""
    whole = str(value)
    short = whole if len(whole) <= longest else whole[:longest]
    left = len(whole) - len(short)
    shown = escape("".join(c if c in "\n\t" or c.isprintable() else "�" for c in short))
    return Html(f"{shown}… <small>and {left:,} more characters</small>" if left else shown)


def page(*parts: Html) -> Html:
    """A whole drawing, with its style."""
    return Html(f'{_STYLE}<div class="patterns">{joined(parts)}</div>')


def joined(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def block(inner: Html) -> Html:
    return Html(f"<div>{inner}</div>")


def small(inner: Html) -> Html:
    return Html(f"<small>{inner}</small>")


def strong(inner: Html) -> Html:
    return Html(f'<span class="wrong">{inner}</span>')


def pre(inner: Html) -> Html:
    return Html(f"<pre>{inner}</pre>")


def mark(inner: Html, guess: bool, title: str) -> Html:
    return Html(f'<mark{" class=guess" if guess else ""} title="{text(title, 200)}">{inner}</mark>')


def fold(summary: str, *inner: Html, unfolded: bool = False) -> Html:
    """What is shown at a click; nothing where there is nothing to show."""
    body = joined(inner)
    return Html(f"<details{' open' * unfolded}><summary>{text(summary)}</summary>{body}</details>") if body else NOTHING


def bullets(items: Iterable[Html]) -> Html:
    return Html("<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>")


def fields(rows: Iterable[tuple[Html, Html]]) -> Html:
    """A table with a heading at the left of each row."""
    return Html("<table>" + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows) + "</table>")


def grid(heads: Sequence[str], rows: Iterable[Sequence[Html]], figures: Sequence[int] = ()) -> Html:
    """A table under headings; the columns numbered in `figures` are numbers, and stand at the right."""
    kinds = [" class=figure" if number in figures else "" for number in range(len(heads))]
    head = "".join(f"<th{kind}>{text(name)}</th>" for name, kind in zip(heads, kinds, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    )
    return Html(f'<table class="grid"><tr>{head}</tr>{body}</table>')
