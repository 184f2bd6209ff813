"""How values look to people: readable HTML in a notebook, the same story in a terminal. Everything in it is escaped.

The nouns know nothing of this: `patterns.drawn` holds the drawers that the front door names, and what is pydantic's is
registered with IPython by name. So nothing here is loaded before something is drawn.
"""

from __future__ import annotations

from typing import Protocol

_OUTPUTS = {
    "patterns.library.classify": "Classification",
    "patterns.library.code": "Code",
    "patterns.library.reasoning": "Solution",
    "patterns.library.sentiment": "Sentiment",
    "patterns.output.shorthand.extracted": "Extracted",
}


class Formatters(Protocol):
    """The part of IPython's HTML formatter that we use."""

    def for_type_by_name(self, module: str, name: str, func: object) -> object: ...


def register(formatters: Formatters) -> None:
    """Teach IPython's HTML formatter the output types of the ready patterns, which are pydantic's models."""
    for module, name in _OUTPUTS.items():
        formatters.for_type_by_name(module, name, _value)


def register_here() -> None:
    """Register with the running IPython, if there is one."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    drawing = getattr(shell, "display_formatter", None)
    if drawing is not None:
        register(drawing.formatters["text/html"])


def _value(value: object) -> str:
    from patterns.display.values import value_html

    return value_html(value)
