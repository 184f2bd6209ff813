"""What a name in a template can stand for while its messages are put together, and where names are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jinja2 import nodes

from patterns.lint.pages import Page
from patterns.lint.pieces import Pieces

MOST_STEPS = 100_000
MOST_PIECES = 20_000


class TooMuch(Exception):
    """A template that grows past all bounds when its macros are written out."""


@dataclass(frozen=True, slots=True, eq=False)
class Macro:
    """A macro, or the body of a {% call %}, with the page and the names that it was written among."""

    node: nodes.Macro | nodes.CallBlock
    page: Page
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """An imported file: the names that it sets."""

    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """`super()` or `self`: blocks by name, each with its definitions, the nearest first."""

    found: dict[str, list[tuple[Page, nodes.Block]]]
    only: str = ""


Value: TypeAlias = Pieces | Macro | Module | Blocks


@dataclass(slots=True, eq=False)
class Scope:
    """Names, and the scope around them."""

    names: dict[str, Value] = field(default_factory=dict)
    around: Scope | None = None

    def get(self, name: str) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return ()

    def inner(self, names: Mapping[str, Value] | None = None) -> Scope:
        return Scope(dict(names or {}), self)
