"""What each setting must be, and how a variable holds it: a limit that is no number would be no limit at all."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard, get_args

from patterns.exchange import Mode
from patterns.keys import Secret
from patterns.settings.values import Lane


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting: what fits, in code and in words, how it is read from a text, and whether a file may set it."""

    fits: Callable[[object], bool]
    words: str
    read: Callable[[str], object] | None = None
    in_file: bool = True


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _above_0(value: object) -> bool:
    return _is_number(value) and value > 0


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_rate(value: object) -> bool:
    return value is None or (_is_count(value) and value != 0)


def _none_or_above_0(value: object) -> bool:
    return value is None or _above_0(value)


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(name, str) and name for name in value)


def _are_folders(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(folder, str | Path) for folder in value)


def _is_switch_or_path(value: object) -> bool:
    return isinstance(value, bool | Path) or (isinstance(value, str) and bool(value))


def _none_or_path(value: object) -> bool:
    return value is None or isinstance(value, Path) or (isinstance(value, str) and bool(value))


def _are_prices(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(name, str) and _is_price(pair) for name, pair in value.items())


def _is_price(pair: object) -> bool:
    return isinstance(pair, list | tuple) and len(pair) == 2 and all(_is_number(price) and price >= 0 for price in pair)


def _are_keys(value: object) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(
            isinstance(scope, str) and scope and (isinstance(key, str | Secret) or callable(key))
            for scope, key in value.items()
        )
    )


def _switch(text: str) -> bool:
    switches = {"": False, "0": False, "false": False, "no": False, "off": False}
    switches |= {"1": True, "true": True, "yes": True, "on": True}
    try:
        return switches[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def _switch_or_path(text: str) -> bool | Path:
    try:
        return _switch(text)
    except ValueError:
        return Path(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in text.split(os.pathsep) if folder)


_DOLLARS = "a number above 0 (US dollars)"
_SECONDS = "a number above 0 (seconds)"
_RATE = "a whole number above 0 (per minute)"
_COUNT = "a whole number, at least 0"

KNOBS: Mapping[str, Knob] = {
    "model": Knob(lambda v: v is None or (isinstance(v, str) and bool(v)), "the name of a model", str),
    "fallbacks": Knob(_are_names, "a list of names of models", _names),
    "fallback_on_refusal": Knob(lambda v: isinstance(v, bool), "True or False", _switch),
    "mode": Knob(lambda v: v is None or v in get_args(Mode), f"one of {', '.join(get_args(Mode))}", str),
    # A folder named here may import Python types: whoever can plant a file must not be able to name one.
    "templates": Knob(_are_folders, "a tuple of folders", _folders, in_file=False),
    "budget": Knob(_none_or_above_0, _DOLLARS, float),
    "budget_file": Knob(_none_or_path, "a path", Path),
    "max_cost": Knob(_none_or_above_0, _DOLLARS, float),
    "timeout": Knob(_above_0, _SECONDS, float),
    "deadline": Knob(_none_or_above_0, _SECONDS, float),
    "reasks": Knob(_is_count, _COUNT, int),
    "tool_turns": Knob(lambda v: _is_count(v) and v != 0, "a whole number above 0", int),
    "retries": Knob(_is_count, _COUNT, int),
    "breaker": Knob(lambda v: isinstance(v, bool), "True or False", _switch),
    "cache": Knob(_is_switch_or_path, "True, False or a path", _switch_or_path),
    "cache_ttl": Knob(_none_or_above_0, _SECONDS, float),
    "rpm": Knob(_is_rate, _RATE, int),
    "tpm": Knob(_is_rate, _RATE, int),
    "prices": Knob(_are_prices, "two numbers (US dollars per million tokens of input and output) for each model"),
    "usage": Knob(_is_switch_or_path, "True, False or a path", _switch_or_path),
    # A file that came with somebody's project must not have texts written where they were not before.
    "log_content": Knob(lambda v: isinstance(v, bool), "True or False", _switch, in_file=False),
    "offline": Knob(lambda v: isinstance(v, bool), "True or False", _switch),
    # Whose addresses are fetched, and what that tells their hosts, is not for a project's file to decide.
    "allow_urls": Knob(lambda v: isinstance(v, bool), "True or False", _switch, in_file=False),
    "prompt_cache": Knob(lambda v: isinstance(v, bool), "True or False", _switch),
    "lane": Knob(lambda v: v in get_args(Lane), f"one of {', '.join(get_args(Lane))}", str),
    "warm": Knob(lambda v: isinstance(v, bool), "True or False", _switch),
    "profile": Knob(lambda v: v is None or (isinstance(v, str) and bool(v)), "the name of a profile", str),
    "api_key": Knob(
        _are_keys, "a mapping from a provider, model or host to its key, or to a function that gives it", in_file=False
    ),
}
"""Every setting by its name; those that an environment variable can hold have a way to read one."""


def frozen(name: str, value: object) -> object:
    """A value as the settings keep it: tuples for lists, paths for their names."""
    if name == "templates" and isinstance(value, list | tuple):
        return tuple(Path(folder) for folder in value)
    if name in ("cache", "usage", "budget_file") and isinstance(value, str):
        return Path(value)
    if name == "prices" and isinstance(value, Mapping):
        return {model: (float(pair[0]), float(pair[1])) for model, pair in value.items()}
    return tuple(value) if isinstance(value, list) else value
