"""How a cut answer of a pattern goes on: what is kept of it, how the rest is asked for, how both are joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from patterns.messages import Format, Message
from patterns.plan import Seam
from patterns.recipe import Recipe
from patterns.same import of_the_same
from patterns.sendable import sendable

T = TypeVar("T")

_TAIL = 120
"""Characters of what was kept that are shown once more, as the place to go on from; no comma leads them, so that who
repeats them is told from who goes on."""


@of_the_same(64)
def seam_of(recipe: Recipe[T]) -> Seam:
    """Give the seam for the format of a pattern's answers."""
    written = recipe.template.format

    def go_on(text: str) -> Sequence[Message]:
        whole = sendable(text)
        asked = recipe.catalog.load("_continue").render({"tail": whole[-_TAIL:].lstrip(" ,\n"), "format": written})
        return (Message("assistant", whole), *asked)

    return Seam(
        over=lambda text: _is_over(text, written),
        keep=lambda text: _kept(text, written),
        join=lambda before, more: _joined(before, more, written),
        go_on=go_on,
    )


# What looks into cut answers is loaded when there is the first: most programs never see one.


def _is_over(text: str, written: Format) -> bool:
    from patterns.output.kept import is_over

    return is_over(text, written)


def _kept(text: str, written: Format) -> str:
    from patterns.output.kept import kept

    return kept(text, written)


def _joined(before: str, more: str, written: Format) -> str:
    from patterns.output.joined import joined

    return joined(before, more, written)
