"""A template and the files it needs, linked: references resolved, front matters inherited, names checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from patterns.errors import TemplateError
from patterns.prompt.checks import Reference
from patterns.prompt.examples import read_examples
from patterns.prompt.files import NAME, SUFFIX, File, Folder, Stamp, find, stamp
from patterns.prompt.front_matter import PROVIDED, FrontMatter
from patterns.prompt.inputs import Inputs
from patterns.prompt.near import did_you_mean
from patterns.prompt.program import Program
from patterns.prompt.template import Template
from patterns.prompt.unit import Unit, read_unit


@dataclass(slots=True)
class Linked:
    """All files behind one template, by id; `references` says which file a name means in which file."""

    main: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    references: dict[tuple[str, str], str] = field(default_factory=dict)
    watched: dict[Path, Stamp] = field(default_factory=dict)

    def target(self, unit: Unit, reference: Reference) -> Unit:
        return self.units[self.references[unit.file.id, reference.name]]

    def chain(self) -> tuple[Unit, ...]:
        """The file itself, what it extends, what that extends, and so on."""
        units = [self.main]
        while extends := units[-1].extends():
            units.append(self.target(units[-1], extends))
        return tuple(units)


class Loader:
    """Reads each file once, for all templates that need it, and again when it has changed."""

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        self._folders = folders
        self._units: dict[str, tuple[Stamp, Unit]] = {}

    def link(self, name: str) -> Linked | None:
        """Read a file with everything that it needs; None when there is no such file."""
        file = find(self._folders, name)
        if file is None:
            return None
        linked = Linked(self._unit(file))
        self._watch(linked, name)
        self._add(linked, linked.main, ())
        return linked

    def _unit(self, file: File) -> Unit:
        now = stamp(file.path)
        before, unit = self._units.get(file.id, (None, None))
        if unit is None or before != now:
            unit = read_unit(file)
            self._units[file.id] = (now, unit)
        return unit

    def _add(self, linked: Linked, unit: Unit, path: tuple[str, ...]) -> None:
        linked.units[unit.file.id] = unit
        for reference in unit.references:
            file = self._resolve(linked, unit, reference)
            if reference.kind == "extends" and file.id in (*path, unit.file.id):
                raise TemplateError(f"{file.name} extends itself", path=unit.path, line=reference.line)
            linked.references[unit.file.id, reference.name] = file.id
            if file.id not in linked.units or reference.kind == "extends":
                self._add(linked, self._unit(file), (*path, unit.file.id))

    def _resolve(self, linked: Linked, unit: Unit, reference: Reference) -> File:
        """Find what a reference means: a file's own name means the one that it overrides."""
        name = reference.name
        if not name.endswith(SUFFIX) or not NAME.fullmatch(name.removesuffix(SUFFIX)):
            raise TemplateError(
                f"{name!r} cannot be the name of a template file",
                path=unit.path, line=reference.line, hint=f'as in "_shared{SUFFIX}"; from the root, no .. and no /',
            )  # fmt: skip
        own = name == unit.file.name
        file = find(self._folders, name, unit.file.level + 1 if own else 0)
        self._watch(linked, name)
        if file is None:
            lacking = f"there is no other {name} for it to build on" if own else f"there is no template file {name!r}"
            raise TemplateError(lacking, path=unit.path, line=reference.line, hint=self._near(name))
        return file

    def _near(self, name: str) -> str:
        found = [(folder.path, path) for folder in self._folders for path in folder.path.rglob(f"*{SUFFIX}")]
        return did_you_mean(name, {path.relative_to(root).as_posix() for root, path in found})

    def _watch(self, linked: Linked, name: str) -> None:
        """A name is watched in every folder: a file may appear that overrides the one we found."""
        for folder in self._folders:
            linked.watched[folder.path / name] = stamp(folder.path / name)


def build(name: str, linked: Linked) -> Template:
    """Put a template together; raise TemplateError for names that nothing declares and text outside of roles."""
    chain = linked.chain()
    front = inherited(chain)
    inputs = Inputs(name, front.inputs)
    _check_names(linked, chain, frozenset(front.inputs) | PROVIDED)
    if stray := chain[-1].stray:
        raise TemplateError(
            "text outside of a role", path=chain[-1].path, line=stray[0],
            hint="put it into {% system %}, {% user %} or {% assistant %}",
        )  # fmt: skip
    examples = read_examples(_giver(chain, "examples"), inputs)
    if examples.path is not None:
        linked.watched.setdefault(examples.path, stamp(examples.path))
    return Template(
        name=name,
        path=linked.main.path,
        trusted=_giver(chain, "output").file.folder.trusted,
        description=front.description or "",
        version=1 if front.version is None else front.version,
        inputs=front.inputs,
        output=front.output,
        format=front.format or "json",
        config=front.config,
        examples=examples.examples,
        example_lines=examples.lines,
        example_path=examples.path or linked.main.path,
        units=(*chain, *(unit for unit in linked.units.values() if unit not in chain)),
        places_history=any(_places_history(unit) for unit in linked.units.values()),
        _inputs=inputs,
        _program=Program(
            linked.main.file.id, {id: unit.code for id, unit in linked.units.items()}, linked.references
        ),
        _examples=[{"input": example.input, "output": example.output} for example in examples.examples],
    )


def inherited(chain: tuple[Unit, ...]) -> FrontMatter:
    """Merge front matters: a file's own keys win over those of what it extends; inputs and config key by key."""
    first = chain[0].front
    if len(chain) == 1:
        return first
    beneath = inherited(chain[1:])
    return FrontMatter(
        description=first.description if first.description is not None else beneath.description,
        version=first.version if first.version is not None else beneath.version,
        inputs={**beneath.inputs, **first.inputs},
        output=first.output if first.output is not None else beneath.output,
        format=first.format or beneath.format,
        config={**beneath.config, **first.config},
        examples=first.examples if first.examples is not None else beneath.examples,
        located=first.located,
    )


def _giver(chain: tuple[Unit, ...], key: str) -> Unit:
    """The file of the chain whose front matter gives a key; the last when none does."""
    return next((unit for unit in chain if getattr(unit.front, key) is not None), chain[0])


def _places_history(unit: Unit) -> bool:
    return unit.history_tag or any(read.name == "history" for read in unit.reads)


def _check_names(linked: Linked, chain: tuple[Unit, ...], declared: frozenset[str]) -> None:
    shared = declared.union(*(unit.top_level_names for unit in chain))
    checked: set[tuple[str, frozenset[str]]] = set()
    for unit in chain:
        _check_unit(linked, unit, shared, checked)


def _check_unit(
    linked: Linked, unit: Unit, known: frozenset[str], checked: set[tuple[str, frozenset[str]]]
) -> None:
    """Every name that a file reads must come from somewhere: an input, or a file that includes this one."""
    if (unit.file.id, known) in checked:
        return
    checked.add((unit.file.id, known))
    for read in unit.reads:
        if read.name not in known:
            raise TemplateError(
                f"{read.name!r} is not declared",
                path=unit.path, line=read.line, hint=_undeclared(read.name, known),
            )  # fmt: skip
    for reference in unit.references:
        if reference.kind != "extends":
            seen = known | unit.all_names if reference.context else frozenset()
            _check_unit(linked, linked.target(unit, reference), seen, checked)


def _undeclared(name: str, known: frozenset[str]) -> str:
    if not known:
        return "a file imported without context sees no inputs; pass it as an argument of the macro"
    return did_you_mean(name, known) or f"declare it in the front matter: inputs: {{{name}: what it is}}"

