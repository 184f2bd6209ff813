"""Folders of templates that other installed packages bring along, by the entry point `patterns.templates`."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from patterns.surroundings import variable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "patterns.templates"
SWITCH = "PATTERNS_PLUGINS"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A folder of templates, and the distribution that brings it."""

    distribution: str
    path: Path


def plugins() -> tuple[Plugin, ...]:
    """The folders of other packages, by the names of their entry points; none where PATTERNS_PLUGINS is `off`.

    An entry point names a package, such as `acme = "acme_prompts.templates"`, whose folder holds the templates; its
    code is not run. One without such a folder is told of once, as a RuntimeWarning, and left out.
    """
    said = variable(SWITCH)
    off = said is not None and said.strip().lower() in ("off", "0", "false", "no")
    return () if off else _found(tuple(sys.path))


@lru_cache(maxsize=4)
def _found(path: tuple[str, ...]) -> tuple[Plugin, ...]:
    if not any(map(_announces, path)):
        return ()
    return tuple(found for name, point in _points() if (found := _plugin(name, point)) is not None)


def _points() -> list[tuple[str, EntryPoint | None]]:
    """The entry points of our group by the names of their distributions, each of which counts once.

    One that cannot be read is None. Which these are depends on who reads: some readers refuse what others let pass.
    """
    from importlib.metadata import distributions

    found: dict[str, list[tuple[str, EntryPoint | None]]] = {}
    for each in distributions():
        name = str(each.metadata["Name"] or "")
        if not name or name in found:
            continue
        try:
            found[name] = [(name, point) for point in each.entry_points.select(group=GROUP)]
        except Exception:
            found[name] = [(name, None)] if GROUP in (each.read_text("entry_points.txt") or "") else []
    return [pair for name in sorted(found) for pair in found[name]]


def _announces(folder: str) -> bool:
    """Tell whether a distribution in this folder speaks of our group: a look that costs a millisecond in all.

    Nearly every program has no such package, and importing what reads entry points takes 30 ms of its first answer.
    """
    try:
        with os.scandir(folder or ".") as entries:
            return any(GROUP.encode() in _entry_points(entry.path) for entry in entries if _is_metadata(entry.name))
    except OSError:
        return False


def _is_metadata(name: str) -> bool:
    return name.endswith((".dist-info", ".egg-info"))


def _entry_points(folder: str) -> bytes:
    try:
        with open(os.path.join(folder, "entry_points.txt"), "rb") as file:
            return file.read()
    except OSError:
        return b""


def _plugin(name: str, point: EntryPoint | None) -> Plugin | None:
    folder = None if point is None else next((path for path in _places(point) if path.is_dir()), None)
    if folder is None:
        where = "a place that cannot be read" if point is None else repr(point.value)
        warnings.warn(
            f"patterns: {name} promises templates in {where}, and there is no such folder: they are left out"
            f" ({SWITCH}=off silences this)",
            RuntimeWarning,
            stacklevel=2,
        )
        return None
    return Plugin(name, folder.resolve())


def _places(point: EntryPoint) -> Iterator[Path]:
    """Where the package may lie: beside the metadata of its distribution, or where an editable install points to."""
    parts = point.value.partition(":")[0].strip().split(".")
    if not all(part.isidentifier() for part in parts):
        return
    if point.dist is not None:
        yield Path(str(point.dist.locate_file("/".join(parts))))
    with contextlib.suppress(ImportError, ValueError):
        spec = find_spec(parts[0])
        yield from (Path(each, *parts[1:]) for each in (spec and spec.submodule_search_locations) or ())
