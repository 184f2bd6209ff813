"""What a shorthand says, before it becomes a Python type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Plain:
    """A type by its name, or null."""

    name: str


@dataclass(frozen=True, slots=True)
class Values:
    """One of these values."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list, a set, or a dict with text keys, of one type."""

    kind: Literal["list", "set", "dict"]
    item: Kind


@dataclass(frozen=True, slots=True)
class Either:
    """A value of any of these types."""

    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `at` is where its name stands in the text."""

    name: str
    kind: Kind
    optional: bool
    description: str
    at: int


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields."""

    fields: tuple[Field, ...]


Kind: TypeAlias = Plain | Values | Many | Either | Record
