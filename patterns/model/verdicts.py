"""The one table of what is done about each error, which the policies, the loop and the batch go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from patterns import errors
from patterns.errors import BudgetExceeded, ModelError, PatternsError
from patterns.exchange import Response

Move: TypeAlias = Literal["retry", "fall back", "fall back if told", "grow", "re-ask", "end the batch"]
"""`retry` sends the same request again, `fall back` asks another model, `grow` gives an answer more room or asks for
its rest, `re-ask` tells the model what was wrong. `end the batch` says that the next row would fare the same."""

MOVES: Mapping[type[PatternsError], tuple[Move, ...]] = {
    errors.TransientError: ("retry", "fall back"),
    errors.EmptyResponse: ("retry", "fall back"),
    errors.CircuitOpen: ("fall back",),
    errors.ContextOverflow: ("fall back",),
    errors.QuotaExceeded: ("fall back", "end the batch"),
    errors.Refused: ("fall back if told",),
    errors.Truncated: ("grow", "re-ask"),
    errors.Unreadable: ("re-ask",),
    errors.Invalid: ("re-ask",),
    errors.AuthenticationError: ("end the batch",),
    errors.UnknownModel: ("end the batch",),
    errors.BudgetExceeded: ("end the batch",),
    errors.DeadlineExceeded: (),
    errors.BadRequest: (),
    errors.NeedsModel: (),
    errors.ToolsCalled: (),
    errors.ToolTurnsExceeded: (),
    errors.CallStopped: (),
    errors.CheckBroken: (),
    errors.InputError: (),
    errors.SchemaError: (),
    errors.TemplateError: (),
    errors.ExtraMissing: (),
    errors.SandboxError: (),
    errors.RowFailed: (),
    errors.BatchStopped: (),
    errors.OutputError: (),
    errors.ModelError: (),
    errors.PatternsError: (),
}
"""What is tried after each error, in this order, as far as the call allows; after the last, the error is raised."""

DECLINED = frozenset({"content_filter", "safety", "refusal"})
"""Finish reasons by which a model, or a filter for it, says no."""


def moves(error: PatternsError) -> tuple[Move, ...]:
    """What may be tried after this error. One that was marked as not retryable is final, whatever its class."""
    if isinstance(error, ModelError) and vars(error).get("retryable") is False:
        return ()
    if isinstance(error, BudgetExceeded) and error.name == "max_cost":  # the next call has a limit of its own
        return ()
    return _moves_of(type(error))


def _moves_of(kind: type[PatternsError]) -> tuple[Move, ...]:
    """The row of the class, or of the nearest class above it: users derive their own."""
    return next(MOVES[above] for above in kind.__mro__ if above in MOVES)


def declined(response: Response) -> str | None:
    """Why the model said no, in its own words; None where any candidate is an answer."""
    reasons = [c.refusal or (c.finish_reason if c.finish_reason in DECLINED else None) for c in response.choices]
    return reasons[0] if reasons and all(reasons) else None
