"""The front matter in one order of keys, without trailing space or needless blank lines."""

from __future__ import annotations

import re

from patterns.messages import Json
from patterns.prompt.yaml import YamlError, read_yaml

ORDER = ("description", "version", "inputs", "output", "format", "config", "examples")
_BLANK_LINES = re.compile(r"\n{3,}")


def lay_out_head(text: str) -> str:
    """Give the lines between the fences, laid out, with a line end behind the last. The values stay what they are."""
    before = read_yaml(text).value
    for change in (_stripped, _squeezed, _ordered):
        changed = change(text)
        if _value(changed) == (before,):
            text = changed
    return f"{text}\n" if text and not text.endswith("\n") else text


def _value(text: str) -> tuple[Json] | None:
    try:
        return (read_yaml(text).value,)
    except YamlError:
        return None


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _squeezed(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text.strip("\n"))


def _ordered(text: str) -> str:
    """Put the keys in order, each with the lines below it and the comments right above it."""
    located = read_yaml(text)
    lines = text.split("\n")
    keys = {str(place[0]): line - 1 for place, line in located.lines.items() if len(place) == 1}
    if len(set(keys.values())) < len(keys) or not all(_begins(lines[line], key) for key, line in keys.items()):
        return text  # a mapping in braces keeps its form
    starts = {key: _with_comments(lines, line) for key, line in keys.items()}
    if not starts:
        return text
    names = sorted(starts, key=starts.__getitem__)
    ends = [*(starts[name] for name in names[1:]), len(lines)]
    chunks = {name: lines[starts[name] : end] for name, end in zip(names, ends, strict=True)}
    ordered = sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    above = lines[: starts[names[0]]]
    return "\n".join([*above, *(line for name in ordered for line in chunks[name])])


def _begins(line: str, key: str) -> bool:
    return line.startswith((key, f'"{key}"', f"'{key}'"))


def _with_comments(lines: list[str], at: int) -> int:
    while at > 0 and lines[at - 1].startswith("#"):
        at -= 1
    return at
