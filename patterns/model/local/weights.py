"""Which file a model's name speaks of, and how it is to be loaded: `local/PATH.gguf?context=8192`."""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import parse_qsl

from patterns.errors import BadRequest, UnknownModel

PREFIX = "local/"
_MAGIC = b"GGUF"
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights and the way to load it: two names that agree in all of this share one loaded model.

    `context` is in tokens, for one request (0: all that the model was trained for); `parallel` is how many requests
    are answered at once, each with a context of its own. `threads` 0 and `gpu_layers` -1 leave the choice to
    llama.cpp. From `verbosity` 1 on, llama.cpp writes its own log to stderr.
    """

    path: Path
    context: int = 8192
    parallel: int = 1
    threads: int = 0
    gpu_layers: int = -1
    verbosity: int = 0


_CHOICES = {each.name: -1 if each.name == "gpu_layers" else 0 for each in fields(Weights) if each.name != "path"}
"""What may stand behind the question mark, with its least value."""
_THREADS = 512
"""More are no help on any machine, and where the system cannot start them all, they end the whole process."""


def weights_of(model: str) -> Weights:
    """Read a model's name and look at the file. Raises UnknownModel without a GGUF file there, BadRequest for choices
    that do not exist."""
    name, _, choices = model.removeprefix(PREFIX).partition("?")
    chosen = dict(_chosen(model, choices))
    return Weights(_file(model, name), **chosen)


def _chosen(model: str, choices: str) -> Iterator[tuple[str, int]]:
    for name, value in parse_qsl(choices, keep_blank_values=True):
        if name not in _CHOICES:
            near = difflib.get_close_matches(name, _CHOICES, n=1) or sorted(_CHOICES)
            raise BadRequest(f"{model}: there is no choice {name!r}", model=model, hint=f"there is {', '.join(near)}")
        least = max(1, _CHOICES[name]) if name == "parallel" else _CHOICES[name]
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if number < least:
            raise BadRequest(f"{model}: {name} is a whole number from {least} on, not {value!r}", model=model)
        if name == "threads" and number > _THREADS:
            raise BadRequest(f"{model}: threads are {_THREADS} at most, not {number}", model=model)
        yield name, number


def _file(model: str, name: str) -> Path:
    path = Path(name).absolute()
    try:
        path = Path(name).expanduser().absolute()
        begins = _beginning(path)
    except (OSError, ValueError, RuntimeError) as error:  # also a path that is none, and the home of nobody
        raise UnknownModel(f"{model}: {_failure(path, error)}", model=model, hint=_near(path)) from None
    if begins != _MAGIC:
        what = "is empty" if not begins else "is no GGUF file: it does not begin with GGUF"
        raise UnknownModel(f"{model}: {path} {what}", model=model, hint=_near(path))
    return path.resolve()


def _beginning(path: Path) -> bytes:
    """The first bytes of a file. A pipe is not opened: it would keep the loop waiting for somebody who writes."""
    if stat.S_ISFIFO(path.stat().st_mode):
        raise ValueError("it is a pipe")
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def _failure(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no file {path}"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder"
    return f"{path} cannot be read: {error.strerror if isinstance(error, OSError) else error}"


def _near(path: Path) -> str:
    """What to do about a file that is not there: name those of the folder that are spelled alike, or any."""
    folder = next((each for each in (path, *path.parents) if _is_folder(each)), Path.cwd())
    try:
        names = sorted(each.name for each in folder.glob("*.gguf") if each != path)
    except OSError:
        names = []
    if not names:
        return f"there is no other .gguf file in {folder}; a model's name is local/ and the path to the file"
    alike = difflib.get_close_matches(path.name, names, n=_NEAR, cutoff=0.4) or names[:_NEAR]
    return f"in {folder} there is {', '.join(alike)}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # too long a name, or a folder that may not be looked into
        return False
