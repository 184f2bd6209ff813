"""Which templates a path means, and which folder is their root: names in a template count from there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from patterns.errors import InputError
from patterns.lint.findings import Finding
from patterns.prompt.catalog import packaged_templates
from patterns.prompt.files import NAME, SUFFIX, File, Folder

ROOT = "templates"


@dataclass(frozen=True, slots=True)
class Target:
    """A template file, and the folders that answer for the names in it."""

    file: File
    folders: tuple[Folder, ...]


def targets_of(path: Path, known: Sequence[Folder], root: Path | None, trusted: bool) -> Iterator[Target | Finding]:
    """Give the templates of a file or folder, or a finding for what cannot be one. Raises InputError for no path.

    Its root is `root`, else the known folder that holds it, else the nearest folder above named `templates`, else the
    folder itself. What is known of a folder's trust stays; `trusted` trusts all.
    """
    if not os.path.lexists(path):
        raise InputError(f"there is no {path}")
    path = Path(os.path.abspath(path))
    folders = _folders(path, known, root, trusted)
    for each in [path] if not path.is_dir() else _below(path, folders[0].path):
        yield each if isinstance(each, Finding) else _target(each, folders)


def _folders(path: Path, known: Sequence[Folder], root: Path | None, trusted: bool) -> tuple[Folder, ...]:
    """The root first, then all others that a name may lead to."""
    others = [replace(folder, trusted=folder.trusted or trusted) for folder in known]
    if root is None:
        own = [folder for folder in others if path.is_relative_to(folder.path)]
        if own:
            at = others.index(max(own, key=lambda folder: len(folder.path.parts)))
            return tuple(others[at:])
        root = _nearest(path)
    root = Path(os.path.abspath(root))
    if not path.is_relative_to(root):
        raise InputError(f"{path} is not below {root}", hint="--root is the folder that names in templates count from")
    return (Folder(root, trusted), *(folder for folder in others if folder.path != root))


def _nearest(path: Path) -> Path:
    return next((each for each in [path, *path.parents] if each.name == ROOT), path if path.is_dir() else path.parent)


def _below(path: Path, root: Path) -> Iterator[Path | Finding]:
    for at, folders, files in os.walk(path):
        for name in sorted(folders):
            if (link := Path(at, name)).is_symlink() and not _inside(link, root):
                yield Finding("unsafe", "the folder is a link that leads out of the templates", link)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(at, name) for name in sorted(files) if name.endswith(SUFFIX))


def _inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def _target(path: Path, folders: tuple[Folder, ...]) -> Target | Finding:
    name = path.relative_to(folders[0].path).as_posix()
    if not name.endswith(SUFFIX):
        return Finding("unsafe", f"the name of a template ends in {SUFFIX}", path)
    if not NAME.fullmatch(name.removesuffix(SUFFIX)):
        hint = "lower case letters, digits and _, as in few_shot/sentiment.terse"
        return Finding("unsafe", f"{name} cannot be the name of a template: nothing finds it", path, hint=hint)
    return Target(File(name, 0, folders[0]), folders)


def python_of(folders: Sequence[Folder]) -> tuple[Path, ...]:
    """Where patterns for the templates of a root are written: beside it; for ours, in the library."""
    root = folders[0].path.resolve()
    if root == packaged_templates().resolve():
        return (Path(__file__).resolve().parents[1] / "library",)
    return (root.parent if root.name == ROOT else root,)
