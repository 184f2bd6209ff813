"""Texts ranked by the words they share with another one: BM25, by SQLite's full-text search."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Sequence

from patterns.errors import InputError

MOST_WORDS = 32
"""Words of a text that are looked for: the rarest say what it is about, and the most frequent cost the most."""
_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces: each character is a word.
_SPACELESS = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


class Ranking:
    """An index over texts, for all threads; a forked child makes its own.

    BM25 as in the documentation of SQLite's FTS5 (k1 = 1.2, b = 0.75): the higher a score, the more alike.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(" ".join(words(text)) for text in texts)
        self._lock = threading.Lock()
        self._owner = 0
        self._db: sqlite3.Connection | None = None
        self._counts: dict[str, int] = {}
        """In how many of the texts a word stands."""

    def nearest(self, text: str, most: int) -> list[tuple[int, float]]:
        """Give the indexes of up to `most` texts that share a word with this one, and their scores, nearest first.

        Raises InputError where this Python's SQLite has no full-text search.
        """
        wanted = list(dict.fromkeys(words(text)))
        with self._lock:
            db = self._opened()
            known = self._telling([word for word in wanted if word in self._counts])
            if not known:
                return []
            found = db.execute(
                "SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank, rowid LIMIT ?",
                (" OR ".join(f'"{word}"' for word in known), most),
            ).fetchall()
        return [(row - 1, -score) for row, score in found]

    def _telling(self, known: list[str]) -> list[str]:
        """Choose the words to look for. One that stands in more than half of the texts tells none from another."""
        rare = [word for word in known if 2 * self._counts[word] <= len(self._texts)]
        return sorted(rare or known, key=self._counts.__getitem__)[:MOST_WORDS]

    def _opened(self) -> sqlite3.Connection:
        if self._db is None or self._owner != os.getpid():
            self._db, self._owner = _index(self._texts), os.getpid()
            self._counts = dict(self._db.execute("SELECT term, doc FROM vocabulary"))
        return self._db


def words(text: str) -> list[str]:
    """The words of a text as they are compared: without case, accents and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return _WORD.findall(_SPACELESS.sub(r" \1 ", bare))


def _index(texts: Sequence[str]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(body, content='', tokenize=\"unicode61 remove_diacritics 0\")"
        )
    except sqlite3.OperationalError:
        raise InputError(
            "this Python's SQLite has no full-text search (FTS5), so examples cannot be compared by their words",
            hint="name an embedding model, or choose: random",
        ) from None
    db.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, row)")
    db.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", enumerate(texts, start=1))
    db.commit()
    return db
