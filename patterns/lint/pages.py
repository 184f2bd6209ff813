"""Template files as far as each can be read: what is wrong with one part does not hide the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jinja2 import nodes

from patterns.errors import TemplateError
from patterns.lint.findings import Edit
from patterns.prompt.build import inherited
from patterns.prompt.files import NAME, SUFFIX, File, Folder, find, read
from patterns.prompt.front_matter import FrontMatter, read_front_matter, split
from patterns.prompt.link import Linked, Loader
from patterns.prompt.unit import Unit, compiled, parsed

_Edge: TypeAlias = tuple[str, str, int]
"""The id of a file that is needed, its name, and the line that says so."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One file. `front` is None where it cannot be read, `unit` and `tree` where the body cannot."""

    file: File
    text: str = ""
    front: FrontMatter | None = None
    unit: Unit | None = None
    tree: nodes.Template | None = None
    faults: tuple[TemplateError, ...] = ()


@dataclass(slots=True, eq=False)
class Book:
    """A template with the files behind it. `linked` is None unless all of them can be read and found.

    `edits` are the mends of faults that have one.
    """

    name: str
    main: Page
    pages: dict[str, Page] = field(default_factory=dict)
    faults: list[TemplateError] = field(default_factory=list)
    edits: dict[TemplateError, Edit] = field(default_factory=dict)
    linked: Linked | None = None

    @property
    def partial(self) -> bool:
        """A file that only others use: pieces without a front matter of their own."""
        hidden = any(part.startswith("_") for part in self.name.split("/"))
        return hidden and not (self.main.front and self.main.front.located.lines)

    def chain(self) -> tuple[Unit, ...]:
        """The file itself and what it extends; empty when not all of it could be read."""
        return self.linked.chain() if self.linked else ()

    def front(self) -> FrontMatter | None:
        """What the front matters say together; the file's own where what it extends cannot be read."""
        if self.linked is not None and all(page.front for page in self.pages.values()):
            return inherited(self.chain())
        return self.main.front


class Reader:
    """Reads each file of some folders once."""

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        self.folders = folders
        self._loader = Loader(folders)
        self._pages: dict[str, Page] = {}

    def find(self, name: str) -> File | None:
        return find(self.folders, f"{name}{SUFFIX}")

    def book(self, file: File) -> Book:
        """Read a template with everything that it names, and note all that cannot be."""
        main = self.page(file)
        book = Book(file.name.removesuffix(SUFFIX), main, {file.id: main})
        book.faults.extend(main.faults)
        if main.unit is not None:
            linked = Linked(main.unit)
            self._follow(book, linked, main.unit)
            circles = list(_circles(book, linked))
            book.faults.extend(circles)
            whole = all(page.unit for page in book.pages.values())
            found = all((unit.file.id, r.name) in linked.references for unit in _units(book) for r in unit.references)
            book.linked = linked if whole and found and not circles else None
        return book

    def page(self, file: File) -> Page:
        if file.id not in self._pages:
            self._pages[file.id] = _page(file)
        return self._pages[file.id]

    def _follow(self, book: Book, linked: Linked, unit: Unit) -> None:
        linked.units[unit.file.id] = unit
        for reference in unit.references:
            try:
                file = self._loader.resolve(linked, unit, reference)
            except TemplateError as error:
                book.faults.append(error)
                if meant := self._meant(reference.name):
                    book.edits[error] = Edit(reference.name, meant)
                continue
            linked.references[unit.file.id, reference.name] = file.id
            if file.id not in book.pages:
                page = book.pages[file.id] = self.page(file)
                book.faults.extend(page.faults)
                if page.unit is not None:
                    self._follow(book, linked, page.unit)

    def _meant(self, name: str) -> str:
        """The file that a name without its ending, or one that begins in its own folder, surely means."""
        meant = name.removeprefix("./").removesuffix(".jinja").removesuffix(".md") + SUFFIX
        return (
            meant if meant != name and NAME.fullmatch(meant.removesuffix(SUFFIX)) and find(self.folders, meant) else ""
        )


def _page(file: File) -> Page:
    try:
        text = read(file.path, file.folder.path)
    except TemplateError as error:
        return Page(file, faults=(error,))
    try:
        head, body = split(text, file.path)
    except TemplateError as error:
        return Page(file, text, faults=(error,))
    faults: list[TemplateError] = []
    front: FrontMatter | None = None
    try:
        front = read_front_matter(head, file.path)
    except TemplateError as error:
        faults.append(error)
    try:
        unit, tree = compiled(file, front or FrontMatter(), body), parsed(file, body)
    except TemplateError as error:
        return Page(file, text, front, faults=(*faults, error))
    return Page(file, text, front, unit, tree, tuple(faults))


def _units(book: Book) -> list[Unit]:
    return [page.unit for page in book.pages.values() if page.unit is not None]


def _circles(book: Book, linked: Linked) -> list[TemplateError]:
    """Find files that need themselves whatever the inputs are. Under a condition, a file may well include itself."""
    edges = {unit.file.id: _always(book.pages[unit.file.id], linked) for unit in _units(book)}
    found: list[TemplateError] = []
    done: set[str] = set()
    trail: list[str] = []

    def visit(id: str) -> None:
        trail.append(id)
        for target, _, _ in edges.get(id, ()):
            if target in trail:
                found.append(_circle(book, trail[trail.index(target) :], edges))
            elif target not in done:
                visit(target)
        done.add(trail.pop())

    visit(book.main.file.id)
    return found


def _circle(book: Book, ring: list[str], edges: Mapping[str, list[_Edge]]) -> TemplateError:
    """Tell a circle where the file that comes first by name is asked for, wherever one entered it."""
    at = ring.index(min(ring))
    before, first = ring[at - 1], ring[at]
    name, line = next((name, line) for target, name, line in edges[before] if target == first)
    words = f"{name} needs this file, which needs it" if len(ring) > 1 else f"{name} needs itself"
    return TemplateError(words, path=book.pages[before].file.path, line=line, rule="circular-partial")


def _always(page: Page, linked: Linked) -> list[_Edge]:
    """The files that a page needs whenever it is used."""
    assert page.unit is not None
    assert page.tree is not None
    lines = {node.lineno for node in _unconditional(page.tree)}
    return [
        (linked.references[page.unit.file.id, reference.name], reference.name, reference.line)
        for reference in page.unit.references
        if (reference.kind == "extends" or reference.line in lines)
        and (page.unit.file.id, reference.name) in linked.references
    ]


_SOMETIMES = (nodes.If, nodes.For, nodes.Macro, nodes.CallBlock)


def _unconditional(node: nodes.Node) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Include | nodes.Import | nodes.FromImport):
            found.append(child)
        elif not isinstance(child, _SOMETIMES):
            found.extend(_unconditional(child))
    return found
