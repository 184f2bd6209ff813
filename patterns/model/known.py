"""What is known of models before one is asked: litellm's own table, read without importing litellm."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from pydantic_core import from_json

from patterns.model.client import loaded

_TABLE = "model_prices_and_context_window_backup.json"
_SAMPLE = "sample_spec"
_ROUTES: Mapping[str, tuple[str, ...]] = {
    "openai": ("responses",),
    "azure": ("responses",),
    "bedrock": ("converse", "invoke"),
    "cohere": ("v1", "v2"),
    "cohere_chat": ("v1", "v2"),
}
"""Words behind a provider's name that choose one of its APIs, and are no part of the model's."""
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: its prefix in model names, the variables that may hold its key, its small default model."""

    name: str
    variables: tuple[str, ...]
    default: str


@cache
def providers() -> tuple[Provider, ...]:
    """The providers we know by name, in the order they are tried; from the dated file `defaults.toml`."""
    data = tomllib.loads(files("patterns.model").joinpath("defaults.toml").read_text("utf-8"))
    return tuple(Provider(p["name"], tuple(p["variables"]), p["default"]) for p in data["provider"])


def key_variables(model: str) -> tuple[str, ...]:
    """The environment variables that may hold the key for this model; empty when we do not know."""
    name = provider_of(model)
    return next((p.variables for p in providers() if p.name == name), ())


def provider_of(model: str) -> str:
    """The provider a model name speaks of: its prefix, or what litellm's table says of a bare name."""
    prefix, slash, _ = model.partition("/")
    return prefix if slash else str(facts(model).get("litellm_provider", ""))


def without_route(model: str) -> str:
    """The model's name without the word that chooses an API: `openai/gpt-4o` for `openai/responses/gpt-4o`."""
    provider, _, rest = model.partition("/")
    route, slash, name = rest.partition("/")
    return f"{provider}/{name}" if slash and route in _ROUTES.get(provider, ()) else model


def facts(model: str) -> Facts:
    """What litellm's table says of a model, empty for one it does not hold. Models registered in litellm count."""
    table = _table()
    return _bundled_facts(model) if table is _bundled() else _facts(table, model)


@lru_cache(maxsize=256)
def _bundled_facts(model: str) -> Facts:
    """The facts of a table that never changes; a live one may."""
    return _facts(_bundled(), model)


def _facts(table: Mapping[str, Facts], model: str) -> Facts:
    return _found(table, model) or _found(table, without_route(model))


def _found(table: Mapping[str, Facts], model: str) -> Facts:
    """Look a model up by its whole name, and without its prefix where the entry is of that provider."""
    if (found := table.get(model)) is not None:
        return found
    prefix, _, rest = model.partition("/")
    found = table.get(rest) or {}
    return found if str(found.get("litellm_provider", "")).startswith(prefix) else {}


def registered(model: str) -> bool:
    """Tell whether the user told litellm about this model: it stands in the live table and not in the bundled one."""
    return bool(facts(model)) and not _found(_bundled(), model)


def near_names(model: str) -> tuple[str, ...]:
    """Up to three names of chat models that are spelled alike."""
    from rapidfuzz import fuzz, process

    names = [name for name, spec in _table().items() if spec.get("mode") == "chat" and name.count("/") <= 1]
    wanted = {model, model.partition("/")[2] or model}
    found = [
        hit for name in wanted for hit in process.extract(name, names, scorer=fuzz.ratio, limit=3, score_cutoff=75)
    ]
    return tuple(dict.fromkeys(str(hit[0]) for hit in sorted(found, key=lambda hit: -hit[1])))[:3]


def models_with(flag: str, provider: str) -> tuple[str, ...]:
    """Up to three chat models that have a flag in the table: the default ones, and one of this provider."""
    own = min(
        (
            name if "/" in name else f"{provider}/{name}"
            for name, spec in _table().items()
            if spec.get("litellm_provider") == provider and spec.get("mode") == "chat" and spec.get(flag)
        ),
        key=lambda name: (len(name), name),
        default="",
    )
    usual = [each.default for each in providers() if facts(each.default).get(flag)]
    first = [name for name in usual if provider_of(name) == provider] or [own]
    return tuple(dict.fromkeys(filter(None, [*first, *usual])))[:3]


def _table() -> Mapping[str, Facts]:
    if (module := loaded()) is None:
        return _bundled()
    live = getattr(module, "model_cost", None)
    return live if isinstance(live, Mapping) and live else _bundled()


@cache
def _bundled() -> Mapping[str, Facts]:
    """The table in litellm's package, some 3 MB; empty when litellm is not installed or has moved it."""
    spec = find_spec("litellm")
    folders = spec.submodule_search_locations if spec else None
    path = Path(os.fspath(next(iter(folders), "") if folders else "")) / _TABLE
    try:
        table: dict[str, Facts] = from_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    table.pop(_SAMPLE, None)
    return table
