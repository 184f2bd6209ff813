"""The settings in force, `override` before `configure` before the environment before the file, and their origins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Unpack, cast

from patterns.errors import InputError
from patterns.keys import Given, Keys
from patterns.ledger import Ledger
from patterns.settings.knobs import KNOBS, frozen
from patterns.settings.profiles import BUILT_IN, Layer, here
from patterns.settings.values import Changes, Settings
from patterns.shared_ledger import ledger_for
from patterns.surroundings import state

PREFIX = "PATTERNS_"

_configured: dict[str, object] = {}
_overridden: ContextVar[Mapping[str, object] | None] = ContextVar("patterns_settings", default=None)


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value, and the place that it comes from, in words."""

    value: object
    where: str


def settings() -> Settings:
    """The settings in force here. Raises InputError for an environment or a file that cannot be understood."""
    global _made
    inner, outer, around, file = now = (_overridden.get(), _configured, state(), here())
    before, made = _made
    if inner is before[0] and outer is before[1] and around is before[2] and file is before[3]:
        return made
    made = _combined()
    _made = (now, made)
    return made


def keys_in_force() -> Keys | None:
    """The keys of `settings()`, without a look at the environment and the file, where none may stand."""
    inner = _overridden.get()
    return cast("Keys | None", (inner if inner and "keys" in inner else _configured).get("keys"))


def _combined() -> Settings:
    made: dict[str, object] = {}
    for _, layer in reversed(_layers()):
        made.update(layer)
    made["ledger"] = _ledger_of(made)
    return replace(_DEFAULTS, **made)  # type: ignore[arg-type]


def _ledger_of(made: Layer) -> Ledger | None:
    """The ledger of the budget in force: the one in its file, or else that of the place that set it.

    A budget of `override` without a file of its own is one for these calls alone, and begins with nothing spent.
    """
    inner = _overridden.get() or {}
    budget, file = cast("float | None", made.get("budget")), cast("Path | None", made.get("budget_file"))
    if "budget" in inner and "budget_file" not in inner:
        return cast("Ledger | None", inner["ledger"])
    if file is not None and "budget" not in made:
        raise InputError(f"there is a budget_file, {file}, but no budget", hint="set budget too, in US dollars")
    if budget is None:
        return None
    if file is not None:
        return ledger_for(budget, file)
    return cast("Ledger", made["ledger"]) if "ledger" in made else _ledger(budget)


def origins() -> dict[str, Origin]:
    """Every setting with its value and where it comes from."""
    layers = [*_layers(), ("default", {each.name: getattr(_DEFAULTS, each.name) for each in fields(Settings)})]
    shown = [each.name for each in fields(Settings) if each.name != "ledger"]
    return {name: next(Origin(layer[name], where) for where, layer in layers if name in layer) for name in shown}


def configure(**changes: Unpack[Changes]) -> None:
    """Set defaults for the whole process; what is not named stays as it was."""
    global _configured
    _configured = {**_configured, **_checked(changes)}


@contextmanager
def override(**changes: Unpack[Changes]) -> Iterator[Settings]:
    """Set defaults for a while, in this task or thread only."""
    token = _overridden.set({**(_overridden.get() or {}), **_checked(changes)})
    try:
        yield settings()
    finally:
        _overridden.reset(token)


_DEFAULTS = Settings()
_made: tuple[tuple[object, ...], Settings] = ((None, None, None, None), _DEFAULTS)
"""What the last look was made from, and what it came to: every call of a pattern asks, and little ever changes."""


def _layers() -> list[tuple[str, Layer]]:
    """The layers, the strongest first, each with its place in words."""
    file = here()
    inner, outer, env = _overridden.get() or {}, _configured, from_environment(os.environ)
    name = next((layer["profile"] for layer in (inner, outer, env, file.always) if layer.get("profile")), None)
    layers: list[tuple[str, Layer]] = [("override()", inner), ("configure()", outer), ("environment", env)]
    if isinstance(name, str):
        layers.append((f"{file.path} [tool.patterns.profiles.{name}]", file.profile(name)))
    layers.append((f"{file.path} [tool.patterns]", file.always))
    if isinstance(name, str):
        layers.append((f"built-in profile {name}", BUILT_IN.get(name, {})))
    return layers


def from_environment(environ: Mapping[str, str]) -> Layer:
    """Read PATTERNS_MODEL, PATTERNS_RETRIES and so on: each setting that a variable can hold, under its own name.

    Fallbacks are separated by commas, folders like those of PATH; switches are 0 or 1. Raises InputError for a value
    that cannot be understood.
    """
    found = tuple((name, value) for name in _READABLE if (value := environ.get(PREFIX + name.upper())))
    return _understood(found)


_READABLE = tuple(name for name, knob in KNOBS.items() if knob.read is not None)


@lru_cache(maxsize=64)
def _understood(found: tuple[tuple[str, str], ...]) -> Layer:
    layer: dict[str, object] = {}
    for name, text in found:
        knob = KNOBS[name]
        assert knob.read is not None, "only readable settings are looked for"
        try:
            value = knob.read(text)
        except ValueError:
            value = text
        if not knob.fits(value) or (value == text and knob.read is not str):
            raise InputError(f"{PREFIX}{name.upper()} must be {knob.words}, not {text!r}")
        layer[name] = value
    return layer


@lru_cache(maxsize=64)
def _ledger(budget: float) -> Ledger:
    """The one ledger of this process for a budget that the environment or a file sets."""
    return Ledger(budget)


def _checked(changes: Mapping[str, object]) -> dict[str, object]:
    """Refuse what cannot be a setting; a budget opens a ledger of its own."""
    if unknown := sorted(set(changes) - set(KNOBS)):
        raise InputError(f"no such setting: {', '.join(unknown)}", hint=f"there are {', '.join(sorted(KNOBS))}")
    made: dict[str, object] = {}
    for name, value in _scoped(changes).items():
        knob = KNOBS[name]
        if not knob.fits(value):
            shown = type(value).__name__ if name == "api_key" else repr(value)
            raise InputError(f"{name} must be {knob.words}, not {shown}")
        made[name] = frozen(name, value)
    if isinstance(profile := made.get("profile"), str):
        here().profile(profile)
    if "budget" in made:
        budget = made["budget"]
        made["ledger"] = Ledger(float(budget)) if isinstance(budget, int | float) else None
    if "api_key" in made:
        keys = made.pop("api_key")
        made["keys"] = Keys(cast("Mapping[str, Given]", keys)) if keys else None
    return made


def _scoped(changes: Mapping[str, object]) -> Mapping[str, object]:
    """A key without a word for what is for the provider of the model: with a fallback it must not go elsewhere."""
    key = changes.get("api_key")
    if key is None or isinstance(key, Mapping):
        return changes
    model = changes.get("model", settings().model)
    provider, slash, _ = model.partition("/") if isinstance(model, str) else ("", "", "")
    return {**changes, "api_key": {provider: key}} if slash else changes
