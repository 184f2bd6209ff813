"""How a command ends: JSON on stdout, errors as words on stderr, and a code that scripts can tell apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from patterns import terminal
from patterns.errors import AuthenticationError, BudgetExceeded, ModelError, NeedsModel, OutputError, PatternsError


def print_json(value: object) -> None:
    """One line on stdout; lone surrogates stay escaped."""
    print(json.dumps(value, ensure_ascii=True))


@contextmanager
def errors(machine: bool) -> Iterator[None]:
    """Turn every error of ours into words on stderr and an exit code."""
    try:
        yield
    except PatternsError as error:
        if machine:
            print_json({"error": type(error).__name__, "message": error.message, "hint": error.hint})
        terminal.complain(error.message, error.hint)
        end(code_of(type(error)))
    except BrokenPipeError:
        sys.stderr.close()
        end(0)


def code_of(kind: type[PatternsError]) -> int:
    """The exit code of a kind of error."""
    if issubclass(kind, BudgetExceeded):
        return 4
    if issubclass(kind, AuthenticationError | NeedsModel):
        return 3
    if issubclass(kind, OutputError):
        return 1
    return 5 if issubclass(kind, ModelError) else 2


def end(code: int) -> NoReturn:
    raise typer.Exit(code)
