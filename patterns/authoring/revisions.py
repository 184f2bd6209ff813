"""A folder of templates as it was in a revision of git."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from patterns.errors import InputError

_PATIENCE = 30
"""Seconds that git may take."""


@contextmanager
def as_it_was(folder: Path, revision: str) -> Iterator[Path]:
    """Give a copy of a folder as of a revision, for as long as this lasts; the checkout itself is left alone.

    Raises InputError where git, the checkout, the revision or the folder in it are missing.
    """
    folder = folder.resolve()
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    name = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().split()[-1]
    inside = folder.relative_to(top).as_posix()
    packed = _git(top, "archive", "--format=tar", name, "--", inside)
    with tempfile.TemporaryDirectory(prefix="patterns-") as copy:
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(copy, filter="data")
        yield Path(copy, inside)


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, timeout=_PATIENCE, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise InputError("git is not installed", hint="name two templates, without @revision") from None
    except subprocess.TimeoutExpired:
        raise InputError(f"git took longer than {_PATIENCE} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(f"git says: {said[-1] if said else 'nothing'}", hint=f"in {folder}")
    return done.stdout
