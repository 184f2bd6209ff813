"""Looks for keys in all that a program has left behind, in the spellings that they may have there."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

WORD = "CANARY"
"""Stands in every key of these tests, and in nothing else."""
_SHORTEST = 6


def leaks(folder: Path) -> list[str]:
    """Every place where a key can be read, as `file: what stands around it`."""
    found = []
    for name, content in artefacts(folder):
        for spelling in spellings(WORD):
            at = content.find(spelling)
            if at >= 0:
                around = content[max(0, at - 60) : at + 60]
                found.append(f"{name}: {around!r}")
                break
    return found


def spellings(word: str) -> list[bytes]:
    """The word as text of one and of two bytes a letter, reversed, in hex, in percents, and in base64 at any place."""
    plain = word.encode()
    # In base64 a text looks different at each of three places; its ends depend on its neighbours.
    shifted = [base64.b64encode(b"\0" * place + plain)[4 : 4 + len(plain) - 2] for place in range(1, 3)]
    return [
        plain,
        word.encode("utf-16-le"),
        plain[::-1],
        plain.hex().encode(),
        quote(word, safe="").replace("C", "%43").encode(),
        base64.b64encode(plain)[: len(plain) // 3 * 4],
        *(each for each in shifted if len(each) >= _SHORTEST - 2),
    ]


def artefacts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and what is hidden in it: rows of databases, what was compressed, texts within JSON."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = str(path.relative_to(folder)), path.read_bytes()
        yield name, content
        if content.startswith(b"SQLite format 3\0"):
            yield from ((f"{name} (row)", row) for row in _rows(path))
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from ((f"{name} ({each})", archive.read(each)) for each in archive.namelist())
        if path.suffix in (".json", ".jsonl", ".ipynb"):
            yield from ((f"{name} (as text)", text) for text in _texts(content))


def _rows(path: Path) -> Iterator[bytes]:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                yield repr(row).encode()
                for cell in row:
                    if isinstance(cell, bytes):
                        yield cell
                        yield _inflated(cell)
    finally:
        db.close()


def _inflated(cell: bytes) -> bytes:
    try:
        return zlib.decompress(cell)
    except zlib.error:
        return b""


def _texts(content: bytes) -> Iterator[bytes]:
    """JSON without its escapes."""
    for line in [content, *content.splitlines()]:
        try:
            yield json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "replace")
        except ValueError:
            continue
