"""Vectors that were received, in one SQLite file, so that none is paid for twice; of texts it holds only hashes."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from patterns.database import Damaged, Database, Layout, transaction
from patterns.folders import cache_dir, cache_path

Vector = tuple[float, ...]

NAME = "vectors.sqlite"
MOST = 200_000
"""Vectors that are kept, some 1.2 GB of the longest kind; the oldest go when there are more."""
_LAYOUT = Layout(
    what="the file of vectors",
    loss="they are asked for again",
    application=0x50417665,  # "PAve"
    version=1,
    tables="CREATE TABLE vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
    " saved REAL NOT NULL, vector BLOB NOT NULL)",
)
_ASKED = 500


class Vectors:
    """Keeps vectors of 32-bit numbers by model, host and text. Whatever happens to the file, no method raises."""

    def __init__(self, path: Path | None = None, *, most: int = MOST, clock: Callable[[], float] = time.time) -> None:
        self.path = path or cache_path() / NAME
        self._most, self._clock = most, clock
        self._database = Database(self.path, _LAYOUT, cache_dir if path is None else None)

    def find(self, model: str, host: str, texts: Iterable[str]) -> dict[str, Vector]:
        """Give the vectors that are known."""
        keys = {_key(model, host, text): text for text in texts}

        def look(db: sqlite3.Connection) -> dict[str, Vector]:
            found: dict[str, Vector] = {}
            wanted = list(keys)
            for start in range(0, len(wanted), _ASKED):
                some = wanted[start : start + _ASKED]
                marks = ",".join("?" * len(some))
                for key, blob in db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some):
                    found[keys[key]] = _unpacked(blob)
            return found

        return self._database.run(look, {}) if keys else {}

    def keep(self, model: str, host: str, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by their texts; when this returns they are in the file, if it can be written to."""
        now = self._clock()
        rows = [(_key(model, host, text), now, array("f", vector).tobytes()) for text, vector in vectors.items()]

        def write(db: sqlite3.Connection) -> None:
            with transaction(db):
                db.executemany("INSERT OR REPLACE INTO vectors (key, saved, vector) VALUES (?, ?, ?)", rows)
                extra = db.execute("SELECT count(*) FROM vectors").fetchone()[0] - self._most
                if extra > 0:
                    oldest = "SELECT id FROM vectors ORDER BY saved, id LIMIT ?"
                    db.execute(f"DELETE FROM vectors WHERE id IN ({oldest})", (extra + self._most // 10,))

        self._database.run(write, None, writes=True)


def vectors() -> Vectors:
    """The file in the user's cache folder."""
    return _vectors(os.environ.get("PATTERNS_CACHE_DIR"))


@lru_cache(maxsize=4)
def _vectors(folder: str | None) -> Vectors:
    return Vectors()


def _key(model: str, host: str, text: str) -> bytes:
    parts = (model.encode(), host.encode(), text.encode("utf-8", "surrogatepass"))
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).digest()


def _unpacked(blob: bytes) -> Vector:
    if not blob or len(blob) % 4:
        raise Damaged("a vector is not as it was written")
    return tuple(array("f", blob))
