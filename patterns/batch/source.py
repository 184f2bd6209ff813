"""The rows of a batch as they are drawn, one after another, never more than are needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sized
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Source(Generic[Row]):
    """Gives rows with their numbers. What drawing them raises is kept until the rows before it have ended."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self._count = len(rows) if isinstance(rows, Sized) else None
        self._ahead: deque[Row] = deque()
        self._given = 0
        self._failure: Exception | None = None

    def next(self) -> tuple[int, Row] | None:
        """The next row, None when there is no other, or it could not be drawn."""
        if not self._ahead and not self._draw():
            return None
        self._given += 1
        return self._given - 1, self._ahead.popleft()

    def more_than(self, count: int) -> bool:
        """Tell whether more than `count` rows are to come; as many are drawn."""
        while len(self._ahead) <= count:
            if not self._draw():
                return False
        return True

    def left(self) -> Iterator[tuple[int, bool]]:
        """The numbers of the rows that were not given; False for one after which nobody knows how many there are."""
        known = self._given + len(self._ahead) if self._count is None else self._count
        for index in range(self._given, known):
            yield index, True
        if self._count is None and self._draw():
            yield known, False

    def check(self) -> None:
        """Raise what drawing the rows raised."""
        if self._failure is not None:
            raise self._failure

    def _draw(self) -> bool:
        if self._failure is not None:
            return False
        try:
            self._ahead.append(next(self._rows))
        except StopIteration:
            return False
        except Exception as error:
            self._failure = error
            return False
        return True
