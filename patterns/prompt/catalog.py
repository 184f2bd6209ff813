"""The templates of some folders, by name: found, linked with the files they need, kept until one changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from patterns.errors import TemplateError
from patterns.prompt import files
from patterns.prompt.build import build
from patterns.prompt.files import NAME, SUFFIX, File, Folder, Stamp, stamp
from patterns.prompt.link import Linked, Loader
from patterns.prompt.near import did_you_mean
from patterns.prompt.template import Template

__all__ = ["OURS", "Catalog", "Folder", "default_catalog"]

OURS = "prompt-patterns"
"""Whose the packaged templates are."""


class Catalog:
    """Templates by name. A file in an earlier folder overrides those of the same path in later ones."""

    def __init__(self, folders: Sequence[Folder]) -> None:
        self.folders = tuple(replace(folder, path=folder.path.resolve()) for folder in folders)
        self._loader = Loader(self.folders)
        self._kept: dict[str, tuple[Template, tuple[tuple[Path, Stamp], ...]]] = {}

    def load(self, name: str) -> Template:
        """Give the template of this name, compiled once; again when a file behind it has changed."""
        if kept := self._kept.get(name):
            template, watched = kept
            for path, before in watched:  # a loop, for every call asks this
                if stamp(path) != before:
                    break
            else:
                return template
        return self._loaded(name)

    def names(self) -> list[str]:
        """List the names of all templates; partials, which begin with an underscore, are left out."""
        return files.names(self.folders)

    def files(self, name: str) -> tuple[File, ...]:
        """The files of this name, the one in force first, then those that it overrides."""
        files = (File(f"{name}{SUFFIX}", level, folder) for level, folder in enumerate(self.folders))
        return tuple(file for file in files if stamp(file.path) is not None)

    def _loaded(self, name: str) -> Template:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise TemplateError(
                f"{name!r} cannot be the name of a template",
                hint=f"lower case letters, digits and _, as in few_shot/sentiment.terse, without {SUFFIX}",
            )
        linked = self._loader.link(f"{name}{SUFFIX}")
        if linked is None:
            raise self._unknown(name)
        template = build(name, linked)
        self._kept[name] = (template, _watched(linked))
        return template

    def _unknown(self, name: str) -> TemplateError:
        names = self.names()
        by_leaf = [known for known in names if known.rpartition("/")[2] == name.rpartition("/")[2]]
        near = f"did you mean {' or '.join(by_leaf)}?" if by_leaf else did_you_mean(name, names)
        where = ", ".join(str(folder.path) for folder in self.folders)
        return TemplateError(f"there is no template {name!r}", hint=near or f"looked for {name}{SUFFIX} in {where}")


def _watched(linked: Linked) -> tuple[tuple[Path, Stamp], ...]:
    return tuple(linked.watched.items())


def default_catalog(user_folders: Sequence[Path | Folder] = ()) -> Catalog:
    """The user's folders first, then the packaged templates. A bare path is trusted: its user named it."""
    given = [folder if isinstance(folder, Folder) else Folder(folder, trusted=True) for folder in user_folders]
    folders: dict[Path, Folder] = {}
    for folder in [*given, Folder(packaged_templates(), trusted=True, origin=OURS)]:
        path = folder.path.resolve()
        before = folders.get(path)
        trusted = folder.trusted or (before is not None and before.trusted)
        # A package that its author also names in the settings is the author's own.
        own = before is not None and folder.origin != OURS
        folders[path] = Folder(path, trusted, before.origin if before and own else folder.origin)
    return Catalog(tuple(folders.values()))


def packaged_templates() -> Path:
    """The folder of our own templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
