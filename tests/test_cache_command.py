"""The command `patterns cache` in a real process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patterns.model.store import Store
from tests.model.test_store import ANSWER, key
from tests.test_cli import patterns


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store(tmp_path / "cache" / "answers.sqlite", clock=lambda: 1_700_000_000.0) as store:
        store.put(key(1), ANSWER)
        store.put(key(2), ANSWER)
    return tmp_path / "cache"


def test_stats_tell_what_is_kept(folder: Path) -> None:
    done = patterns("cache", "stats", PATTERNS_CACHE_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    assert str(folder / "answers.sqlite") in done.stdout
    assert "2 answers, " in done.stdout
    assert "2023-11-1" in done.stdout


def test_stats_for_machines(folder: Path) -> None:
    told = json.loads(patterns("cache", "stats", "--json", PATTERNS_CACHE_DIR=str(folder)).stdout)
    assert told.pop("bytes") > 0
    at = str(folder / "answers.sqlite")
    assert told == {"path": at, "answers": 2, "oldest": 1.7e9, "newest": 1.7e9, "damaged": []}


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    for command in ("stats", "path", "clear"):
        done = patterns("cache", command, PATTERNS_CACHE_DIR=str(tmp_path / "none"))
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()


def test_clear_forgets_the_answers(folder: Path) -> None:
    assert patterns("cache", "clear", PATTERNS_CACHE_DIR=str(folder)).stdout == "2 answers forgotten\n"
    assert patterns("cache", "clear", "--json", PATTERNS_CACHE_DIR=str(folder)).stdout.endswith('"answers": 0}\n')
    with Store(folder / "answers.sqlite") as store:
        assert store.get(key(1)) is None


def test_the_path_is_that_of_the_settings_unless_it_is_given(folder: Path, tmp_path: Path) -> None:
    default = str(folder / "answers.sqlite")
    assert patterns("cache", "path", PATTERNS_CACHE_DIR=str(folder)).stdout == f"{default}\n"
    named = patterns("cache", "path", PATTERNS_CACHE=str(tmp_path / "mine.db"))
    assert named.stdout == f"{tmp_path / 'mine.db'}\n"
    assert patterns("cache", "path", "--at", str(folder)).stdout == f"{default}\n"


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "customers.db") as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    before = (tmp_path / "customers.db").read_bytes()
    done = patterns("cache", "clear", "--at", str(tmp_path / "customers.db"))
    assert "another program" in done.stderr
    assert (tmp_path / "customers.db").read_bytes() == before
