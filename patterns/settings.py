"""Settings of the process, from the environment, from `configure`, or for a while from `override`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypedDict, TypeGuard, Unpack, get_args

from patterns.errors import InputError
from patterns.exchange import Mode
from patterns.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Settings:
    """What a call uses where it says nothing itself.

    `timeout` is the total deadline of one request in seconds. `budget` is a limit in US dollars for all calls
    made while it is in force, and `ledger` keeps what they spent. `reasks` is how often a wrong answer goes back
    to the model, `retries` how often a request that failed on its way is sent again. `templates` are folders of
    the user's own, first one first; they may name Python types in their front matter, so only trusted folders
    belong here.
    """

    model: str | None = None
    mode: Mode | None = None
    templates: tuple[Path, ...] = ()
    budget: float | None = None
    timeout: float = 120.0
    reasks: int = 2
    retries: int = 2
    offline: bool = False
    ledger: Ledger | None = None


class Changes(TypedDict, total=False):
    """The settings by name, as `configure` and `override` take them."""

    model: str | None
    mode: Mode | None
    templates: tuple[Path, ...]
    budget: float | None
    timeout: float
    reasks: int
    retries: int
    offline: bool


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read PATTERNS_MODEL, PATTERNS_TEMPLATES (folders, separated like PATH) and PATTERNS_OFFLINE=1."""
    folders = environ.get("PATTERNS_TEMPLATES", "")
    return Settings(
        model=environ.get("PATTERNS_MODEL") or None,
        templates=tuple(Path(folder) for folder in folders.split(os.pathsep) if folder),
        offline=environ.get("PATTERNS_OFFLINE", "") not in ("", "0"),
    )


_configured: dict[str, object] = {}
_overridden: ContextVar[Mapping[str, object] | None] = ContextVar("patterns_settings", default=None)


def settings() -> Settings:
    """The settings in force here: `override` before `configure` before the environment."""
    layers = {**_configured, **(_overridden.get() or {})}
    return replace(from_environment(os.environ), **layers)  # type: ignore[arg-type]


def configure(**changes: Unpack[Changes]) -> None:
    """Set defaults for the whole process; what is not named stays as it was."""
    _configured.update(_checked(changes))


@contextmanager
def override(**changes: Unpack[Changes]) -> Iterator[Settings]:
    """Set defaults for a while, in this task or thread only."""
    token = _overridden.set({**(_overridden.get() or {}), **_checked(changes)})
    try:
        yield settings()
    finally:
        _overridden.reset(token)


def _checked(changes: Mapping[str, object]) -> dict[str, object]:
    """Refuse what cannot be a setting; a budget opens a ledger of its own."""
    names = {field.name for field in fields(Settings)} - {"ledger"}
    if unknown := sorted(set(changes) - names):
        raise InputError(f"no such setting: {', '.join(unknown)}", hint=f"there are {', '.join(sorted(names))}")
    for name, value in changes.items():
        fits, words = _FITTING[name]
        if not fits(value):
            raise InputError(f"{name} must be {words}, not {value!r}")
    made = dict(changes)
    if isinstance(folders := changes.get("templates"), list | tuple):
        made["templates"] = tuple(Path(folder) for folder in folders)
    if "budget" in changes:
        budget = changes["budget"]
        made["ledger"] = Ledger(float(budget)) if isinstance(budget, int | float) else None
    return made


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_folders(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(folder, str | Path) for folder in value)


_FITTING: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "model": (lambda v: v is None or isinstance(v, str), "the name of a model"),
    "mode": (lambda v: v is None or v in get_args(Mode), f"one of {', '.join(get_args(Mode))}"),
    "templates": (_are_folders, "a tuple of folders"),
    "budget": (lambda v: v is None or (_is_number(v) and v > 0), "a number above 0 (US dollars)"),
    "timeout": (lambda v: _is_number(v) and v > 0, "a number above 0 (seconds)"),
    "reasks": (_is_count, "a whole number, at least 0"),
    "retries": (_is_count, "a whole number, at least 0"),
    "offline": (lambda v: isinstance(v, bool), "True or False"),
}
"""What a setting must be: a budget that is no number would be no limit at all."""
