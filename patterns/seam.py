"""How a cut answer of a pattern goes on: what is kept of it, how the rest is asked for, how both are joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from patterns.messages import Message
from patterns.output.joined import joined
from patterns.output.kept import is_over, kept
from patterns.plan import Seam
from patterns.recipe import Recipe
from patterns.sendable import sendable

T = TypeVar("T")

_TAIL = 120
"""Characters of what was kept that are shown once more, as the place to go on from; no comma leads them, so that who
repeats them is told from who goes on."""


def seam_of(recipe: Recipe[T]) -> Seam:
    """Give the seam for the format of a pattern's answers."""
    written = recipe.template.format

    def go_on(text: str) -> Sequence[Message]:
        whole = sendable(text)
        asked = recipe.catalog.load("_continue").render({"tail": whole[-_TAIL:].lstrip(" ,\n"), "format": written})
        return (Message("assistant", whole), *asked)

    return Seam(
        over=lambda text: is_over(text, written),
        keep=lambda text: kept(text, written),
        join=lambda before, more: joined(before, more, written),
        go_on=go_on,
    )
