"""The pieces that a rendered message is made of, when it is not known yet what the inputs will be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from patterns.prompt.yaml import Place

Where: TypeAlias = tuple[Path, int]
NOWHERE: Where = (Path(), 0)
"""The place of what is not printed yet."""

_DEEPEST = 5
NUMBERS = frozenset({"length"})
"""Filters whose result says nothing in a stranger's words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it stands in a file (`text`), or data (`source`: the input it comes from, and the place inside it).

    `depends` are the names that decide whether it is there. `filters` are those it went through. `written` is where
    it is printed, `said` where it enters its message: they differ when a macro or another file prints it.
    """

    text: str = ""
    source: Place | None = None
    depends: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    written: Where = NOWHERE
    said: Where = NOWHERE

    @property
    def blank(self) -> bool:
        return self.source is None and not self.text.strip()

    @property
    def names(self) -> frozenset[str]:
        """The inputs, and what is provided, that this piece needs."""
        return self.depends | {str(self.source[0])} if self.source else self.depends


Pieces: TypeAlias = tuple[Piece, ...]


def names_of(pieces: Iterable[Piece]) -> frozenset[str]:
    return frozenset().union(*(piece.names for piece in pieces))


def inside(pieces: Pieces, step: str | int) -> Pieces:
    """A member of a value: the piece of data one step further in, down to where a tree repeats itself."""
    return tuple(
        replace(piece, source=(*piece.source, step)) if piece.source and len(piece.source) < _DEEPEST else piece
        for piece in pieces
    )


def filtered(pieces: Pieces, name: str) -> Pieces:
    if name in NUMBERS:
        return measured(pieces)
    return tuple(replace(piece, filters=piece.filters | {name}) for piece in pieces)


def measured(pieces: Iterable[Piece]) -> Pieces:
    """What is said of a value without its words: a comparison, a length."""
    names = names_of(pieces)
    return (Piece(depends=names),) if names else ()


def under(pieces: Pieces, names: frozenset[str]) -> Pieces:
    """Pieces that are there only if something about `names` holds."""
    return tuple(replace(piece, depends=piece.depends | names) for piece in pieces) if names else pieces


@dataclass(slots=True)
class Said:
    """One message: its role (`history` for the turns so far), its pieces in order, and where it begins."""

    role: str
    where: Where
    pieces: Pieces = field(default=())
