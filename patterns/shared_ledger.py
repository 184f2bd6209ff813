"""A budget that several processes share, in an SQLite file; where the file cannot be used, nothing is spent."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sqlite3
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from patterns.database import stamp, transaction
from patterns.errors import BudgetExceeded
from patterns.ledger import ROUNDING, Ledger, Reservation

T = TypeVar("T")

BUSY = 10.0
"""Seconds to wait for other processes that are writing."""
STRANGE = 3600.0
"""Seconds after which a reservation made on another machine has lapsed: whether its process lives is not seen here."""
_APPLICATION, _VERSION = 0x50416267, 1  # "PAbg"
_TABLES = (
    "CREATE TABLE account (one INTEGER PRIMARY KEY CHECK (one = 1), spent REAL NOT NULL, lapsed REAL NOT NULL)",
    "CREATE TABLE held (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, amount REAL NOT NULL,"
    " at REAL NOT NULL)",
    "INSERT INTO account VALUES (1, 0, 0)",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_VERSION}",
)
_log = logging.getLogger("patterns.budget")


class SharedLedger(Ledger):
    """What all processes that name this file have spent since it was made; each says its own limit.

    The file outlives them: delete it to begin anew. What a process had set aside when it died is given back and
    summed up in `lapsed`, for nobody knows whether it was charged. The file must lie on a disk of this machine.
    """

    def __init__(self, path: Path, limit: float) -> None:
        super().__init__(limit)
        self.path = Path(os.path.abspath(path))
        self._db: sqlite3.Connection | None = None
        self._known: tuple[float, float] | None = None
        self._unbooked: list[tuple[int, float]] = []

    @property
    def spent(self) -> float:
        """What is booked in the file now."""
        return self._alone(_sums)[0]

    @property
    def lapsed(self) -> float:
        """What processes that died had set aside: up to this much more may have been charged."""
        return self._alone(lambda db: float(db.execute("SELECT lapsed FROM account").fetchone()[0]))

    @property
    def room(self) -> float:
        """What was left when this process last looked. Raises BudgetExceeded when the file cannot be used."""
        if self._known is None:
            self._known = self._alone(_sums)
        spent, reserved = self._known
        return self.limit - spent - reserved

    def reserve(self, amount: float) -> Reservation:
        """Set `amount` aside in the file. Raises BudgetExceeded also when the file cannot be used."""

        def take(db: sqlite3.Connection) -> Reservation | None:
            spent, reserved = _sums(db)
            if amount > self.limit - spent - reserved + ROUNDING and _let_lapse(db):
                spent, reserved = _sums(db)
            self._known = spent, reserved
            if amount > self.limit - spent - reserved + ROUNDING:
                return None
            self._known = spent, reserved + amount
            row = db.execute("INSERT INTO held (owner, amount, at) VALUES (?, ?, ?)", (_me(), amount, time.time()))
            return Reservation(amount, row.lastrowid or 0)

        taken = self._alone(take)
        if taken is None:
            raise self._refusal(amount, *(self._known or (0.0, 0.0)))
        return taken

    def settle(self, reserved: Reservation, cost: float) -> None:
        """Book the cost. While the file cannot be written to, it stays reserved; it is booked before the next one."""
        with self._lock:
            self._unbooked.append((reserved.number, cost))
        try:
            self._known = self._alone(_sums)
        except BudgetExceeded as error:
            _log.warning("%s; the cost of a request is booked later", error.message)

    def _alone(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` while no other process does, after booking what is still to be booked."""
        with self._lock:
            try:
                db = self._open()
                with transaction(db):
                    for number, cost in self._unbooked:
                        db.execute("DELETE FROM held WHERE number = ?", (number,))
                        db.execute("UPDATE account SET spent = spent + ?", (cost,))
                    done = work(db)
                self._unbooked.clear()
                return done
            except (sqlite3.Error, OSError) as error:
                self._close()
                words = str(error)
        raise BudgetExceeded(
            f"the budget file {self.path} cannot be used: {words}",
            spent=self._known[0] if self._known else 0.0,
            limit=self.limit,
            hint="what cannot be counted is not spent: mend or delete the file, or name another budget_file",
        )

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            db = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None, check_same_thread=False)
            try:
                _prepare(db)
            except BaseException:
                db.close()
                raise
            self._db = db
        return self._db

    def _close(self) -> None:
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _forget(self) -> None:
        """Start anew in a forked child. The connection is the parent's, and so is what it has still to book."""
        super()._forget()
        if self._db is not None:
            _parents.append(self._db)
        self._db, self._unbooked = None, []

    def __reduce__(self) -> tuple[object, ...]:
        return SharedLedger, (self.path, self.limit)


_parents: list[sqlite3.Connection] = []
"""Connections that a forked child must not use, and must not close either."""


@lru_cache(maxsize=64)
def shared(path: str, limit: float) -> SharedLedger:
    """The one ledger of this process for a file and a limit; `path` is absolute."""
    return SharedLedger(Path(path), limit)


def ledger_for(limit: float, path: Path | None) -> Ledger:
    """A ledger of this process alone, or the one in a file."""
    return Ledger(limit) if path is None else shared(os.path.abspath(path), limit)


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables of a new file. Raises OSError for a file of another kind, which is left as it is."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA synchronous = NORMAL")
    if _is_new(db):
        _into_wal(db)
        with transaction(db):
            if _is_new(db):
                for statement in _TABLES:
                    db.execute(statement)


def _is_new(db: sqlite3.Connection) -> bool:
    application, version, tables = stamp(db)
    if (application, version) == (_APPLICATION, _VERSION):
        return False
    if application or version or tables:
        raise OSError("it is no budget file, or one of another release")
    return True


def _into_wal(db: sqlite3.Connection) -> None:
    """Make a commit ten times cheaper. SQLite does not wait for others here, so we do."""
    until = time.monotonic() + BUSY
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
        time.sleep(0.01)


def _sums(db: sqlite3.Connection) -> tuple[float, float]:
    """What is spent and what is set aside, in US dollars."""
    row = db.execute("SELECT (SELECT spent FROM account), (SELECT total(amount) FROM held)").fetchone()
    return float(row[0]), float(row[1])


def _let_lapse(db: sqlite3.Connection) -> bool:
    """Give back what was set aside by processes that are no more; say whether there was any."""
    owners = db.execute("SELECT owner, max(at) FROM held GROUP BY owner").fetchall()
    dead = [owner for owner, at in owners if not _lives(owner, at)]
    for owner in dead:
        (amount,) = db.execute("SELECT total(amount) FROM held WHERE owner = ?", (owner,)).fetchone()
        db.execute("UPDATE account SET lapsed = lapsed + ?", (amount,))
        db.execute("DELETE FROM held WHERE owner = ?", (owner,))
    return bool(dead)


def _me() -> str:
    """This process, so that another one with the same number later is told from it."""
    return _named(os.getpid())


@lru_cache(maxsize=1)
def _named(pid: int) -> str:
    return f"{socket.gethostname()} {pid} {_born(pid)}"


def _lives(owner: str, at: float) -> bool:
    """Tell whether a process is still there; of another machine's, only how long ago it was heard of."""
    host, pid, born = owner.rsplit(" ", 2)
    if host != socket.gethostname() or os.name != "posix":
        return time.time() - at < STRANGE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        pass
    return born == _born(int(pid))


def _born(pid: int) -> str:
    """When a process began, as its system counts; "" where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[19].decode()
    except (OSError, IndexError):
        return ""
