"""The front matter of a template file: split off, read as YAML, held against a closed model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from patterns.errors import InputError, SchemaError, TemplateError
from patterns.messages import Format, Json
from patterns.prompt.kinds import bare
from patterns.prompt.selection import ALL, Selection, selection_of
from patterns.prompt.yaml import Located, Place, YamlError, read_yaml
from patterns.schemas import check, problems

if TYPE_CHECKING:
    from patterns.prompt.keys import Head

FENCE = "---"
RULE = "front-matter"
PROVIDED = frozenset({"examples", "output_format", "history"})
_TAKEN = PROVIDED | {"loop", "self", "super", "caller", "varargs", "kwargs", "range", "true", "false", "none", "not"}
_TAKEN |= {"and", "or", "in", "is", "if", "else", "True", "False", "None"}
EXAMPLE_SOURCES: Mapping[str, type] = {"file": str, "rows": list}
_KINDS = {"file": "name of a file", "rows": "list"}
_INPUT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IMPORT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What one file says about itself. None, or an empty mapping, where it says nothing.

    `inputs` maps names to JSON Schema fragments; `examples` is a list of raw examples or the name of a file, and
    `selection` says which of them a call shows.
    `lines` are those of the template file.
    """

    description: str | None = None
    version: int | None = None
    inputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    output: str | Mapping[str, Json] | None = None
    format: Format | None = None
    config: Mapping[str, object] = field(default_factory=dict)
    examples: list[Json] | str | None = None
    selection: Selection = ALL
    located: Located = field(default_factory=lambda: Located(None))

    def line(self, place: Place) -> int | None:
        """The line of a part in the template file; None when the file has no such part."""
        if not place or place[:1] not in self.located.lines:
            return None
        return self.located.line(place) + 1


def split(text: str, path: Path) -> tuple[str, str]:
    """Split a file into its front matter and its body.

    The body keeps its line numbers: a comment of Jinja stands where the front matter was.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return "", text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]), "{#" + "\n" * number + "#}\n" + "\n".join(lines[number + 1 :])
    raise TemplateError(
        "the front matter does not end", path=path, line=1, hint="end it with a line of three dashes", rule=RULE
    )


def read_front_matter(text: str, path: Path) -> FrontMatter:
    """Read and check a front matter; raise TemplateError with the line of the key at fault."""
    if not text.strip():
        return FrontMatter()
    try:
        located = read_yaml(text)
    except YamlError as error:
        rule = "unsafe" if error.unsafe else RULE
        raise TemplateError(str(error), path=path, line=error.line + 1, hint=error.hint, rule=rule) from None
    reader = _Checks(path, located)
    return reader.front_matter()


class _Checks:
    """Holds what was read against the model, and knows where each part stood."""

    def __init__(self, path: Path, located: Located) -> None:
        self._path = path
        self._located = located

    def front_matter(self) -> FrontMatter:
        value = self._located.value
        if not isinstance(value, Mapping):
            raise self._error((), "the front matter is not a list of keys", "description: …")
        head = self._head(value)
        examples, selection = self._examples(value.get("examples"))
        return FrontMatter(
            description=head.description,
            version=head.version,
            inputs=self._inputs(value.get("inputs")),
            output=self._output(value.get("output")),
            format=head.format,
            config=head.config.model_dump(exclude_none=True) if head.config else {},
            examples=examples,
            selection=selection,
            located=self._located,
        )

    def _head(self, value: Mapping[str, Json]) -> Head:
        from patterns.prompt.keys import WrongKey, read_head

        try:
            return read_head(value)
        except WrongKey as error:
            raise self._error(error.place, str(error), error.hint) from None

    def _inputs(self, given: Json) -> Mapping[str, Mapping[str, Json]]:
        if not isinstance(given, Mapping):
            return {}
        return {name: self._fragment(name, fragment) for name, fragment in given.items()}

    def _fragment(self, name: str, given: Json) -> Mapping[str, Json]:
        place = ("inputs", name)
        if not _INPUT.fullmatch(name) or name in _TAKEN:
            hint = "use letters, digits and _, and none of the words that templates have already"
            raise self._error(place, f"an input cannot be named {name!r}", hint)
        if isinstance(given, str):
            return {"type": "string", "description": given} if given else {"type": "string"}
        if given is None:
            return {"type": "string"}
        if not isinstance(given, Mapping):
            raise self._error(place, f"input {name!r} needs a description or a JSON Schema", f"{name}: what it is")
        self._check_schema(place, schema := bare(given))
        if "default" in given and (wrong := problems(given["default"], schema)):
            raise self._error((*place, "default"), f"the default of input {name!r} does not fit: {wrong[0].message}")
        return given

    def _output(self, given: Json) -> str | Mapping[str, Json] | None:
        if given is None:
            return None
        if isinstance(given, str) and _IMPORT.fullmatch(given):
            return given
        if not isinstance(given, Mapping):
            raise self._error(("output",), "output is neither module:Model nor a JSON Schema", "output: my_types:Model")
        self._check_schema(("output",), given)
        return given

    def _examples(self, given: Json) -> tuple[list[Json] | str | None, Selection]:
        """The examples or their file, and which of them are shown: all, unless keys beside `file` or `rows` choose."""
        if given is None or isinstance(given, list | str):
            return given, ALL
        if not isinstance(given, Mapping):
            raise self._error(("examples",), "examples is neither a list nor a file", "- {input: {…}, output: …}")
        choice = dict(given)
        sources = [(key, choice.pop(key)) for key in EXAMPLE_SOURCES if key in choice]
        if len(sources) != 1:
            raise self._error(("examples",), "examples need one source: a file, or rows", "{file: rows.csv, k: 8}")
        [(key, source)] = sources
        if not isinstance(source, EXAMPLE_SOURCES[key]):
            raise self._error(("examples", key), f"{key} of examples is no {_KINDS[key]}", "file: rows.csv")
        try:
            return source, selection_of(choice)  # type: ignore[return-value]
        except InputError as error:
            named = next((key for key in choice if re.search(rf"\b{re.escape(key)}\b", error.message)), None)
            place = ("examples",) if named is None else ("examples", named)
            raise self._error(place, f"examples: {error.message}", error.hint) from None

    def _check_schema(self, place: Place, schema: Mapping[str, Json]) -> None:
        try:
            check(schema)
        except SchemaError as error:
            raise self._error(place, error.message, error.hint) from None

    def _error(self, place: Place, message: str, hint: str = "") -> TemplateError:
        return TemplateError(message, path=self._path, line=self._located.line(place) + 1, hint=hint, rule=RULE)
