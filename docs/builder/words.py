"""Small pieces of Markdown: tables, code, and docstrings as text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

_KEPT = re.compile(r"(`+[^`]+`+|^ {4,}[^\n]*$)", re.M)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Draw a table; a bar or a line end in a cell breaks none."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """Write something as code, whatever backticks it holds."""
    written = str(text)
    return f"`` {written} ``" if "`" in written else f"`{written}`"


def prose(text: str | None) -> str:
    """Give a docstring as Markdown: what stands outside of its code is text, tags and stars included."""
    parts = _KEPT.split(inspect.cleandoc(text or ""))
    return "".join(part if at % 2 else re.sub(r"([<*\[])", r"\\\1", part) for at, part in enumerate(parts))


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(prose(text).split("\n\n")[0].split())
