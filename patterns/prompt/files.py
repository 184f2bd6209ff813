"""Template files on disk: which names are allowed, which folder answers for a name, and how a file is read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from patterns.errors import TemplateError

SUFFIX = ".md.jinja"
YOURS = "yours"
"""The origin of folders that the user named."""
MAX_BYTES = 1_000_000
MAX_DATA_BYTES = 64_000_000
"""Bytes of a file of examples."""

NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*(\.[a-z0-9_]+)*")
DATA_NAME = re.compile(r"(?:[a-z0-9_]+/)*[a-z0-9_]+(?:\.[a-z0-9_]+)*\.(?:yaml|jsonl|csv)")

Stamp: TypeAlias = tuple[int, int, int] | None
"""What tells a changed file from the same one: time of change, size, inode. None for no file."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A root of templates, and whose it is. From a trusted one, an import path in `output` may be followed."""

    path: Path
    trusted: bool
    origin: str = YOURS


@dataclass(frozen=True, slots=True)
class File:
    """A template file: its name under the root, and which of the folders holds it (0 is asked first)."""

    name: str
    level: int
    folder: Folder

    @property
    def path(self) -> Path:
        return self.folder.path / self.name

    @property
    def id(self) -> str:
        return f"{self.level}:{self.name}"


def find(folders: tuple[Folder, ...], name: str, above: int = 0) -> File | None:
    """Find the first folder, from number `above` on, that holds a file of this name."""
    for level in range(above, len(folders)):
        file = File(name, level, folders[level])
        if stamp(file.path) is not None:
            return file
    return None


def stamp(path: Path) -> Stamp:
    """Read the stamp of a file, about a microsecond and a half."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read(path: Path, root: Path, most: int = MAX_BYTES) -> str:
    """Read a file's text; raise TemplateError when it leaves its root, is no plain file, too big, or not UTF-8."""
    try:
        real = path.resolve()
        if not real.is_relative_to(root.resolve()):
            raise _unsafe("the file is a link that leads out of its folder", path, hint="copy the file instead")
        status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _unsafe("this is not a plain file", path)
        if status.st_size > most:
            raise _unsafe(f"{status.st_size:,} bytes; at most {most:,} are read", path)
        data = real.read_bytes()
    except RuntimeError:  # so says Python up to 3.12
        raise _unsafe("the file is a link that leads to itself", path, hint="copy the file instead") from None
    except OSError as error:
        raise _unsafe(f"cannot be read: {error.strerror}", path) from None
    return _decoded(data, path)


def _decoded(data: bytes, path: Path) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unsafe("not UTF-8", path, line, hint="save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unsafe(message: str, path: Path, line: int | None = None, hint: str = "") -> TemplateError:
    return TemplateError(message, path=path, line=line, hint=hint, rule="unsafe")


def names(folders: tuple[Folder, ...]) -> list[str]:
    """List the names of all templates, without partials: files or folders that begin with an underscore."""
    return sorted({name for folder in folders for name in _names(folder.path)})


def _names(root: Path) -> Iterator[str]:
    for path in root.rglob(f"*{SUFFIX}"):
        name = path.relative_to(root).as_posix().removesuffix(SUFFIX)
        partial = any(part.startswith("_") for part in name.split("/"))
        if not partial and NAME.fullmatch(name) and path.resolve().is_relative_to(root.resolve()):
            yield name
