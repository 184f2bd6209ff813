"""The worked examples of a template: inline, or from a file beside it, each with the line it stands on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from patterns.errors import InputError, TemplateError
from patterns.exchange import Example
from patterns.messages import Json
from patterns.prompt import table
from patterns.prompt.files import DATA_NAME, MAX_DATA_BYTES, File, Stamp, read, stamp
from patterns.prompt.front_matter import FrontMatter
from patterns.prompt.inputs import Inputs, plain
from patterns.prompt.pool import Pool
from patterns.prompt.unit import Unit
from patterns.prompt.yaml import YamlError, read_yaml

MAX_EXAMPLES_YAML = 262_144


@dataclass(frozen=True, slots=True)
class Examples:
    """Checked examples, and the file that holds them with the stamp it had before it was read."""

    pool: Pool = field(default_factory=lambda: Pool(()))
    stamp: Stamp = None


def read_examples(unit: Unit, inputs: Inputs) -> Examples:
    """Read the examples that a file's front matter gives; raise TemplateError where one does not fit the inputs."""
    if unit.front.examples is None:
        return Examples()
    path = path_of(unit.file, unit.front)
    before = stamp(path)
    rows = rows_of(unit.file, unit.front, inputs)
    checked = [checked_example(raw, inputs, path, line, number + 1) for number, (raw, line) in enumerate(rows)]
    return Examples(Pool(checked, [line for _, line in rows], path), before)


def path_of(file: File, front: FrontMatter) -> Path:
    """The file that holds the examples of a template: its own, or the one that it names."""
    return _beside(file, front, front.examples) if isinstance(front.examples, str) else file.path


def rows_of(file: File, front: FrontMatter, inputs: Inputs) -> list[tuple[Json, int]]:
    """Read the examples as they are written, each with its line; raise TemplateError where they cannot be read."""
    if isinstance(front.examples, str):
        return list(_from_file(path_of(file, front), file.folder.path, inputs))
    return list(_inline(front, front.examples or []))


def _inline(front: FrontMatter, given: list[Json]) -> Iterator[tuple[Json, int]]:
    head = front.located.value
    within = ("examples", "rows") if isinstance(head, Mapping) and head.get("examples") is not given else ("examples",)
    for index, raw in enumerate(given):
        yield raw, front.line((*within, index)) or 1


def _beside(file: File, front: FrontMatter, name: str) -> Path:
    line = front.line(("examples",))
    if not DATA_NAME.fullmatch(name):
        raise TemplateError(
            f"examples {name!r} is not the name of a .yaml, .jsonl or .csv file beside the template",
            path=file.path, line=line, hint="lower case letters, digits, _ and dots: sentiment.examples.yaml",
        )  # fmt: skip
    path = file.path.parent / name
    if not path.is_file():
        raise TemplateError(f"there is no file {name} beside the template", path=file.path, line=line)
    return path


def _from_file(path: Path, root: Path, inputs: Inputs) -> Iterator[tuple[Json, int]]:
    text = read(path, root, MAX_DATA_BYTES)
    if path.suffix == ".csv":
        return _table_rows(text, path, inputs)
    return _yaml_rows(text, path) if path.suffix == ".yaml" else _json_rows(text, path)


def _table_rows(text: str, path: Path, inputs: Inputs) -> Iterator[tuple[Json, int]]:
    try:
        for raw, line in table.rows(text, frozenset(inputs.fragments)):
            yield plain(raw, "example"), line
    except table.TableError as error:
        raise TemplateError(str(error), path=path, line=error.line, hint=error.hint) from None


def _yaml_rows(text: str, path: Path) -> Iterator[tuple[Json, int]]:
    try:
        located = read_yaml(text, max_characters=MAX_EXAMPLES_YAML)
    except YamlError as error:
        raise TemplateError(str(error), path=path, line=error.line, hint=error.hint) from None
    if not isinstance(located.value, list):
        raise TemplateError("the file is not a list of examples", path=path, line=1, hint="- {input: {…}, output: …}")
    for index, raw in enumerate(located.value):
        yield raw, located.line((index,))


def _json_rows(text: str, path: Path) -> Iterator[tuple[Json, int]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_refuse_constant, object_pairs_hook=_members)
            yield plain(row, "example"), number
        except (ValueError, RecursionError) as error:
            raise TemplateError(f"not JSON: {error}", path=path, line=number, hint="one example a line") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice in an object")
    return members


def checked_example(raw: Json, inputs: Inputs, path: Path, line: int, number: int) -> Example:
    """Hold one example against the inputs; raise TemplateError where it does not fit."""
    if not isinstance(raw, Mapping) or raw.keys() != {"input", "output"} or not isinstance(raw["input"], Mapping):
        raise TemplateError(
            f"example {number} is not an input and an output", path=path, line=line, hint="- {input: {…}, output: …}",
            rule="example-input",
        )  # fmt: skip
    try:
        return Example(inputs.accept(raw["input"]), raw["output"])
    except InputError as error:
        raise TemplateError(
            f"the input of example {number} does not fit: {error.message}", path=path, line=line, hint=error.hint,
            rule="example-input",
        ) from None  # fmt: skip
