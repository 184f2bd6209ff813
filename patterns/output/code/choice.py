"""Which blocks of an answer are the code that was asked for: evidence first, place last.

With names asked for, a block must define them all; of several that do, the one with fewest empty bodies wins, then
one that is not a test, then the later, which replaces the earlier. Blocks that define them only together are joined.
Without names, a block that a later one defines anew in full is dropped, as are usage examples, tests and shell
commands beside a program; blocks that build on each other are joined, and of unrelated ones the largest wins,
the earlier of equals. Whatever is chosen is joined with the blocks that bring the names it needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patterns.output.code.pieces import Piece
from patterns.output.languages import OTHER_THAN_PROGRAMS

_DECLARED = re.compile(
    r"^[ \t]*(?:(?:export|default|public|private|protected|static|async|pub|abstract|final)[ \t]+)*"
    r"(?:class|def|function|func|fn|fun|struct|interface|enum|trait|type|const|let|var)[ \t]+([\w$.]+)"
)
_MOST = 60
"""Blocks that are weighed against each other; of more, the largest."""


def wanted_names(names: Sequence[str]) -> frozenset[str]:
    """Take names as they are asked for: `Stack`, `Stack.push`, `def push(self)`, `class Stack`."""
    declared = ((name, _DECLARED.match(name)) for name in names)
    plain = (found[1] if found else name.partition("(")[0].strip() for name, found in declared)
    return frozenset(name for name in plain if name)


def choose(pieces: Sequence[Piece], names: frozenset[str]) -> tuple[Piece, ...]:
    """Choose the pieces that make up the answer, in the order of their places; none when nothing fits."""
    if len(pieces) > _MOST:
        ranked = sorted(pieces, key=lambda piece: (bool(names & piece.facts.defines), len(piece.source)))
        pieces = sorted(ranked[-_MOST:], key=lambda piece: piece.block.start)
    chosen = _defining(pieces, names) if names else _main(pieces)
    return _with_needs(chosen, pieces) if chosen else ()


def _defining(pieces: Sequence[Piece], names: frozenset[str]) -> list[Piece]:
    """Choose what defines all the names: one piece, or as few as bring them together."""
    whole = [piece for piece in pieces if names <= piece.facts.defines]
    if whole:
        return [max(enumerate(whole), key=lambda one: (*_worth(one[1], names), one[0]))[1]]
    parts: list[Piece] = []
    missing = names
    for piece in sorted(pieces, key=lambda piece: len(names & _brought(piece, names)), reverse=True):
        if missing & _brought(piece, names):
            parts.append(piece)
            missing -= _brought(piece, names)
    return [] if missing else sorted(parts, key=lambda piece: piece.block.start)


def _worth(piece: Piece, names: frozenset[str]) -> tuple[int, bool, bool]:
    return -len(names & piece.facts.stubs), not piece.facts.tests, piece.complete


def _brought(piece: Piece, names: frozenset[str]) -> frozenset[str]:
    """Give what a part brings. A method outside of its class is no part of that class."""
    return piece.facts.defines - piece.facts.loose if len(names) > 1 else piece.facts.defines


def _main(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose the program among blocks, or the blocks that are one program together."""
    programs = [piece for piece in pieces if piece.language not in OTHER_THAN_PROGRAMS] or list(pieces)
    programs = [piece for piece in programs if not _is_plain(piece)] or programs
    fenced = [piece for piece in programs if piece.block.origin != "prose"]
    if not any(piece.facts.builds for piece in programs if piece.block.origin == "prose") or any(
        piece.facts.builds for piece in fenced
    ):
        programs = fenced or [piece for piece in programs if _is_sure(piece)]
    current = [piece for at, piece in enumerate(programs) if not _is_replaced(piece, programs[:at], programs[at + 1 :])]
    own = [piece for piece in current if not _is_usage(piece, current)]
    if not own:
        return []
    main = max(own, key=lambda piece: (not piece.facts.tests, not piece.facts.imports_only, len(piece.source)))
    return [piece for piece in own if piece is main or _belongs(piece, main)]


def _is_plain(piece: Piece) -> bool:
    """Tell a fence that holds no code of a language that is known: a tree of files, what was printed."""
    return not piece.language and not piece.facts.builds


def _is_sure(piece: Piece) -> bool:
    """Tell code found in prose from a line that happens to parse."""
    return piece.facts.builds or piece.facts.statements >= 2 or piece.language != "python"


def _is_replaced(piece: Piece, before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Tell a piece that a later one defines anew in full, or that repeats a part of an earlier one."""
    names = piece.facts.defines
    if not names or not piece.facts.builds:
        return False
    fuller = any(names <= other.facts.defines and not _emptier(other, piece) for other in after)
    return fuller or any(names < other.facts.defines and not _emptier(other, piece) for other in before)


def _emptier(one: Piece, other: Piece) -> bool:
    return len(one.facts.stubs & other.facts.defines) > len(other.facts.stubs)


def _is_usage(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Tell an example or a test of what other blocks define."""
    if piece.facts.builds and not piece.facts.tests:
        return False
    others = [other for other in pieces if other is not piece and other.facts.builds]
    return not piece.facts.imports_only and any(piece.facts.needs & other.facts.top for other in others)


def _belongs(piece: Piece, main: Piece) -> bool:
    """Tell a block that builds on the main one, or the other way round, and defines something of its own."""
    if piece.facts.tests or not piece.facts.builds or not (piece.parsed and main.parsed):
        return False
    linked = piece.facts.needs & main.facts.top or main.facts.needs & piece.facts.top
    return bool(linked) and not piece.facts.defines & main.facts.defines


def _with_needs(chosen: Sequence[Piece], pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Add the blocks that bring what the chosen ones need: imports, constants, functions called."""
    taken = list(chosen)
    for piece in reversed(pieces):
        known = frozenset().union(*(one.facts.top | one.facts.defines for one in taken))
        needs = frozenset().union(*(one.facts.needs for one in taken)) - known
        brings = piece.facts.top & needs
        if brings and piece not in taken and piece.parsed and not piece.facts.tests and not piece.facts.defines & known:
            taken.append(piece)
    return tuple(sorted(taken, key=lambda piece: piece.block.start))
