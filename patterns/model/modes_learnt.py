"""Remembers which ways of asking for a shape a model has refused, in memory and in a file; forgets them after a day."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from patterns.database import Database, Layout
from patterns.exchange import Mode, Request
from patterns.folders import data_dir, data_path
from patterns.model.bases import place_of
from patterns.model.lanes import Lane, forgetting, lane

NAME = "modes.sqlite"
KEPT = 86_400.0
"""Seconds after which a refused way is tried again."""
PROBE = 60.0
"""Seconds for which one call tries it for all."""
_MOST = 2_000
"""Refusals that are kept; beyond them the oldest go."""
_LONGEST = 300

_LAYOUT = Layout(
    what="the memory of modes",
    loss="what providers refuse is learnt again by every process",
    application=0x50416D6F,  # "PAmo"
    version=1,
    tables="CREATE TABLE refused (model TEXT NOT NULL, host TEXT NOT NULL, mode TEXT NOT NULL, scope TEXT NOT NULL,"
    " since REAL NOT NULL, why TEXT NOT NULL, PRIMARY KEY (model, host, mode, scope))",
)
_Key: TypeAlias = "tuple[Mode, str]"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A mode that a model at a host did not take. `since` is in seconds since 1970, `why` the provider's words.

    `scope` says for which requests: "" for all, `thinking`, `tools`, or the key of one schema.
    """

    model: str
    host: str
    mode: Mode
    scope: str
    since: float
    why: str


class Learnt:
    """All refusals. Nothing that is wrong with the file is raised: it is said once, and modes are learnt anew."""

    def __init__(self, path: Callable[[], Path], clock: Callable[[], float] = time.time) -> None:
        self._path, self.clock = path, clock
        self.forget()

    def forget(self) -> None:
        """Drop the memory, not the file: it is read again at the next use."""
        self._lock = threading.Lock()
        self._lanes: dict[Lane, dict[_Key, Refusal]] | None = None
        self._trying: dict[tuple[Lane, _Key], float] = {}
        self._database: Database | None = None

    def open(
        self, lane: Lane, modes: Sequence[Mode], scopes: Callable[[], Sequence[str]], *, tries: bool = True
    ) -> list[Mode]:
        """Those of `modes` that are not known to be refused.

        A refusal that is a day old lets one call try again, for all who ask within the next minute; a call that has
        begun already `tries` nothing more.
        """
        refused = self._all().get(lane)
        if not refused:
            return list(modes)
        now, of = self.clock(), scopes()
        return [
            mode for mode in modes if not any(self._holds(lane, refused, (mode, scope), now, tries) for scope in of)
        ]

    def knows(self, lane: Lane) -> bool:
        """Whether anything was refused there, at whatever time."""
        return bool(self._all().get(lane))

    def note(self, refusals: Iterable[Refusal]) -> None:
        """Remember refusals, the newest of a kind."""
        fresh = [replace(each, why=each.why[:_LONGEST]) for each in refusals]
        with self._lock:
            for each in fresh:
                self._keep(self._all_unlocked(), each)
        self._run(lambda db: _write(db, fresh), writes=True)

    def worked(self, lane: Lane, mode: Mode, scopes: Callable[[], Sequence[str]]) -> None:
        """Forget what was said against a mode that has just worked."""
        refused = self._all().get(lane)
        if not refused:
            return
        gone: list[_Key] = [(mode, scope) for scope in scopes() if (mode, scope) in refused]
        if gone:
            with self._lock:
                for key in gone:
                    refused.pop(key, None)
            self._run(lambda db: _delete(db, lane, gone), writes=True)

    def rows(self) -> list[Refusal]:
        """All that is remembered and still holds, the newest first; what other processes have written, too."""
        now = self.clock()
        found = self._run(_read) if self._path().exists() else []
        return [each for each in found if now - each.since < KEPT]

    def fresh(self, lane: Lane, mode: Mode, scope: str) -> bool:
        """Whether this very refusal is known, and not a day old."""
        found = self._all().get(lane, {}).get((mode, scope))
        return found is not None and self.clock() - found.since < KEPT

    def reason(self, lane: Lane, mode: Mode, scopes: Sequence[str]) -> str:
        """Why the mode is refused there; empty where it is not."""
        refused = self._all().get(lane, {})
        return next((refused[mode, scope].why for scope in scopes if self.fresh(lane, mode, scope)), "")

    def _holds(self, lane: Lane, refused: dict[_Key, Refusal], key: _Key, now: float, tries: bool) -> bool:
        found = refused.get(key)
        if found is None or now - found.since < KEPT:
            return found is not None
        if not tries:
            return False
        with self._lock:
            if self._trying.get((lane, key), 0.0) > now:
                return True
            self._trying[lane, key] = now + PROBE
        return False

    def _all(self) -> dict[Lane, dict[_Key, Refusal]]:
        if self._lanes is None:
            with self._lock:
                return self._all_unlocked()
        return self._lanes

    def _all_unlocked(self) -> dict[Lane, dict[_Key, Refusal]]:
        if self._lanes is None:
            self._lanes = {}
            if self._path().exists():  # else there is no need to load SQLite
                for each in reversed(self._run(_read)):
                    self._keep(self._lanes, each)
        return self._lanes

    @staticmethod
    def _keep(lanes: dict[Lane, dict[_Key, Refusal]], each: Refusal) -> None:
        lane = lanes.setdefault(Lane(each.model, each.host), {})
        lane[each.mode, each.scope] = each
        if len(lane) > _MOST:
            lane.pop(next(iter(lane)))

    def _run(self, work: Callable[[sqlite3.Connection], list[Refusal]], *, writes: bool = False) -> list[Refusal]:
        if self._database is None:
            self._database = Database(self._path(), _LAYOUT, data_dir)
        return self._database.run(work, [], writes=writes)


def _read(db: sqlite3.Connection) -> list[Refusal]:
    rows = db.execute("SELECT model, host, mode, scope, since, why FROM refused ORDER BY since DESC LIMIT ?", [_MOST])
    return [Refusal(*row) for row in rows]


def _write(db: sqlite3.Connection, refusals: Sequence[Refusal]) -> list[Refusal]:
    rows = [(r.model, r.host, r.mode, r.scope, r.since, r.why) for r in refusals]
    db.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute(
        "DELETE FROM refused WHERE rowid NOT IN (SELECT rowid FROM refused ORDER BY since DESC LIMIT ?)", [_MOST]
    )
    return []


def _delete(db: sqlite3.Connection, lane: Lane, keys: Sequence[_Key]) -> list[Refusal]:
    rows = [(lane.model, lane.host, mode, scope) for mode, scope in keys]
    db.executemany("DELETE FROM refused WHERE model = ? AND host = ? AND mode = ? AND scope = ?", rows)
    return []


def own_file() -> Path:
    """Where refusals are kept."""
    return data_path() / NAME


LEARNT = Learnt(own_file)
forgetting(LEARNT.forget)


def where(request: Request) -> Lane:
    """The model and the host that answer a request: the caller's, or the one that the environment names."""
    return lane(request.model, place_of(request.model, request.options.api_base))
