"""Writes down what was paid for every answer, in an SQLite file, without a call ever waiting for it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from patterns.database import Database, Layout, transaction
from patterns.errors import PatternsError
from patterns.exchange import Request, Response
from patterns.folders import data_dir, data_path
from patterns.surroundings import State, state
from patterns.writer import WRITER

NAME = "usage.sqlite"
KEPT = 400 * 86_400
"""Seconds after which a row is let go."""
_MOST_WAITING = 20_000
_MOST_OPEN = 16

Outcome: TypeAlias = Literal["ok", "failed", "unsure"]


class Paid(NamedTuple):
    """One answer, or one request of which nobody knows whether it is charged (`unsure`). Never what was said.

    `at` is in seconds since 1970, `cost` in US dollars, None where it is not known. Tokens are None where nothing was
    counted; cached and reasoning tokens are parts of the input and the output. A `hit` came from the cache.
    """

    at: float
    model: str
    pattern: str
    profile: str
    outcome: Outcome
    hit: bool
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None
    estimated: bool
    cost: float | None


@dataclass(frozen=True, slots=True)
class Spent:
    """The sum of many rows. `cost`, in US dollars, is that of the answers whose price is known; `unpriced` counts the
    others, and `unsure` the requests of which nobody knows whether they are charged: both are not in it.
    """

    key: str = ""
    answers: int = 0
    hits: int = 0
    failed: int = 0
    unsure: int = 0
    unpriced: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost: float = 0.0


COLUMNS = Paid._fields
LAYOUT = Layout(
    what="the record of what was spent",
    loss="calls go on, and what they cost is not written down",
    application=0x50417573,  # "PAus"
    version=1,
    tables="CREATE TABLE paid (at REAL NOT NULL, model TEXT NOT NULL, pattern TEXT NOT NULL, profile TEXT NOT NULL,"
    " outcome TEXT NOT NULL, hit INTEGER NOT NULL, input_tokens INTEGER, output_tokens INTEGER,"
    " cached_tokens INTEGER, reasoning_tokens INTEGER, estimated INTEGER NOT NULL, cost REAL)",
)
KEYS: Mapping[str, str] = {
    "model": "model",
    "pattern": "pattern",
    "profile": "profile",
    "day": "date(at, 'unixepoch', 'localtime')",
    "all": "''",
}
"""What rows can be summed by, in SQL."""
_SUMS = (
    "sum(outcome <> 'unsure'), sum(hit), sum(outcome = 'failed'), sum(outcome = 'unsure'),"
    " sum(outcome <> 'unsure' AND cost IS NULL), sum(coalesce(input_tokens, 0)), sum(coalesce(output_tokens, 0)),"
    " sum(coalesce(cached_tokens, 0)), sum(coalesce(reasoning_tokens, 0)), total(cost)"
)
_DELETE = "DELETE FROM paid WHERE at < ? AND rowid IN (SELECT rowid FROM paid ORDER BY rowid LIMIT 1000)"
_INSERT = f"INSERT INTO paid ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


class Book:
    """The rows of one file. `note` takes about a microsecond; a thread writes them, and the end of the program does.

    Nothing that is wrong with the file is raised: it is said once, as a warning, and calls go on; see `Database`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, LAYOUT, data_dir if path == own_file() else None)
        self._waiting: deque[Paid] = deque(maxlen=_MOST_WAITING)
        self._writing = threading.Lock()
        self._pruned = False

    def note(self, row: Paid) -> None:
        """Have a row written soon."""
        self._waiting.append(row)
        WRITER.wake(self)

    def flush(self) -> bool:
        """Write what waits now; say whether nothing waits any more."""
        with self._writing:
            rows: list[Paid] = []
            with contextlib.suppress(IndexError):
                while True:
                    rows.append(self._waiting.popleft())
            if rows and not self._database.run(lambda db: self._write(db, rows), False, writes=True):
                self._waiting.extendleft(reversed(rows[-(_MOST_WAITING - len(self._waiting)) :]))
        return not self._waiting

    def take(
        self, request: Request, response: Response | None, error: PatternsError | None, profile: str | None
    ) -> None:
        """Note what a request came to. One that is surely not charged, or that no model answered, is not noted."""
        if response is None and getattr(error, "paid", None) is False:
            return
        if response is not None and response.engine != "litellm":
            return
        outcome: Outcome = "unsure" if response is None else "ok" if error is None else "failed"
        usage, hit = (response.usage, response.cached) if response is not None else (None, False)
        self.note(
            Paid(
                at=time.time(),
                model=request.model,
                pattern=request.task.pattern if request.task is not None else "",
                profile=profile or "",
                outcome=outcome,
                hit=hit,
                input_tokens=None if usage is None else usage.input_tokens,
                output_tokens=None if usage is None else usage.output_tokens,
                cached_tokens=None if usage is None else usage.cached_tokens,
                reasoning_tokens=None if usage is None else usage.reasoning_tokens,
                estimated=usage is not None and usage.estimated,
                cost=None if response is None else response.cost,
            )
        )

    def taker(self, profile: str | None) -> Callable[[Request, Response | None, PatternsError | None], None]:
        """`take` under one profile."""
        return lambda request, response, error: self.take(request, response, error, profile)

    def spent(self, by: str = "all", since: float = 0.0) -> list[Spent]:
        """Sum up the rows from `since` on by one of `KEYS`, the dearest first, days in their order."""
        if not self.path.exists():  # nothing is made by looking
            return []
        order = "1" if by == "day" else "11 DESC, 2 DESC, 1"
        query = f"SELECT {KEYS[by]}, {_SUMS} FROM paid WHERE at >= ? GROUP BY 1 ORDER BY {order}"
        none: list[tuple[str, int, int, int, int, int, int, int, int, int, float]] = []
        return [Spent(*row) for row in self._database.run(lambda db: db.execute(query, (since,)).fetchall(), none)]

    def close(self) -> None:
        """Write what waits and close the file; the next row opens it again."""
        self.flush()
        self._database.close()

    def _write(self, db: sqlite3.Connection, rows: Sequence[Paid]) -> bool:
        with transaction(db):
            db.executemany(_INSERT, rows)
            if not self._pruned:
                _prune(db, time.time() - KEPT)
        self._pruned = True
        return True

    def forget(self) -> None:
        """Start anew in a forked child: what waits is its parent's to write."""
        self._waiting.clear()
        self._writing = threading.Lock()


def _prune(db: sqlite3.Connection, before: float) -> None:
    """Let the oldest rows go. They stand first, so the first are looked at and not all: a file of many months would
    be read whole by each process.
    """
    while db.execute(_DELETE, (before,)).rowcount > 0:
        pass


def book_at(setting: Literal[True] | Path) -> Book:
    """The book of this process for a setting: True means the file in the user's data folder."""
    global _own
    if isinstance(setting, Path):
        return _opened(Path(os.path.abspath(setting / NAME if setting.is_dir() else setting)))
    now = state()
    if _own is None or _own[0] is not now:  # another environment may mean another folder
        _own = (now, own_file())
    return _opened(_own[1])


def own_file() -> Path:
    """The file in the user's data folder."""
    return Path(os.path.abspath(data_path() / NAME))


_own: tuple[State, Path] | None = None


@lru_cache(maxsize=_MOST_OPEN)
def _opened(path: Path) -> Book:
    return Book(path)
