"""The story of tries that failed on their way to a model, so that nothing paid is lost from sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from patterns.errors import ModelError
from patterns.exchange import Attempt, Request

Trail: TypeAlias = list[Attempt]


def tries(request: Request, error: ModelError, seconds: float) -> Sequence[Attempt]:
    """The attempts of a failed request: those the error carries, or one that was not answered."""
    return error.attempts or (Attempt(request, None, error.message, seconds=seconds),)
