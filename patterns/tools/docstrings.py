"""What a docstring says of a function and its parameters, in the styles of Google, NumPy and Sphinx."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_TITLES = (
    "args|arguments|parameters|params|other parameters|keyword args|keyword arguments|returns?|yields?|raises|"
    "examples?|notes?|attributes|see also|warnings?|warns|references|todo"
)
_HEADING = re.compile(rf"({_TITLES}):", re.I)
_UNDERLINED = re.compile(rf"({_TITLES})", re.I)
_LINE = re.compile(r"-{3,}\s*")
_FIELD = re.compile(r":(\w+)\b([^:]*):\s?(.*)")
_PARAMETERS = frozenset(
    ("args", "arguments", "parameters", "params", "other parameters", "keyword args", "keyword arguments")
)
_GOOGLE = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")
_NUMPY = re.compile(r"(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?")


@dataclass(frozen=True, slots=True)
class Told:
    """A function in the words of its author: what it does, and what each parameter is."""

    summary: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


def told(docstring: str | None) -> Told:
    """Read a docstring. What stands before its first section is the summary, in a style not known here all."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    end = next((at for at, _ in enumerate(lines) if _begins(lines, at)), len(lines))
    found = (*_google(lines), *_numpy(lines), *_sphinx(lines))
    return Told("\n".join(lines[:end]).strip(), {name: words for name, words in found if words})


def _begins(lines: Sequence[str], at: int) -> bool:
    """Whether a section begins on this line."""
    return bool(_HEADING.fullmatch(lines[at].rstrip())) or _is_underlined(lines, at) or _is_field(lines[at])


def _is_underlined(lines: Sequence[str], at: int) -> bool:
    return (
        bool(_UNDERLINED.fullmatch(lines[at].strip())) and at + 1 < len(lines) and bool(_LINE.fullmatch(lines[at + 1]))
    )


def _is_field(line: str) -> bool:
    return bool(_FIELD.match(line))


def _google(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`Args:` with indented entries `name (type): words`."""
    for at, line in enumerate(lines):
        if (title := _HEADING.fullmatch(line.rstrip())) and title[1].lower() in _PARAMETERS:
            yield from _entries(_indented(lines[at + 1 :]))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() and not line[0].isspace():
            return
        yield line


def _entries(block: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Entries begin at the block's own margin; what is further in belongs to the one before."""
    name, words = "", [""]
    for line in inspect.cleandoc("\n" + "\n".join(block)).splitlines():
        entry = None if line[:1].isspace() else _GOOGLE.fullmatch(line)
        if entry is None:
            words.append(line)
            continue
        yield name, _joined(words)
        name, words = entry[1], [entry[2]]
    yield name, _joined(words)


def _numpy(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`Parameters` underlined, with entries `name : type` and their words indented below."""
    for at, line in enumerate(lines):
        if not (_is_underlined(lines, at) and line.strip().lower() in _PARAMETERS):
            continue
        names: list[str] = []
        words: list[str] = []
        for below in range(at + 2, len(lines)):
            if _is_underlined(lines, below):
                break
            if lines[below][:1].isspace() or not lines[below].strip():
                words.append(lines[below])
            elif entry := _NUMPY.fullmatch(lines[below].rstrip()):
                yield from ((name, _joined(words)) for name in names)
                names, words = re.split(r"\s*,\s*", entry[1]), []
        yield from ((name, _joined(words)) for name in names)


def _sphinx(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`:param type name: words`, going on in indented lines."""
    for at, line in enumerate(lines):
        found = _FIELD.match(line)
        if found and found[1] in ("param", "parameter", "arg", "argument", "key", "keyword") and found[2].strip():
            more = [each for each in _indented(lines[at + 1 :]) if each.strip()]
            yield found[2].split()[-1].lstrip("*"), _joined([found[3], *more])


def _joined(words: Sequence[str]) -> str:
    return " ".join(" ".join(words).split())
