"""When a batch ends before its last row: because the next one would fare the same, or because too many failed."""

from __future__ import annotations

from patterns.errors import BatchStopped, BudgetExceeded, InputError, PatternsError
from patterns.model.verdicts import moves

_FIRST = 20
"""Rows that must have ended before a share of failures says anything."""


class Guard:
    """Counts how rows end. `max_failures` is a number of rows, or below 1 a share of those that ended."""

    def __init__(self, max_failures: int | float | None) -> None:
        if max_failures is not None and (isinstance(max_failures, bool) or not max_failures >= 0):
            raise InputError(f"max_failures must be a number of rows, or a share below 1, not {max_failures!r}")
        self._most = max_failures
        self._ended = self._failed = 0
        self._why = ""
        self._reason: PatternsError | None = None

    @property
    def stopped(self) -> bool:
        return self._reason is not None

    def note(self, index: int, error: PatternsError | None) -> None:
        """Row `index` ended, with this error or well."""
        self._ended += 1
        if error is None:
            return
        self._failed += 1
        if self.stopped:
            return
        if ends_all(error):
            self._reason, self._why = error, f"row {index} ended with {type(error).__name__}: {error.message}"
        elif self._too_many():
            self._reason = error
            self._why = f"{self._failed} of {self._ended} rows failed, the last one, row {index}, with"
            self._why += f" {type(error).__name__}: {error.message}"

    def skipped(self, index: int) -> BatchStopped:
        """The error of a row that was left alone."""
        assert self._reason is not None, "a row is skipped when the batch has stopped"
        return BatchStopped(
            f"row {index} was not asked, for the batch had stopped: {self._why}",
            reason=self._reason,
            index=index,
            hint=f"nothing was paid for it; {self._reason.hint}".removesuffix("; "),
        )

    def _too_many(self) -> bool:
        if self._most is None:
            return False
        if isinstance(self._most, float) and self._most < 1:
            return self._ended >= _FIRST and self._failed > self._most * self._ended
        return self._failed > self._most


def ends_all(error: PatternsError) -> bool:
    """Tell whether the next row would fare the same. A limit for each call is the row's own affair."""
    if isinstance(error, BudgetExceeded) and error.name == "max_cost":
        return False
    return "end the batch" in moves(error)
