"""The user's own SQLite file: whatever happens to it, the work goes on and is said once."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patterns.database import Database, Layout, set_aside, stamp

LAYOUT = Layout("the notes", "they are not kept", 0x74657374, 1, "CREATE TABLE notes (id INTEGER PRIMARY KEY, t TEXT)")
HERE = Path(__file__).resolve().parents[1]


def note(database: Database, text: str) -> bool:
    def write(db: sqlite3.Connection) -> bool:
        db.execute("INSERT INTO notes (t) VALUES (?)", (text,))
        return True

    return database.run(write, False, writes=True)


def notes(database: Database) -> list[str] | None:
    return database.run(lambda db: [row[0] for row in db.execute("SELECT t FROM notes ORDER BY id")], None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "notes.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    made = Database(path, LAYOUT)
    yield made
    made.close()


def test_the_file_and_its_folder_are_the_owners_alone(database: Database, path: Path) -> None:
    before = os.umask(0)
    try:
        assert note(database, "hello")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_file_that_others_could_read_is_closed_to_them(database: Database, path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)
    assert note(database, "hello")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_refused_and_what_it_leads_to_stays_as_it_is(database: Database, path: Path) -> None:
    path.parent.mkdir()
    other = path.parent / "other.txt"
    other.write_text("precious")
    path.symlink_to(other)
    with pytest.warns(RuntimeWarning, match="a link"):
        assert not note(database, "hello")
    assert other.read_text() == "precious"


def test_a_folder_that_everybody_can_write_to_is_refused(database: Database, path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o777)
    with pytest.warns(RuntimeWarning, match="everybody"):
        assert not note(database, "hello")
    assert not path.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_file_of_another_user_is_refused(database: Database, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    os.chown(path, 65534, 65534)
    with pytest.warns(RuntimeWarning, match="another user"):
        assert not note(database, "hello")
    assert path.stat().st_size == 0


def test_a_database_of_another_program_stays_as_it_is(database: Database, path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.warns(RuntimeWarning, match="another program"):
        assert not note(database, "hello")
    assert path.read_bytes() == before
    assert set_aside(path) == []


def test_a_file_of_another_release_stays_as_it_is(database: Database, path: Path) -> None:
    later = Database(path, Layout(LAYOUT.what, LAYOUT.loss, LAYOUT.application, 2, LAYOUT.tables))
    assert note(later, "from the future")
    later.close()
    with pytest.warns(RuntimeWarning, match="version 2"):
        assert not note(database, "hello")
    assert notes(later) == ["from the future"]
    later.close()


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database " * 400)


def short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def header(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def schema(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE notes", b"\x00" * 18))


def tables(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 64] = b"\xaa" * 64
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("damage", [garbage, short, header, schema, tables], ids=lambda damage: damage.__name__)
def test_damage_is_set_aside_and_said_once(database: Database, path: Path, damage: Callable[[Path], None]) -> None:
    for number in range(200):
        note(database, f"a note of some length {number}")
    database.close()
    damage(path)
    damaged = path.read_bytes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert notes(database) == []
        assert note(database, "begun anew")
    assert [str(each.message).partition(" (")[0] for each in caught] == ["patterns: the notes was damaged"]
    (aside,) = set_aside(path)
    assert aside.read_bytes() == damaged
    assert notes(database) == ["begun anew"]


def test_an_empty_file_is_simply_filled(database: Database, path: Path) -> None:
    note(database, "old")
    database.close()
    path.write_bytes(b"")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert note(database, "hello")
    assert notes(database) == ["hello"]


def test_a_file_damaged_while_it_is_open_fails_no_work(database: Database, path: Path) -> None:
    note(database, "old")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path.write_bytes(b"garbage" * 3000)
        for _ in range(3):
            notes(database)
            note(database, "new")
        database.close()
        assert note(database, "newer")
    assert notes(database)[-1:] == ["newer"]  # type: ignore[index]


def test_only_the_last_damaged_file_is_kept(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(3):
            database = Database(path, LAYOUT)
            note(database, str(number))
            database.close()
            garbage(path)
            assert notes(database) == []
            database.close()
    assert len(set_aside(path)) == 1


def test_a_file_that_is_removed_while_it_is_open_is_made_again(database: Database, path: Path) -> None:
    note(database, "old")
    for file in path.parent.iterdir():
        file.unlink()
    assert note(database, "new")
    assert notes(database) == ["new"]
    assert path.exists()


def test_another_process_that_set_the_file_aside_is_followed(path: Path) -> None:
    one, other = Database(path, LAYOUT), Database(path, LAYOUT)
    note(one, "old")
    assert notes(other) == ["old"]
    os.replace(path, path.with_name("away"))
    assert note(other, "new")
    assert note(one, "newer")
    assert notes(other) == notes(one) == ["new", "newer"]
    one.close()
    other.close()


def python(code: str, *arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=HERE,
        check=False,
        **more,  # type: ignore[call-overload]
    )


COMMON = """
import os, signal, sys, warnings
from pathlib import Path
from tests.test_database import Database, LAYOUT, note, notes
database = Database(Path(sys.argv[1]), LAYOUT)
"""


def test_a_full_disk_is_said_once_and_reading_goes_on(path: Path) -> None:
    code = """
        import resource
        assert note(database, "fits")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        print([note(database, "x" * 100_000) for _ in range(3)], notes(database))
    """
    done = python(COMMON + textwrap.dedent(code), path)
    assert done.stdout.strip() == "[False, False, False] ['fits']", done.stderr
    assert done.stderr.count("RuntimeWarning") == 1
    assert "they are not kept" in done.stderr


def test_a_folder_that_may_not_be_written_to_is_said_once() -> None:
    code = """
        import shutil, tempfile
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o500)
        if root := os.geteuid() == 0:  # whom no mode stops
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        database = Database(folder / "notes.sqlite", LAYOUT)
        print(note(database, "hello"), notes(database), note(database, "hello"))
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)
    """
    done = python(COMMON + textwrap.dedent(code), "unused")
    assert done.stdout.strip() == "False None False", done.stderr
    assert done.stderr.count("RuntimeWarning") == 1
    assert "they are not kept" in done.stderr


def test_processes_that_begin_at_once_share_the_file(path: Path) -> None:
    code = "[note(database, f'{sys.argv[2]} {n}') or sys.exit(3) for n in range(100)]"
    runs = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", COMMON + code, str(path), str(number)], cwd=HERE)
        for number in range(4)
    ]
    assert [run.wait(60) for run in runs] == [0, 0, 0, 0]
    database = Database(path, LAYOUT)
    assert len(notes(database) or ()) == 400
    database.close()


def test_a_file_that_another_lays_out_just_now_is_seen_as_it_was_before(tmp_path: Path) -> None:
    """Its tables without its stamp would look like a stranger's database, which is left alone for a minute."""
    path = tmp_path / "notes.sqlite"
    ours, theirs = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    ours.execute("PRAGMA journal_mode = WAL")

    def lay_out(statement: str) -> None:
        if "sqlite_master" in statement:
            ours.set_trace_callback(None)
            theirs.executescript(f"BEGIN; {LAYOUT.tables}; PRAGMA application_id = {LAYOUT.application}; COMMIT")

    ours.set_trace_callback(lay_out)
    assert stamp(ours) == (0, 0, 0)
    assert stamp(ours) == (LAYOUT.application, 0, 1)
    assert not ours.in_transaction
    ours.close(), theirs.close()


def test_a_process_that_is_killed_leaves_a_file_in_order(path: Path) -> None:
    code = "[note(database, str(n)) and print(n, flush=True) for n in range(10**6)]"
    run = subprocess.Popen(
        [sys.executable, "-c", COMMON + code, str(path)], cwd=HERE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    last = next(int(line) for line in run.stdout if int(line) >= 50)
    os.kill(run.pid, signal.SIGKILL)
    run.wait(10)
    run.stdout.close()
    database = Database(path, LAYOUT)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kept = notes(database) or []
    assert len(kept) > last, "what was said to be written is there"
    database.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_child_opens_its_own_connection(path: Path) -> None:
    code = """
        note(database, "parent")
        child = os.fork()
        if not child:
            assert note(database, "child"), "the child writes"
            sys.exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert note(database, "parent again")
        print(notes(database), database.run(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0], ""))
    """
    done = python(COMMON + textwrap.dedent(code), path)
    assert done.stdout.strip() == "['parent', 'child', 'parent again'] ok", done.stderr
    assert done.stderr == ""


def test_threads_share_one_connection(database: Database) -> None:
    threads = [
        threading.Thread(target=lambda name=name: [note(database, f"{name} {n}") for n in range(50)])
        for name in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes(database) or ()) == 400


def test_another_writer_that_takes_its_time_costs_one_note_at_most(database: Database, path: Path) -> None:
    note(database, "first")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not note(database, "in vain")
        assert notes(database) == ["first"]
        other.execute("ROLLBACK")
        assert note(database, "second")
    other.close()
