"""The story of tries that failed on their way to a model, so that nothing paid is lost from sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from patterns.errors import ModelError
from patterns.exchange import Attempt, Request


def tries(request: Request, error: ModelError, seconds: float) -> Sequence[Attempt]:
    """The attempts of a failed request: those the error carries, or one that was not answered."""
    if not error.attempts:
        return (Attempt(request, None, error.message, seconds=seconds, paid=error.paid),)
    *before, last = error.attempts
    return error.attempts if last.seconds else (*before, replace(last, seconds=seconds))


def pattern_of(request: Request) -> str:
    """The name of the pattern that asks; empty for a request that was put together by hand."""
    return request.task.pattern if request.task is not None else ""
