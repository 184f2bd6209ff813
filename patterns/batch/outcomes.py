"""What became of one row of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from patterns.drawn import Drawn
from patterns.errors import PatternsError
from patterns.exchange import Result

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Drawn, Generic[T]):
    """What became of row `index`: a result, or the error it ended with. One bad row never stops the others."""

    index: int
    result: Result[T] | None = None
    error: PatternsError | None = None

    @property
    def output(self) -> T:
        """The value; raises the row's error where there is none."""
        if self.error is not None:
            raise self.error
        assert self.result is not None, "a row ends with a result or an error"
        return self.result.output
