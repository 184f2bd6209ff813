"""What the rules look at: a template read as far as it goes, what it says, its examples, the type of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patterns.lint.flow import Flow
from patterns.lint.pages import Book
from patterns.messages import Json
from patterns.output.shape import Shape
from patterns.parts import PARTS
from patterns.prompt.front_matter import FrontMatter
from patterns.prompt.yaml import Place
from patterns.schemas import within

_CLOSED_TYPES = frozenset({"integer", "number", "boolean", "null", *PARTS})
_CLOSED = frozenset({"enum", "const", "pattern", "format"})
_FEW = frozenset({"enum", "const"})


@dataclass(frozen=True, slots=True)
class Row:
    """One example as it is written: its number, counted from 1, and its place."""

    raw: Json
    number: int
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A pattern in Python: the template that it names, its parameters (True: may be left out), and its output type.

    `takes` is None where the parameters are not written out, `gives` where the type is not.
    """

    template: str
    path: Path
    line: int
    takes: Mapping[str, bool] | None
    gives: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller of lint brings: models whose windows count, a window of its own, and patterns in Python."""

    models: tuple[str, ...] = ()
    window: int | None = None
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One template. `flow` is None where a file behind it cannot be read, `shape` where its type is not known."""

    book: Book
    front: FrontMatter
    flow: Flow | None = None
    shape: Shape[object] | None = None
    rows: tuple[Row, ...] = ()
    asked: Asked = field(default_factory=Asked)

    @property
    def path(self) -> Path:
        return self.book.main.file.path

    @property
    def technique(self) -> str:
        return self.book.name.partition("/")[0] if "/" in self.book.name else ""

    def place(self, *place: str | int) -> tuple[Path, int]:
        """Where the front matters say something: the file that does, and the line; else the template's first."""
        fronts = [(unit.path, unit.front) for unit in self.book.chain()] or [(self.path, self.front)]
        for path, front in fronts:
            if (line := front.line(place)) is not None:
                return path, line
        return self.path, 1

    def fragment(self, source: Place) -> Mapping[str, Json] | None:
        """The schema of a place inside an input, or of the nearest part around it; None for what is no input."""
        whole = self.front.inputs.get(str(source[0])) if source else None
        if whole is None:
            return None
        for end in range(len(source), 0, -1):
            if (found := within(whole, source[1:end])) is not None:
                return found
        return whole

    def is_free(self, source: Place) -> bool:
        """Whether any text may stand there: a stranger's words."""
        fragment = self.fragment(source)
        if fragment is None:
            return source[0] == "history"
        return not (_types(fragment) <= _CLOSED_TYPES or fragment.keys() & _CLOSED)

    def has_few_values(self, name: str) -> bool:
        """Whether a name stands for one of a few values, or for what never changes from call to call."""
        fragment = self.front.inputs.get(name)
        if fragment is None:
            return name != "history" and not (name == "examples" and self.front.selection.way == "similar")
        return bool(_types(fragment) <= {"boolean", "null"} or fragment.keys() & _FEW)


def _types(fragment: Mapping[str, Json]) -> set[str]:
    given = fragment.get("type", "any")
    return {str(each) for each in given} if isinstance(given, list) else {str(given)}
