"""The cases of a spec file, each with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast, get_args

from patterns.errors import PatternsError
from patterns.exchange import Mode
from patterns.messages import Json, Role
from patterns.prompt.near import did_you_mean
from patterns.prompt.yaml import Located, Place, YamlError, read_yaml

MOST = 4_000_000
"""Characters of a spec file: snapshots repeat the examples in each of their cases."""

Said = tuple[Role, str]

_FILE = ("template", "templates", "schema", "mode", "snapshot", "cases")
_CASE = ("name", "template", "inputs", "example", "schema", "mode", "messages", "contains", "excludes", "error",
         "answer", "output", "repairs")  # fmt: skip
_EXPECTS = ("messages", "contains", "excludes", "error", "output", "repairs")
SNAPSHOT = "examples"


class SpecError(PatternsError):
    """A spec file says what nobody understands, at `path` and `line`."""

    def __init__(self, message: str, path: Path, line: int, hint: str = "") -> None:
        super().__init__(f"{path.name}:{line}: {message}", hint=hint)
        self.path, self.line = str(path), line


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `index` is its place in the file; what is None is not looked at.

    `example` is the number of an example of the template (from 1) whose inputs are taken. `answer` is what a model
    says; `output` is read from it, with `repairs` by their kinds. `error` is a class of errors, or words of one.
    """

    index: int
    line: int
    template: str
    name: str = ""
    inputs: Mapping[str, Json] = field(default_factory=dict)
    example: int | None = None
    schema: Json = None
    mode: Mode = "prompted"
    messages: tuple[Said, ...] | None = None
    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    error: str | None = None
    answer: str | None = None
    output: tuple[Json] | None = None
    repairs: tuple[str, ...] | None = None

    @property
    def title(self) -> str:
        """The name, or what tells the case from others."""
        return self.name or (f"example {self.example}" if self.example else f"line {self.line}")


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec file. `folders` are searched for templates before all others; `snapshot` asks for a case an example."""

    path: Path
    folders: tuple[Path, ...]
    cases: tuple[Case, ...]
    template: str | None = None
    schema: Json = None
    mode: Mode = "prompted"
    snapshot: bool = False

    def of_example(self, number: int) -> Case:
        """The case of an example that the file has no case for yet."""
        assert self.template is not None, "a snapshot has a template"
        return Case(-1, 1, self.template, example=number, schema=self.schema, mode=self.mode)

    def uncovered(self, examples: int) -> list[int]:
        """The examples of the template, of which there are so many, without a case that says what comes out."""
        covered = {case.example for case in self.cases if case.messages is not None}
        return [number for number in range(1, examples + 1) if number not in covered]


def read_spec(path: Path) -> Spec:
    """Read a spec file; raise SpecError with the line at fault."""
    try:
        located = read_yaml(path.read_text(encoding="utf-8"), max_characters=MOST)
    except YamlError as error:
        raise SpecError(str(error), path, error.line, error.hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"cannot be read: {error}", path, 1) from None
    return _Reader(path, located).spec()


class _Reader:
    def __init__(self, path: Path, located: Located) -> None:
        self._path, self._located = path, located

    def spec(self) -> Spec:
        value = self._located.value
        if not isinstance(value, Mapping):
            raise self._error((), "a spec file is a mapping", "template: few_shot/sentiment, and cases: […]")
        self._known((), value, _FILE)
        template = self._text((), value, "template")
        snapshot = value.get("snapshot")
        if snapshot not in (None, SNAPSHOT):
            raise self._error(("snapshot",), f"snapshot is {snapshot!r}", f"snapshot: {SNAPSHOT}")
        if snapshot and template is None:
            raise self._error(("snapshot",), "a snapshot needs a template", "template: few_shot/sentiment")
        cases = value.get("cases") or []
        if not isinstance(cases, list) or not (cases or snapshot):
            raise self._error(("cases",), "there are no cases", "cases: [{inputs: {…}, messages: […]}]")
        folders = [self._path.parent / name for name in self._texts((), value, "templates")]
        return Spec(
            self._path,
            tuple(folders),
            tuple(self._case(index, case, value) for index, case in enumerate(cases)),
            template,
            value.get("schema"),
            self._mode((), value),
            bool(snapshot),
        )

    def _case(self, index: int, given: Json, around: Mapping[str, Json]) -> Case:
        place: Place = ("cases", index)
        if not isinstance(given, Mapping):
            raise self._error(place, "a case is a mapping", "- inputs: {…}")
        self._known(place, given, _CASE)
        if not any(key in given for key in _EXPECTS):
            raise self._error(place, "the case expects nothing", f"say one of {', '.join(_EXPECTS)}")
        value = {**{key: around[key] for key in ("template", "schema", "mode") if key in around}, **given}
        template = self._text(place, value, "template")
        if template is None:
            raise self._error(place, "no template is named", "template: few_shot/sentiment, here or for the file")
        self._sensible(place, value)
        return Case(
            index=index,
            line=self._located.line(place),
            template=template,
            name=self._text(place, value, "name") or "",
            inputs=self._mapping(place, value, "inputs"),
            example=self._number(place, value, "example"),
            schema=value.get("schema"),
            mode=self._mode(place, value),
            messages=self._messages(place, value),
            contains=self._texts(place, value, "contains"),
            excludes=self._texts(place, value, "excludes"),
            error=self._text(place, value, "error"),
            answer=self._text(place, value, "answer"),
            output=(value["output"],) if "output" in value else None,
            repairs=self._texts(place, value, "repairs") if "repairs" in value else None,
        )

    def _sensible(self, place: Place, value: Mapping[str, Json]) -> None:
        for key in ("output", "repairs"):
            if key in value and "answer" not in value:
                raise self._error((*place, key), f"{key} is read from an answer, and there is none", "answer: '…'")
        if "error" in value and any(key in value for key in _EXPECTS if key != "error"):
            raise self._error((*place, "error"), "a case that ends in an error has nothing else to show")

    def _messages(self, place: Place, value: Mapping[str, Json]) -> tuple[Said, ...] | None:
        given = value.get("messages")
        if given is None:
            return None
        place = (*place, "messages")
        if not isinstance(given, list):
            raise self._error(place, "messages is a list", "- user: what it says")
        return tuple(self._said((*place, number), each) for number, each in enumerate(given))

    def _said(self, place: Place, given: Json) -> Said:
        if isinstance(given, Mapping) and len(given) == 1:
            [(role, content)] = given.items()
            if role in get_args(Role) and isinstance(content, str):
                return cast("Role", role), content
        raise self._error(place, "a message is a role and what it says", "- user: what it says")

    def _mode(self, place: Place, value: Mapping[str, Json]) -> Mode:
        mode = value.get("mode", "prompted")
        if mode not in get_args(Mode):
            raise self._error((*place, "mode"), f"mode is {mode!r}", f"one of {', '.join(get_args(Mode))}")
        return cast("Mode", mode)

    def _text(self, place: Place, value: Mapping[str, Json], key: str) -> str | None:
        given = value.get(key)
        if given is not None and not isinstance(given, str):
            raise self._error((*place, key), f"{key} is no text", f"{key}: '…'")
        return given

    def _texts(self, place: Place, value: Mapping[str, Json], key: str) -> tuple[str, ...]:
        given = value.get(key)
        listed: Sequence[Json] = [] if given is None else given if isinstance(given, list) else [given]
        if not all(isinstance(each, str) for each in listed):
            raise self._error((*place, key), f"{key} is a text or a list of texts")
        return tuple(str(each) for each in listed)

    def _mapping(self, place: Place, value: Mapping[str, Json], key: str) -> Mapping[str, Json]:
        given = value.get(key, {})
        if not isinstance(given, Mapping):
            raise self._error((*place, key), f"{key} is no mapping", f"{key}: {{text: …}}")
        return given

    def _number(self, place: Place, value: Mapping[str, Json], key: str) -> int | None:
        given = value.get(key)
        if given is None:
            return None
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            raise self._error((*place, key), f"{key} is a number, from 1")
        return given

    def _known(self, place: Place, value: Mapping[str, Json], known: Sequence[str]) -> None:
        for key in value:
            if key not in known:
                hint = did_you_mean(key, known) or f"known keys: {', '.join(known)}"
                raise self._error((*place, key), f"unknown key {key!r}", hint)

    def _error(self, place: Place, message: str, hint: str = "") -> SpecError:
        return SpecError(message, self._path, self._located.line(place), hint)
