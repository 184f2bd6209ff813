"""The record of what was spent: one row for each paid answer, in a file that never stands in the way of a call."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from patterns import spending
from patterns.errors import ModelError, OutputError
from patterns.exchange import Choice, Request, Response, Usage
from patterns.pattern import Pattern
from patterns.recorder import Recorder
from patterns.settings import override
from patterns.spending import KEPT, Book, Paid, _prune, book_at
from patterns.testing import FakeModel
from patterns.writer import WRITER
from tests.faultserver import Answer, FaultServer
from tests.test_cli import patterns

GIVEN, MADE = 1.5e-07, 6e-07
COST = 50 * GIVEN + 10 * MADE
REQUEST = Request("openai/gpt-4o-mini", ())
RESPONSE = Response((Choice("x"),), "m", Usage(50, 10), 0.25)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "usage.sqlite"


@pytest.fixture
def asking(tmp_path: Path, faults: FaultServer, file: Path) -> Any:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    with override(templates=(tmp_path,), usage=file):
        yield Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0, reasks=1)


def rows(file: Path) -> list[Paid]:
    WRITER.flush()
    db = sqlite3.connect(file)
    try:
        return [Paid(*row) for row in db.execute("SELECT * FROM paid")]
    finally:
        db.close()


def test_an_answer_is_a_row(asking: Any, file: Path, faults: FaultServer) -> None:
    faults.script([Answer('{"ok": true}')])
    with override(profile="dev", cache=False):
        asking("a text that is nobody's business")
    (row,) = rows(file)
    assert abs(row.at - time.time()) < 60
    assert row[1:6] == ("openai/gpt-4o-mini", "yes", "dev", "ok", 0)
    assert row[6:11] == (50, 10, 0, 0, 0)
    assert row.cost == pytest.approx(COST)
    assert b"nobody's business" not in file.read_bytes()


def test_every_paid_answer_is_a_row_and_what_is_free_is_none(asking: Any, file: Path, faults: FaultServer) -> None:
    """A re-ask, an answer of no use, a request that broke off; but no refusal by status."""
    faults.script([Answer("no"), Answer('{"ok": true}'), Answer("")])
    asking("x")
    with pytest.raises((ModelError, OutputError)):
        asking("x")
    for model in ("openai/401", "openai/drop", "openai/nousage"):
        try:
            asking.with_options(model=model)("x")
        except ModelError:
            continue
    assert [(row.model, row.outcome) for row in rows(file)] == [
        ("openai/gpt-4o-mini", "ok"),
        ("openai/gpt-4o-mini", "ok"),
        ("openai/gpt-4o-mini", "failed"),
        ("openai/drop", "unsure"),
        ("openai/nousage", "ok"),
    ]
    assert rows(file)[3][6:] == (None, None, None, None, 0, None)
    assert (rows(file)[4].estimated, rows(file)[4].cost) == (1, None)


def test_hits_are_rows_that_cost_nothing(asking: Any, file: Path, faults: FaultServer, tmp_path: Path) -> None:
    faults.script([Answer('{"ok": true}')])
    cached = asking.with_options(cache=tmp_path / "answers.sqlite")
    cached("x"), cached("x")
    assert [(row.hit, row.cost) for row in rows(file)] == [(0, pytest.approx(COST)), (1, 0.0)]


async def test_streams_and_batches_are_counted_as_well(asking: Any, file: Path, faults: FaultServer) -> None:
    faults.script([Answer('{"ok": true}')] * 5)
    _ = [each async for each in asking.astream("x")]
    _ = [each async for each in asking.abatch(["x"] * 4)]
    assert faults.paid == len(rows(file)) == 5


def test_only_real_models_are_counted(asking: Any, file: Path, faults: FaultServer, tmp_path: Path) -> None:
    with FakeModel(['{"ok": true}']):
        asking("x")
    faults.script([Answer('{"ok": true}')])
    with Recorder(tmp_path / "tape.jsonl", mode="record"):
        asking("x")
    with Recorder(tmp_path / "tape.jsonl", mode="replay"):
        asking("x")
    assert faults.paid == len(rows(file)) == 1


def test_it_can_be_turned_off(asking: Any, file: Path, faults: FaultServer) -> None:
    faults.script([Answer('{"ok": true}')] * 2)
    with override(usage=False):
        asking("x")
    WRITER.flush()
    assert not file.exists()
    with override(usage=file.parent):
        file.parent.mkdir()
        asking("x")
    assert len(rows(file)) == 1


def test_by_default_it_lies_in_the_data_folder_for_its_owner_alone(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("PATTERNS_DATA_DIR", str(tmp_path / "data"))
    book = book_at(True)
    book.take(REQUEST, RESPONSE, None, None)
    assert len(rows(tmp_path / "data" / "usage.sqlite")) == 1
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()} == {0o600}


PROGRAM = """
import sys, time
from pathlib import Path
from patterns.exchange import *
from patterns.spending import book_at
book = book_at(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    book.take(Request("m", ()), Response((Choice("x"),), "m", Usage(50, 10), 0.25), None, None)
"""


def run(program: str, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **more},
    )


def test_the_end_of_the_program_writes_what_waits(file: Path) -> None:
    done = run(PROGRAM, file, 100)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows(file)) == 100


def test_a_killed_program_loses_the_last_second_at_most(file: Path) -> None:
    ending = "print('noted', flush=True)\ntime.sleep(1)\nimport os, signal\n"
    ending += "book.take(Request('m', ()), None, None, None)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    assert run(PROGRAM + ending, file, 100).returncode == -9
    assert len(rows(file)) == 100


WORKERS = """
import multiprocessing, sys
from pathlib import Path
from patterns.exchange import Request
from patterns.spending import book_at

def work(number):
    book_at(Path(sys.argv[1])).take(Request("m", ()), None, None, None)

if __name__ == "__main__":
    work(0)
    with multiprocessing.get_context(sys.argv[2]).Pool(3) as pool:
        pool.map(work, range(9), chunksize=1)
        pool.close(), pool.join()
"""


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_workers_write_their_own_rows_once(file: Path, way: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(WORKERS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(file), way],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows(file)) == 10


def test_processes_share_the_file(file: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(file), "200"]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len(rows(file)) == 800


@pytest.mark.parametrize("in_the_way", ["folder", "link", "another program's", "read-only"])
def test_a_file_that_cannot_be_used_is_said_once_and_no_call_fails(tmp_path: Path, in_the_way: str) -> None:
    file = tmp_path / "u.sqlite"
    if in_the_way == "folder":
        (tmp_path / "u.sqlite" / "usage.sqlite").mkdir(parents=True)
    elif in_the_way == "link":
        file.symlink_to(tmp_path / "elsewhere")
    elif in_the_way == "read-only":  # for root, too
        file = Path("/proc/self/nowhere/usage.sqlite")
    else:
        db = sqlite3.connect(file)
        db.execute("CREATE TABLE others (x)")
        db.commit(), db.close()
    done = run(PROGRAM + "time.sleep(1.2)\nbook.take(Request('m', ()), None, None, None)\n", file, 3)
    assert done.returncode == 0
    assert done.stderr.count("the record of what was spent cannot be used") == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("content", [b"garbage, and more of it" * 500, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_file_is_set_aside_and_begun_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700)
    file.write_bytes(content)
    book = Book(file)
    book.take(REQUEST, RESPONSE, None, None)
    with pytest.warns(RuntimeWarning, match="was damaged"):
        assert book.flush()
    assert len(rows(file)) == 1
    assert len(list(file.parent.glob("*.corrupt-*"))) >= 1


def test_a_full_disk_costs_rows_and_nothing_else(file: Path) -> None:
    book = Book(file)
    book.take(REQUEST, RESPONSE, None, None)
    book.flush()
    assert book._database._db is not None
    pages = book._database._db.execute("PRAGMA page_count").fetchone()[0]
    book._database._db.execute(f"PRAGMA max_page_count = {pages}")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(spending._MOST_WAITING + 500):
            book.take(REQUEST, RESPONSE, None, None)
        assert not book.flush()
        assert not book.flush()
    assert len(said) == 1
    assert len(book._waiting) == spending._MOST_WAITING


def test_old_rows_are_let_go(file: Path) -> None:
    book = Book(file)
    book.note(Paid(time.time() - KEPT - 10, "m", "", "", "ok", False, 1, 1, 0, 0, False, 0.5))
    book.take(REQUEST, RESPONSE, None, None)
    book.flush()
    assert [row.cost for row in rows(file)] == [0.25]


def test_only_the_first_rows_are_looked_at_for_old_ones(file: Path) -> None:
    now = time.time()
    book = Book(file)
    for _ in range(15_000):
        book.note(Paid(now, "m", "", "", "ok", False, 1, 1, 0, 0, False, 0.5))
    book.close()
    steps: list[int] = []
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.set_progress_handler(lambda: steps.append(1000), 1000)
        _prune(db, now - KEPT)
        assert sum(steps) < 20_000
        # A row of a clock that ran ahead holds back none of those after it.
        db.execute("UPDATE paid SET at = ? WHERE rowid = 1", (now + 100,))
        _prune(db, now + 10)
        assert db.execute("SELECT rowid FROM paid").fetchall() == [(1,)]


def test_sums_tell_what_is_known_from_what_is_not(file: Path) -> None:
    book = Book(file)
    for model, outcome, cost in [("a", "ok", 0.5), ("a", "failed", 0.25), ("a", "ok", None), ("b", "unsure", None)]:
        book.note(Paid(time.time(), model, "p", "", outcome, False, 10, 1, 0, 0, False, cost))  # type: ignore[arg-type]
    book.flush()
    a, b = book.spent("model")
    assert (a.key, a.answers, a.failed, a.unpriced, a.cost, a.input_tokens) == ("a", 3, 1, 1, 0.75, 30)
    assert (b.key, b.answers, b.unsure, b.unpriced, b.cost) == ("b", 0, 1, 0, 0.0)
    assert book.spent("all", time.time() + 10) == []


def test_the_command_shows_it(file: Path) -> None:
    book = Book(file)
    book.take(REQUEST, RESPONSE, None, None)
    book.note(Paid(time.time() - 86_400 * 40, "old", "p", "", "ok", False, 1, 1, 0, 0, False, 0.5))
    book.note(Paid(time.time(), "openai/unheard-of", "triage", "", "ok", False, 7, 3, 0, 0, False, None))
    book.flush()
    done = patterns("usage", PATTERNS_USAGE=str(file))
    assert done.returncode == 0, done.stderr
    assert re.search(r"openai/unheard-of +1 +0 +7 +3 +unknown\n", done.stdout)
    assert "triage" in done.stdout
    assert "$0.25 and 1 of unknown price since" in done.stdout
    assert "old" not in done.stdout
    told = json.loads(patterns("usage", "--json", "--by", "model", "--since", "all", "--at", str(file)).stdout)
    assert [row["key"] for row in told["model"]] == ["old", "openai/gpt-4o-mini", "openai/unheard-of"]
    assert [row["cost"] for row in told["model"]] == [0.5, 0.25, None]
    assert (told["total"]["cost"], told["total"]["known_cost"]) == (None, 0.75)


@pytest.mark.parametrize("words", [("--since", "7x"), ("--by", "colour")])
def test_the_command_says_what_it_takes(words: tuple[str, str], file: Path) -> None:
    done = patterns("usage", *words, "--at", str(file))
    assert done.returncode == 2
    assert words[1] in done.stderr
    assert not file.exists()


def test_noting_takes_less_than_60_microseconds(file: Path) -> None:
    book, times = Book(file), []
    for _ in range(2000):
        started = time.perf_counter()
        book.take(REQUEST, RESPONSE, None, None)
        times.append(time.perf_counter() - started)
    assert sorted(times)[1000] < 60e-6
