"""A template file with every file that it extends, includes and imports, found in the folders and read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from patterns.errors import TemplateError
from patterns.prompt.checks import Reference
from patterns.prompt.files import NAME, SUFFIX, File, Folder, Stamp, find, stamp
from patterns.prompt.near import did_you_mean
from patterns.prompt.unit import Unit, read_unit

MISSING = "missing-partial"


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
        watched = self._stamps(name)
        linked = Linked(self._unit(file), watched=watched)
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
            file = self.resolve(linked, unit, reference)
            if reference.kind == "extends" and file.id in (*path, unit.file.id):
                raise TemplateError(
                    f"{file.name} extends itself", path=unit.path, line=reference.line, rule="circular-partial"
                )
            linked.references[unit.file.id, reference.name] = file.id
            if file.id not in linked.units or reference.kind == "extends":
                self._add(linked, self._unit(file), (*path, unit.file.id))

    def resolve(self, linked: Linked, unit: Unit, reference: Reference) -> File:
        """Find what a reference means: a file's own name means the one that it overrides. Raises TemplateError."""
        name = reference.name
        if not name.endswith(SUFFIX) or not NAME.fullmatch(name.removesuffix(SUFFIX)):
            raise TemplateError(
                f"{name!r} cannot be the name of a template file",
                path=unit.path, line=reference.line, hint=f'as in "_shared{SUFFIX}"; from the root, no .. and no /',
                rule=MISSING,
            )  # fmt: skip
        linked.watched.update(self._stamps(name))
        own = name == unit.file.name
        file = find(self._folders, name, unit.file.level + 1 if own else 0)
        if file is None:
            lacking = f"there is no {name} beneath this one" if own else f"there is no template file {name!r}"
            hint = "a file's own name means the file that it overrides, in a later folder" if own else self._near(name)
            raise TemplateError(lacking, path=unit.path, line=reference.line, hint=hint, rule=MISSING)
        return file

    def _near(self, name: str) -> str:
        found = [(folder.path, path) for folder in self._folders for path in folder.path.rglob(f"*{SUFFIX}")]
        return did_you_mean(name, {path.relative_to(root).as_posix() for root, path in found})

    def _stamps(self, name: str) -> dict[Path, Stamp]:
        """A name is watched in every folder: a file may appear that overrides the one we found.

        Stamps are taken before the file is read, so that a change in between is seen later.
        """
        return {folder.path / name: stamp(folder.path / name) for folder in self._folders}
