"""Where the package keeps what it writes: one folder for data, one for the cache, for their owner's eyes only."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_NAME = "prompt-patterns"


class Unsafe(OSError):
    """A folder that somebody else could have put there, or could write to."""


def data_dir() -> Path:
    """The folder of what must not be lost, such as what was spent: PATTERNS_DATA_DIR, or the user's data folder.

    It is made when it is missing. Raises OSError where it cannot be, `Unsafe` where it is not the user's own.
    """
    return _own(data_path())


def data_path() -> Path:
    """Where `data_dir` is or would be; nothing is looked at or made."""
    return _named("PATTERNS_DATA_DIR") or _user("data")


def cache_dir() -> Path:
    """The folder of what can be made again: PATTERNS_CACHE_DIR, or the user's cache folder. Raises as `data_dir`."""
    return _own(cache_path())


def cache_path() -> Path:
    """Where `cache_dir` is or would be; nothing is looked at or made."""
    return _named("PATTERNS_CACHE_DIR") or _user("cache")


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def _user(kind: str) -> Path:
    import platformdirs

    return platformdirs.user_data_path(_NAME) if kind == "data" else platformdirs.user_cache_path(_NAME)


def _own(folder: Path) -> Path:
    """Make the folder if need be; refuse one that is a link, or another user's, or open to others."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Unsafe(f"{folder} is no folder, or a link to one: nothing is written there")
    if hasattr(os, "getuid"):
        if found.st_uid != os.getuid():
            raise Unsafe(f"{folder} belongs to another user: nothing is written there")
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    return folder


def sheltered(path: Path) -> tuple[int, int]:
    """Make the file, and its folder, where they are missing; give the file's identity.

    Raises Unsafe for a link, a file or folder of another user's, or a folder that everybody can write to.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = path.parent.stat()
    mine = (folder.st_uid,) if not hasattr(os, "geteuid") else (os.geteuid(), 0)
    if folder.st_uid not in mine or folder.st_mode & stat.S_IWOTH:
        raise Unsafe(f"{path.parent} is another user's, or everybody can write to it")
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise Unsafe(f"{path} is no file, or a link to one")
    if hasattr(os, "geteuid"):
        if found.st_uid != os.geteuid():
            raise Unsafe(f"{path} belongs to another user")
        if found.st_mode & 0o077:
            path.chmod(0o600)
    return found.st_dev, found.st_ino
