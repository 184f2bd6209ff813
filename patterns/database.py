"""An SQLite file of the user's own that may fail at any time without failing the work it serves."""

from __future__ import annotations

import atexit
import contextlib
import os
import sqlite3
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar
from weakref import WeakSet

from patterns.folders import sheltered

T = TypeVar("T")
Verdict: TypeAlias = Literal["busy", "damaged", "unusable"]

BUSY = 1.0
"""Seconds to wait for another process that writes."""
REST = 60.0
"""Seconds for which a file that could not be used is left alone."""
_TRIES_FOR_WAL = 50
_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,  # our statements are sound: a table or a column is missing
    sqlite3.SQLITE_MISMATCH,
}
_FILES = ("", "-wal", "-shm")


class Damaged(ValueError):
    """A row is not as it was written. `Database.run` takes it for damage to the whole file."""


class Foreign(OSError):
    """The file is in order, but it is no file of ours, or of another release."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds: `tables` in SQL; `application` tells it from files of others, `version` from other releases.

    `what` names it in warnings, such as "the cache"; `loss` says what it means to be without it.
    """

    what: str
    loss: str
    application: int
    version: int
    tables: str


class Database:
    """One connection to one file, for all threads of this process; a forked child opens its own.

    The file is readable by its owner alone, in a folder that others cannot write to. A damaged file is renamed to
    `<name>.corrupt-<time>` and made anew; one that cannot be used is left alone for a minute. Both are said once, as a
    RuntimeWarning. `folder` is called before the file is opened; it may make its folder, or raise OSError.
    """

    def __init__(self, path: Path, layout: Layout, folder: Callable[[], object] | None = None) -> None:
        self.path, self._layout, self._folder = path, layout, folder
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._resting = {False: 0.0, True: 0.0}
        self._said: set[str] = set()
        _all.add(self)

    def run(self, work: Callable[[sqlite3.Connection], T], default: T, *, writes: bool = False) -> T:
        """Give what `work` makes of the connection; `default` where the file cannot be used now.

        `work` is done once more on a new file when the old one is found to be damaged.
        """
        if time.monotonic() < self._resting[writes]:
            return default
        with self._lock:
            for _ in range(2):
                try:
                    return work(self._open())
                except (sqlite3.Error, Damaged, UnicodeDecodeError, OSError) as error:
                    verdict = _verdict(error)
                    if verdict == "busy":
                        return default
                    if verdict == "unusable" or not self._set_aside(error):
                        self._rest(error, writes)
                        return default
        return default

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            db, self._db, self._file = self._db, None, None
            if db is not None:
                with contextlib.suppress(sqlite3.Error):
                    db.close()

    def __del__(self) -> None:
        self.close()

    def _open(self) -> sqlite3.Connection:
        if self._db is not None and self._file == _identity(self.path):
            return self._db
        self.close()
        if self._folder is not None:
            self._folder()
        self._file = sheltered(self.path)
        db = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, self.path, self._layout)
        except BaseException:
            db.close()
            raise
        self._db = db
        return db

    def _set_aside(self, error: Exception) -> bool:
        """Rename the damaged file; say whether a new one can take its place."""
        known = self._file
        self.close()
        try:
            if known is not None and known != _identity(self.path):
                return True  # another process has done so
            aside = f"{self.path}.corrupt-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}"
            for old in set_aside(self.path):
                old.unlink(missing_ok=True)
            for tail in _FILES:
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self.path}{tail}", f"{aside}{tail}")
        except OSError:
            return False
        self._say("damaged", f"{self._layout.what} was damaged ({error}): it is now {aside}, and begun anew")
        return True

    def _rest(self, error: Exception, writes: bool) -> None:
        """Leave the file alone; what can only not be written to may still be read."""
        if not writes:
            self.close()
        self._resting[writes] = time.monotonic() + REST
        self._say("unusable", f"{self._layout.what} cannot be used ({error}): {self._layout.loss}")

    def _say(self, kind: str, words: str) -> None:
        if kind not in self._said:
            self._said.add(kind)
            warnings.warn(f"patterns: {words}", RuntimeWarning, stacklevel=2)

    def _forget(self) -> None:
        """Start anew in a forked child. The connection is the parent's: it is not even closed here."""
        if self._db is not None:
            _left.append(self._db)
        self._lock, self._db, self._file = threading.RLock(), None, None


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing. What went wrong is raised as it was: SQLite often has rolled back by itself by then, as
    on a full disk, and its complaint about doing so twice would pass for damage to the file."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def stamp(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Whose file it is, in which version, with how many tables: read as of one moment, for another process may be
    laying it out just now, and half of what it writes would look like a stranger's."""
    if not db.in_transaction:
        db.execute("BEGIN")
        try:
            return stamp(db)
        finally:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
    reads = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    application, version, tables = (db.execute(read).fetchone()[0] for read in reads)
    return application, version, tables


def set_aside(path: Path) -> list[Path]:
    """The damaged files that were renamed; only the last is kept."""
    return sorted(path.parent.glob(f"{path.name}.corrupt-*"))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _prepare(db: sqlite3.Connection, path: Path, layout: Layout) -> None:
    """Make the tables of a new file; raise Foreign for a file that is not ours, and leave it as it is."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    if _is_new(db, path, layout):
        _into_wal(db)
        _lay_out(db, path, layout)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA journal_size_limit = 16777216")


def _is_new(db: sqlite3.Connection, path: Path, layout: Layout) -> bool:
    application, version, tables = stamp(db)
    if (application, version) == (layout.application, layout.version):
        return False
    if application == layout.application:
        raise Foreign(f"{path} was written by another release, in version {version}: move it, or name another file")
    if application or version or tables:
        raise Foreign(f"{path} is a database of another program: name another file")
    return True


def _lay_out(db: sqlite3.Connection, path: Path, layout: Layout) -> None:
    """Make the tables in one transaction, unless another process has just done so."""
    with transaction(db):
        if _is_new(db, path, layout):
            for statement in layout.tables.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {layout.application}")
            db.execute(f"PRAGMA user_version = {layout.version}")


def _into_wal(db: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side. SQLite does not wait for others here, so we do."""
    for number in range(_TRIES_FOR_WAL):
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _verdict(error) != "busy" or number == _TRIES_FOR_WAL - 1:
                raise
            time.sleep(0.01)


def _verdict(error: Exception) -> Verdict:
    if isinstance(error, Damaged | UnicodeDecodeError):  # SQLite's own words may quote what was hit
        return "damaged"
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return "unusable"
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "busy"
    damaged = code & 0xFF in _DAMAGED or code == sqlite3.SQLITE_IOERR_SHORT_READ
    return "damaged" if damaged else "unusable"


_all: WeakSet[Database] = WeakSet()
_left: list[sqlite3.Connection] = []


def _forget_all() -> None:
    for database in list(_all):
        database._forget()


@atexit.register
def _close_all() -> None:
    for database in list(_all):
        database.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
