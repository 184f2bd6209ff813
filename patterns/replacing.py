"""A file's text replaced in one step, so that a crash leaves the old text or the new, never half of each."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from patterns.errors import InputError


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write `after` where `before` stands. Raises InputError for a link, or a file that has changed since or cannot
    be written; it then is as it was.
    """
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path} is no plain file: it is not written")
        if path.read_bytes() != before:
            raise InputError(f"{path} has changed while it was looked at: it is not written", hint="run it again")
        _replace(path, after, stat.S_IMODE(found.st_mode))
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from None


def _replace(path: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
