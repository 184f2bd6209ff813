"""Prompt patterns: a template file and an output type become a function that returns a validated value.

    from patterns import extract
    extract("Invoice 7, due 2 May, 40 euros", "number, due date, total float")

Names are loaded when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patterns.batch.outcomes import Outcome
    from patterns.conversation import Conversation, Dropped
    from patterns.display.growing import Shown, show
    from patterns.errors import (
        AuthenticationError,
        BadRequest,
        BatchStopped,
        BudgetExceeded,
        CallStopped,
        CheckBroken,
        CircuitOpen,
        ContextOverflow,
        DeadlineExceeded,
        EmptyResponse,
        ExtraMissing,
        InputError,
        Invalid,
        ModelError,
        NeedsModel,
        OutputError,
        PatternsError,
        Problem,
        QuotaExceeded,
        Refused,
        RowFailed,
        SandboxError,
        SchemaError,
        TemplateError,
        ToolsCalled,
        ToolTurnsExceeded,
        TransientError,
        Truncated,
        UnknownModel,
        Unreadable,
    )
    from patterns.events import listen
    from patterns.exchange import Attempt, ChosenExample, Example, Repair, Result, Source, ToolRun, Usage
    from patterns.library.classify import Classification, classify
    from patterns.library.code import Code, generate_code
    from patterns.library.complete import complete
    from patterns.library.extract import extract
    from patterns.library.reasoning import Solution, solve
    from patterns.library.sentiment import Sentiment, classify_sentiment
    from patterns.library.summarize import summarize
    from patterns.messages import Json, Message, Tool, ToolCall
    from patterns.model.circuits import Circuit, circuits
    from patterns.model.estimates import Estimate
    from patterns.output.read import Reading, examine, read
    from patterns.parts import Audio, Document, Image
    from patterns.pattern import Pattern, pattern
    from patterns.prompt.selection import Selection
    from patterns.settings import Settings, configure, override
    from patterns.ways import SentSchema

    __version__: str

__all__ = [
    "Attempt",
    "Audio",
    "AuthenticationError",
    "BadRequest",
    "BatchStopped",
    "BudgetExceeded",
    "CallStopped",
    "CheckBroken",
    "ChosenExample",
    "Circuit",
    "CircuitOpen",
    "Classification",
    "Code",
    "ContextOverflow",
    "Conversation",
    "DeadlineExceeded",
    "Document",
    "Dropped",
    "EmptyResponse",
    "Estimate",
    "Example",
    "ExtraMissing",
    "Image",
    "InputError",
    "Invalid",
    "Json",
    "Message",
    "ModelError",
    "NeedsModel",
    "Outcome",
    "OutputError",
    "Pattern",
    "PatternsError",
    "Problem",
    "QuotaExceeded",
    "Reading",
    "Refused",
    "Repair",
    "Result",
    "RowFailed",
    "SandboxError",
    "SchemaError",
    "Selection",
    "SentSchema",
    "Sentiment",
    "Settings",
    "Shown",
    "Solution",
    "Source",
    "TemplateError",
    "Tool",
    "ToolCall",
    "ToolRun",
    "ToolTurnsExceeded",
    "ToolsCalled",
    "TransientError",
    "Truncated",
    "UnknownModel",
    "Unreadable",
    "Usage",
    "__version__",
    "circuits",
    "classify",
    "classify_sentiment",
    "complete",
    "configure",
    "examine",
    "extract",
    "generate_code",
    "listen",
    "override",
    "pattern",
    "read",
    "show",
    "solve",
    "summarize",
]

_HOMES = {
    "batch.outcomes": "Outcome",
    "conversation": "Conversation Dropped",
    "display.growing": "Shown show",
    "errors": "AuthenticationError BadRequest BatchStopped BudgetExceeded CallStopped CheckBroken CircuitOpen"
    " ContextOverflow DeadlineExceeded EmptyResponse ExtraMissing InputError Invalid ModelError NeedsModel OutputError"
    " PatternsError Problem QuotaExceeded Refused RowFailed SandboxError SchemaError TemplateError"
    " ToolTurnsExceeded ToolsCalled TransientError Truncated UnknownModel Unreadable",
    "events": "listen",
    "exchange": "Attempt ChosenExample Example Repair Result Source ToolRun Usage",
    "library.classify": "Classification classify",
    "library.code": "Code generate_code",
    "library.complete": "complete",
    "library.extract": "extract",
    "library.reasoning": "Solution solve",
    "library.sentiment": "Sentiment classify_sentiment",
    "library.summarize": "summarize",
    "messages": "Json Message Tool ToolCall",
    "model.circuits": "Circuit circuits",
    "model.estimates": "Estimate",
    "output.read": "Reading examine read",
    "parts": "Audio Document Image",
    "pattern": "Pattern pattern",
    "prompt.selection": "Selection",
    "settings": "Settings configure override",
    "ways": "SentSchema",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name == "__version__":
        found: object = _version()
    elif name in _HOME_OF:
        found = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("prompt-patterns")
    except PackageNotFoundError:
        return "0+unknown"  # run from a folder, without being installed


class _Package(ModuleType):
    """The package itself: `patterns.pattern` is the decorator, not the module of that name that holds it."""

    @property
    def pattern(self) -> object:
        return getattr(import_module(f"{__name__}.pattern"), "pattern")  # noqa: B009 (a module has no such attribute for mypy)

    @pattern.setter
    def pattern(self, module: ModuleType) -> None:
        """Leave out what the import system would put here."""


def load_ipython_extension(shell: object) -> None:
    """Give a notebook `%%template` and `%patterns`: `%load_ext patterns` calls this."""
    getattr(import_module(f"{__name__}.magics"), "load")(shell)  # noqa: B009 (loaded by name, as all here is)


def _refuse_strangers(folder: Path) -> None:
    """Stop where files of PyPI's package `patterns` lie among ours: whichever came last has overwritten the other."""
    if strangers := [name for name in ("cross.py", "helpers.py", "transform.py") if (folder / name).exists()]:
        raise ImportError(
            f"{folder} holds {', '.join(strangers)} of another package: `patterns` on PyPI has the same import name "
            "as prompt-patterns. Run: pip uninstall patterns && pip install --force-reinstall prompt-patterns"
        )


def _draw() -> None:
    """Say how notebooks, rich and `print` draw our values; what does it is loaded at the first drawing."""
    from patterns.drawn import drawers

    def drawer(module: str, name: str) -> Callable[[object], object]:
        return lambda value: getattr(import_module(f"{__name__}.display.{module}"), name)(value)

    drawers.update(html=drawer("whole", "html"), rich=drawer("console", "told"), plain=drawer("console", "written"))


_refuse_strangers(Path(__file__).parent)
sys.modules[__name__].__class__ = _Package
_draw()
if "IPython" in sys.modules:  # a notebook: values are drawn there
    import_module(f"{__name__}.display").register_here()
