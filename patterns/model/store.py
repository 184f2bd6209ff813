"""Answers that were received, in one SQLite file: whatever happens to it, a call goes on without."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self, TypeAlias

from patterns.database import Damaged, Database, Layout, set_aside, transaction
from patterns.exchange import Response
from patterns.folders import cache_dir, cache_path
from patterns.model.saved import Unsound, from_bytes, response, written
from patterns.surroundings import State, state
from patterns.writer import WRITER

NAME = "answers.sqlite"
LIMIT = 500_000_000
"""Bytes that the answers may take; the oldest go when there are more."""
_LAYOUT = Layout(
    what="the cache",
    loss="calls go on without it",
    application=0x50417463,  # "PAtc"
    version=1,
    tables="CREATE TABLE answers (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " saved REAL NOT NULL, mark INTEGER NOT NULL, body BLOB NOT NULL)",
)
_SKEW = 60.0
"""Seconds by which the clocks of those who share a file may differ."""
_ROOM = 0.9
_SHARE = 10
_SHARES = 1_000
"""The size of the file is looked at again when so small a part of what it may hold has been put there."""
_MOST_OPEN = 16
_TRIES = 3

Kept: TypeAlias = tuple[float, Response]
Row: TypeAlias = tuple[str, float, int, bytes]


@dataclass(frozen=True, slots=True)
class Stats:
    """What is in a cache. `bytes` is what its files take on disk, `oldest` and `newest` are seconds since 1970."""

    path: Path
    answers: int = 0
    bytes: int = 0
    oldest: float | None = None
    newest: float | None = None
    damaged: tuple[Path, ...] = ()


class Store:
    """Keeps responses by key. No method raises for anything that is wrong with the file; see `Database`.

    Without a path the file lies in the user's cache folder. More than `limit` bytes are never kept for long.
    """

    def __init__(self, path: Path | None = None, *, limit: int = LIMIT, clock: Callable[[], float] = time.time) -> None:
        self.path = file_of(path)
        self._limit, self._clock = limit, clock
        self._unmeasured = limit  # what another process has put there is not known
        self._database = Database(self.path, _LAYOUT, cache_dir if self.path == file_of(None) else None)
        self._waiting: dict[str, Kept] = {}
        self._leaving: dict[str, Kept] = {}
        self._writing = threading.Lock()
        self._failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str, ttl: float | None = None) -> Response | None:
        """Give the response under this key that is at most `ttl` seconds old."""
        if (kept := self._waiting.get(key) or self._leaving.get(key)) is not None:
            return kept[1] if self._fresh(kept[0], ttl) else None

        def look(db: sqlite3.Connection) -> tuple[object, ...] | None:
            row = db.execute("SELECT saved, mark, body FROM answers WHERE key = ?", (key,)).fetchone()
            if row is not None and not _sound(key, *row):
                raise Damaged("an answer is not as it was written")
            return row  # type: ignore[no-any-return]

        row = self._database.run(look, None)
        if row is None or not self._fresh(row[0], ttl):
            return None
        try:
            return response(from_bytes(row[2]))  # type: ignore[arg-type]
        except Unsound:  # written by another release
            return None

    def put(self, key: str, answer: Response) -> None:
        """Keep a response, in the place of any other under this key.

        It is found here at once, and stands in the file a moment later: nobody waits for the disk, nor for others who
        write to it.
        """
        self._waiting[key] = (self._clock(), answer)
        WRITER.wake(self)

    def flush(self) -> bool:
        """Write what waits; say whether nothing waits any more. What could not be written thrice is let go."""
        with self._writing:
            self._leaving, self._waiting = self._waiting, {}
            rows = [row for key, kept in self._leaving.items() if (row := self._row(key, *kept)) is not None]
            if rows and not self._database.run(lambda db: self._keep(db, rows), False, writes=True):
                self._failures += 1
                if self._failures < _TRIES:
                    self._waiting = {**self._leaving, **self._waiting}
                    return False
            self._failures = 0
            self._leaving = {}
            return not self._waiting

    def forget(self) -> None:
        """Start anew in a forked child: what waits is its parent's to write."""
        self._writing, self._waiting, self._leaving = threading.Lock(), {}, {}

    def _row(self, key: str, saved: float, answer: Response) -> Row | None:
        """Write an answer as it is kept; None for one that is too long, or holds what no JSON does."""
        try:
            body = written(answer)
        except (TypeError, ValueError, RecursionError):  # arguments of a tool call
            return None
        return None if len(body) > self._limit * _ROOM else (key, saved, _mark(key, body), body)

    def _keep(self, db: sqlite3.Connection, rows: list[Row]) -> bool:
        """Put rows into the file, all or none."""
        with transaction(db):
            db.executemany("INSERT OR REPLACE INTO answers (key, saved, mark, body) VALUES (?, ?, ?, ?)", rows)
        self._unmeasured += sum(len(row[3]) for row in rows)
        if self._unmeasured > self._limit / _SHARES:
            self._unmeasured = 0
            if _bytes(db) > self._limit:
                self._make_room(db)
        return True

    def clear(self) -> int:
        """Forget all answers, and files that were damaged; give the number of answers."""

        def forget(db: sqlite3.Connection) -> int:
            gone = db.execute("DELETE FROM answers").rowcount
            with contextlib.suppress(sqlite3.OperationalError):  # others are reading
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return gone

        self.flush()
        gone = self._database.run(forget, 0, writes=True)
        for path in set_aside(self.path):
            with contextlib.suppress(OSError):
                path.unlink()
        return gone

    def stats(self) -> Stats:
        """Tell what is there; nothing is made where there is no file."""
        self.flush()
        damaged = tuple(set_aside(self.path))
        if not self.path.exists():
            return Stats(self.path, damaged=damaged)
        counted = "SELECT count(*), min(saved), max(saved) FROM answers"
        answers, oldest, newest = self._database.run(lambda db: db.execute(counted).fetchone(), (0, None, None))
        sizes = [_size(f"{self.path}{tail}") for tail in ("", "-wal")]
        return Stats(self.path, answers, sum(sizes), oldest, newest, damaged)

    def close(self) -> None:
        """Write what waits, and close the file; the next use opens it again."""
        self.flush()
        self._database.close()

    def _fresh(self, saved: object, ttl: float | None) -> bool:
        """Tell whether an answer is young enough; one from the future was dated by a clock that was wrong."""
        if ttl is None:
            return True
        age = self._clock() - float(saved)  # type: ignore[arg-type]
        return -_SKEW <= age <= ttl

    def _make_room(self, db: sqlite3.Connection) -> None:
        """Let the oldest answers go, a tenth of the rows at a time."""
        while _bytes(db, unused=False) > self._limit * _ROOM:
            first, last = db.execute("SELECT min(id), max(id) FROM answers").fetchone()
            if first is None:
                return
            db.execute("DELETE FROM answers WHERE id <= ?", (first + (last - first) // _SHARE,))


def file_of(path: Path | None) -> Path:
    """The file that a setting means: in the user's cache folder, in the folder it names, or the very file."""
    if path is None:
        return Path(os.path.abspath(cache_path() / NAME))
    return Path(os.path.abspath(path / NAME if path.is_dir() else path))


def _sound(key: str, saved: object, mark: object, body: object) -> bool:
    """Tell whether a row is as it was written."""
    if not (isinstance(saved, float) and isinstance(mark, int) and isinstance(body, bytes)):
        return False
    return _mark(key, body) == mark


def _mark(key: str, body: bytes) -> int:
    """A checksum, against damage rather than malice: who can write the file can write this too."""
    return zlib.crc32(body, zlib.crc32(key.encode()))


def _bytes(db: sqlite3.Connection, *, unused: bool = True) -> int:
    """The size of the file's pages, with or without those that are free for new rows."""
    pages: int = db.execute("PRAGMA page_count").fetchone()[0]
    if not unused:
        pages -= db.execute("PRAGMA freelist_count").fetchone()[0]
    size: int = db.execute("PRAGMA page_size").fetchone()[0]
    return pages * size


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def store_at(setting: Literal[True] | Path) -> Store:
    """The store of this process for a setting: True means the file in the user's cache folder."""
    global _own
    if isinstance(setting, Path):
        return _opened(setting if setting.is_absolute() else Path(os.getcwd(), setting))
    now = state()
    if _own is None or _own[0] is not now:  # another environment may mean another folder
        _own = (now, file_of(None))
    return _opened(_own[1])


_own: tuple[State, Path] | None = None


@lru_cache(maxsize=_MOST_OPEN)
def _opened(path: Path) -> Store:
    return Store(path)
