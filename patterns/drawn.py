"""Values that are drawn for people: in a notebook as HTML, in a terminal by rich.

The values know nothing of how. The front door puts the drawers here, and they are loaded when something is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

drawers: dict[str, Callable[[object], object]] = {}
"""By the way of drawing: `html`, `rich` and `plain`."""


class Printer(Protocol):
    """The part of IPython's pretty printer that we use."""

    def text(self, text: str) -> object: ...


class Drawn:
    """A value that notebooks and rich draw. `None` leaves it to them to find another way."""

    __slots__ = ()

    def _repr_html_(self) -> object:
        return drawers["html"](self) if "html" in drawers else None

    def __rich__(self) -> object:
        return drawers["rich"](self) if "rich" in drawers else repr(self)


class Told(Drawn):
    """One whose story `print` tells as well, without colours."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(drawers["plain"](self)) if "plain" in drawers else repr(self)

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        printer.text(str(self))
