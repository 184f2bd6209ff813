"""Settings from a file: `[tool.patterns]` in the nearest pyproject.toml, and the profiles it names."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from patterns.errors import InputError
from patterns.settings.knobs import KNOBS, frozen

Layer = Mapping[str, object]

BUILT_IN: Mapping[str, Layer] = {
    "dev": {"cache": True},
    "ci": {"cache": True, "retries": 1, "reasks": 1, "deadline": 120.0},
    "prod": {"retries": 4, "deadline": 120.0},
}
"""What these names mean before a file says more: answers kept while one works, an end to every call where it counts."""

_UP = 32
"""Folders above the current one in which a file is looked for."""


@dataclass(frozen=True, slots=True)
class File:
    """What a file sets: for every call, under each profile's name, and for `patterns lint`, who checks it itself."""

    path: Path | None = None
    always: Layer = field(default_factory=dict)
    profiles: Mapping[str, Layer] = field(default_factory=dict)
    lint: Layer = field(default_factory=dict)

    def profile(self, name: str) -> Layer:
        """What a profile sets, beside what its name means by itself. Raises InputError for one that is not there."""
        if name not in self.profiles and name not in BUILT_IN:
            names = sorted({*self.profiles, *BUILT_IN})
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise InputError(f"there is no profile {name!r}", hint=f"{hint}; others go under [tool.patterns.profiles]")
        return self.profiles.get(name, {})


_NONE = File()


def here() -> File:
    """The file that counts for the current folder, read again when it has changed. Raises InputError if it is wrong."""
    found = _nearest(os.getcwd())
    if found is None:
        return _NONE
    try:
        state = os.stat(found)
    except OSError:
        _nearest.cache_clear()
        return _NONE
    return _read(found, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _nearest(folder: str) -> str | None:
    """The nearest pyproject.toml from here upwards; looked for once, for folders do not move about."""
    for level in [Path(folder), *Path(folder).parents][:_UP]:
        path = level / "pyproject.toml"
        if path.is_file():
            return str(path)
    return None


@lru_cache(maxsize=16)
def _read(name: str, changed: int, size: int) -> File:
    path = Path(name)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    table = data.get("tool", {}).get("patterns", {})
    if not isinstance(table, dict):
        raise InputError(f"{path}: [tool.patterns] must be a table")
    profiles, lint = table.pop("profiles", {}), table.pop("lint", {})
    if not isinstance(lint, dict):
        raise InputError(f"{path}: [tool.patterns.lint] must be a table")
    if not isinstance(profiles, dict) or not all(isinstance(layer, dict) for layer in profiles.values()):
        raise InputError(f"{path}: [tool.patterns.profiles] holds one table for each profile")
    return File(
        path,
        _layer(path, "tool.patterns", table),
        {each: _layer(path, f"tool.patterns.profiles.{each}", layer) for each, layer in profiles.items()},
        lint,
    )


def _layer(path: Path, table: str, layer: Mapping[str, object]) -> Layer:
    """Check one table; what does not belong in a file is refused with the reason."""
    for name, value in layer.items():
        where = f"{path}: [{table}] {name}"
        if name == "profile" and "profiles" in table:
            raise InputError(f"{where}: a profile cannot name another")
        knob = KNOBS.get(name)
        if knob is None or not knob.in_file:
            raise InputError(f"{where} cannot be set in a file", hint=_why(name))
        if not knob.fits(value):
            raise InputError(f"{where} must be {knob.words}, not {value!r}")
    made = {name: frozen(name, value) for name, value in layer.items()}
    return {name: _inside(path, name, value) if isinstance(value, Path) else value for name, value in made.items()}


def _inside(path: Path, name: str, value: Path) -> Path:
    """A path is one inside the project: a file that came with somebody's project must not reach the user's own."""
    if value.is_absolute() or ".." in value.parts:
        raise InputError(f"{path}: {name} = {str(value)!r} must lie inside the project", hint="set others in code")
    return path.parent / value


def _why(name: str) -> str:
    if "key" in name:
        return "a key does not belong in a file: set the provider's variable, such as OPENAI_API_KEY"
    if name == "api_base":
        return "who can write to the file could draw the keys to another host: set it in code"
    if name == "templates":
        return "its folders may import code: set PATTERNS_TEMPLATES, or configure(templates=…)"
    names = [each for each, knob in KNOBS.items() if knob.in_file]
    near = difflib.get_close_matches(name, names, n=2)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(names))}"
