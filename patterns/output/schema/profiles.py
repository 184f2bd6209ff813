"""What each provider takes of JSON Schema, from the dated file `profiles.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

Enforced: TypeAlias = Literal["json_schema", "tools"]
"""The modes in which a schema is sent."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a schema is written for one provider in one mode. None and 0 stand for "as many as one likes".

    `strict` is the flag that is sent. `limits` and `formats` stay keywords, others become words; `min_items` is the
    largest minItems that does. `optional` members stay so (`kept`), or are required and nullable (`null`). `inline`
    writes what a reference means in its place; `recursion` may be allowed everywhere, in optional members, or never;
    `maps` says that objects with any names, and lists with a type for each place, can be written. `loose` says when a
    schema that cannot be written so is sent as it is: `always`, if it is open (`open`) but within the bounds, or
    `never`.
    """

    strict: bool = False
    limits: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    min_items: int | None = None
    optional: Literal["null", "kept"] = "null"
    inline: bool = False
    recursion: Literal["always", "optional", "never"] = "always"
    maps: bool = False
    loose: Literal["always", "open", "never"] = "never"
    depth: int | None = None
    most_members: int = 0
    most_values: int = 0
    most_characters: int = 0
    most_optional: int = 0
    most_unions: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of one provider; `json_object` says whether it knows that mode at all."""

    name: str
    json_schema: Rules
    tools: Rules
    json_object: bool = True

    def rules(self, mode: Enforced) -> Rules:
        return self.json_schema if mode == "json_schema" else self.tools


_Row: TypeAlias = "tuple[frozenset[str], re.Pattern[str] | None, Profile]"


@lru_cache(maxsize=512)
def profile_of(provider: str, model: str) -> Profile:
    """The profile of a model. One that another provider serves, as Bedrock serves Claude, is told by its name."""
    for providers, named, profile in _rows():
        if provider in providers or (named and named.search(model)):
            return profile
    return generic()


def profiles() -> tuple[Profile, ...]:
    """All profiles; the last is that of providers we do not know."""
    return tuple(row[2] for row in _rows())


@cache
def _rows() -> list[_Row]:
    data = tomllib.loads(files("patterns.output.schema").joinpath("profiles.toml").read_text("utf-8"))
    return [_row(each, data["usual"]) for each in data["profile"]]


def _row(data: Mapping[str, Any], usual: Mapping[str, Any]) -> _Row:
    named = re.compile(data["models"]) if data.get("models") else None
    made = Profile(
        data["name"],
        _rules({**usual, **data["json_schema"]}),
        _rules({**usual, **data["tools"]}),
        data.get("json_object", True),
    )
    return frozenset(data.get("providers", ())), named, made


def _rules(data: Mapping[str, Any]) -> Rules:
    given: Any = {key: frozenset(value) if isinstance(value, list) else value for key, value in data.items()}
    return Rules(**given)


def generic() -> Profile:
    """The profile of providers that we do not know."""
    return profiles()[-1]
