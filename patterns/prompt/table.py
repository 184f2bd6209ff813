"""Examples from a CSV file: each row an input and an output, by the names of its columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence

from patterns.messages import Json

Row = tuple[dict[str, Json], int]
"""A raw example, and the line it begins on."""

_SIDES = ("input", "output")


class TableError(ValueError):
    """The text is no table of examples; `line` is 1-based."""

    def __init__(self, message: str, line: int, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint


def rows(text: str, inputs: frozenset[str]) -> Iterator[Row]:
    """Read examples from a CSV text whose first row names the columns.

    `input.text` and `output.label` say which side a column is of; `output` alone is the whole output. A bare name is
    an input where the template has one of that name, else a member of the output. Dots go deeper: `output.team.name`.
    A column holds JSON when each of its cells that is not empty is a number, true, false, null, a list or an object;
    any other column holds text. An empty cell leaves its place out.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    table = list(_read(reader))
    if not table:
        raise TableError("the file is empty", 1, "the first row names the columns: text,label")
    (head, _), *body = table
    places = _places(head, inputs)
    for cells, line in body:
        if len(cells) != len(head):
            raise TableError(f"{len(cells)} cells in a table of {len(head)} columns", line, "quote cells with commas")
    kinds = [_holds_json([cells[column] for cells, _ in body]) for column in range(len(head))]
    for cells, line in body:
        yield _example(cells, places, kinds, line), line


def _read(reader: Iterator[list[str]]) -> Iterator[tuple[list[str], int]]:
    line = 1
    try:
        for cells in reader:
            if cells:
                yield cells, line
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise TableError(f"not CSV: {error}", line) from None


def _places(head: Sequence[str], inputs: frozenset[str]) -> list[tuple[str, ...]]:
    places: list[tuple[str, ...]] = []
    for name in head:
        parts = tuple(name.strip().split("."))
        if parts[0] not in _SIDES or (parts == ("input",)) or (parts[0] in inputs and len(parts) == 1):
            parts = ("input" if parts[0] in inputs else "output", *parts)
        if not all(parts):
            raise TableError(f"{name!r} cannot name a column", 1, "text, input.text, output.label, or output")
        places.append(parts)
    for number, place in enumerate(places):
        for other in places[:number]:
            short = min(len(place), len(other))
            if place[:short] == other[:short]:
                raise TableError(f"two columns are for {'.'.join(other)}", 1, "name each column once")
    if not any(place[0] == "output" for place in places):
        raise TableError("no column is for the output", 1, "name it output, or output.label")
    return places


def _holds_json(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_is_json, filled))


def _is_json(cell: str) -> bool:
    """Tell JSON that nobody takes for text: a string in quotes is text, and so are NaN and 007."""
    try:
        return not isinstance(json.loads(cell, parse_constant=_no_constant), str)
    except (ValueError, RecursionError):
        return False


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _example(
    cells: Sequence[str], places: Sequence[tuple[str, ...]], kinds: Sequence[bool], line: int
) -> dict[str, Json]:
    example: dict[str, Json] = {"input": {}}
    for cell, place, is_json in zip(cells, places, kinds, strict=True):
        if cell:
            _put(example, place, json.loads(cell) if is_json else cell)
    if "output" not in example:
        raise TableError("the output is empty", line, "fill it in, or leave the row out")
    return example


def _put(into: dict[str, Json], place: tuple[str, ...], value: Json) -> None:
    for step in place[:-1]:
        deeper = into.setdefault(step, {})
        assert isinstance(deeper, dict), "columns that cross were refused"
        into = deeper
    into[place[-1]] = value
