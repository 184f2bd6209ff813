"""Answers on disk: what is kept, for how long, how much of it, and what damage does."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from patterns.database import set_aside
from patterns.exchange import Choice, Response, Usage
from patterns.messages import ToolCall
from patterns.model.store import Store, file_of, store_at

HERE = Path(__file__).resolve().parents[2]
ANSWER = Response((Choice('{"name": "Jo"}'),), "gpt-4.1-mini", Usage(50, 10), 0.25, id="chatcmpl-1")


def key(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store(path)
    yield made
    made.close()


def test_what_is_put_can_be_got_also_by_who_opens_the_file_later(store: Store, path: Path) -> None:
    assert store.get(key(1)) is None
    store.put(key(1), ANSWER)
    assert store.get(key(1)) == ANSWER
    store.close()
    later = Store(path)
    assert later.get(key(1)) == ANSWER
    later.close()


def test_a_later_answer_takes_the_place_of_an_earlier(store: Store) -> None:
    store.put(key(1), ANSWER)
    store.put(key(1), replace(ANSWER, id="chatcmpl-2"))
    assert store.get(key(1)) == replace(ANSWER, id="chatcmpl-2")
    assert store.stats().answers == 1


@pytest.mark.parametrize("text", ["lone \ud800 surrogate", "\ud83d\ude00", "nul \x00 byte", "é😀\u2028"])
def test_no_text_is_too_strange(store: Store, text: str) -> None:
    strange = Response((Choice(text, tool_calls=(ToolCall("1", "f", {"a": text}, text),)),), "m")
    store.put(key(1), strange)
    assert store.get(key(1)) == strange


def test_an_answer_that_json_cannot_hold_is_not_kept(store: Store) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    store.put(key(1), Response((Choice("", tool_calls=(ToolCall("1", "f", {"a": deep}, ""),)),), "m"))  # type: ignore[dict-item]
    assert store.flush()
    assert store.get(key(1)) is None


def test_age_is_looked_at_when_reading(path: Path) -> None:
    now = [1_000_000.0]
    store = Store(path, clock=lambda: now[0])
    store.put(key(1), ANSWER)
    now[0] += 100
    assert store.get(key(1), ttl=100) == ANSWER
    assert store.get(key(1), ttl=99) is None
    assert store.get(key(1)) == ANSWER
    store.close()


def test_an_answer_from_the_future_is_not_young(path: Path) -> None:
    now = [1_000_000.0]
    store = Store(path, clock=lambda: now[0])
    store.put(key(1), ANSWER)
    now[0] -= 30  # clocks differ a little
    assert store.get(key(1), ttl=10) == ANSWER
    now[0] -= 3600  # one of them was wrong
    assert store.get(key(1), ttl=10) is None
    assert store.get(key(1)) == ANSWER
    store.close()


def test_the_oldest_go_when_the_file_is_full(path: Path) -> None:
    store = Store(path, limit=2_000_000)
    for number in range(400):
        store.put(key(number), replace(ANSWER, id="x" * 10_000))
        assert store.flush()
        assert store.get(key(number)) is not None
    assert path.stat().st_size <= 2_100_000
    assert store.get(key(0)) is None
    kept = [number for number in range(400) if store.get(key(number))]
    assert kept == list(range(kept[0], 400))
    assert len(kept) > 100
    store.close()


def test_an_answer_larger_than_the_file_may_be_is_not_kept(path: Path) -> None:
    store = Store(path, limit=100_000)
    store.put(key(1), ANSWER)
    store.put(key(2), replace(ANSWER, id="x" * 200_000))
    assert store.flush()
    assert store.get(key(2)) is None
    assert store.get(key(1)) == ANSWER
    store.close()


def test_an_answer_is_found_at_once_and_stands_in_the_file_soon_after(store: Store, path: Path) -> None:
    store.put(key(1), ANSWER)
    assert store.get(key(1)) == ANSWER
    other = Store(path)
    for _ in range(200):
        if (found := other.get(key(1))) is not None:
            break
        time.sleep(0.05)
    assert found == ANSWER
    other.close()


def test_who_puts_does_not_wait_for_another_process_that_writes(store: Store, path: Path) -> None:
    store.put(key(1), ANSWER)
    assert store.flush()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        store.put(key(2), ANSWER)
        assert time.perf_counter() - began < 0.5
        assert store.get(key(2)) == ANSWER
        other.execute("COMMIT")
    assert store.flush()
    assert store.stats().answers == 2


def test_clear_forgets_everything(store: Store, path: Path) -> None:
    for number in range(100):
        store.put(key(number), replace(ANSWER, id="x" * 10_000))
    aside = path.with_name(f"{path.name}.corrupt-20260101T000000")
    aside.write_bytes(b"?")
    assert store.clear() == 100
    assert store.get(key(1)) is None
    assert not aside.exists()
    assert store.stats().bytes < 100_000


def test_stats_tell_what_is_there_and_make_nothing(path: Path) -> None:
    store = Store(path, clock=lambda: 7.0)
    assert store.stats().answers == 0
    assert not path.exists()
    store.put(key(1), ANSWER)
    found = store.stats()
    assert (found.path, found.answers, found.oldest, found.newest, found.damaged) == (path, 1, 7.0, 7.0, ())
    assert found.bytes > 0
    store.close()


def test_no_flipped_byte_makes_another_answer(path: Path) -> None:
    """Wherever the file is hit: the answer is right, or there is none, and the next one can be kept."""
    store = Store(path)
    for number in range(40):
        store.put(key(number), ANSWER)
    store.close()
    whole = path.read_bytes()
    hits = 0
    for place in range(0, len(whole), 61):
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF
        path.write_bytes(bytes(flipped))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = Store(path)
            found = [store.get(key(number)) for number in range(40)]
            store.put(key(99), ANSWER)
            begun_anew = store.get(key(99)) == ANSWER
            store.close()
        assert begun_anew or place < 100, "in the header it may look like a file of another program"
        assert all(answer in (None, ANSWER) for answer in found), place
        hits += None in found
        for file in path.parent.iterdir():
            file.unlink()
    assert hits > 20, "the flips did damage"


def test_a_row_that_was_changed_is_damage(store: Store, path: Path) -> None:
    store.put(key(1), ANSWER)
    assert store.flush()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE answers SET body = replace(body, 'Jo', 'Al')")
    other.close()
    with pytest.warns(RuntimeWarning, match="the cache was damaged"):
        assert store.get(key(1)) is None
    assert len(set_aside(path)) == 1
    store.put(key(1), ANSWER)
    assert store.get(key(1)) == ANSWER


def test_an_answer_in_the_words_of_another_release_is_a_miss(store: Store, path: Path) -> None:
    from patterns.model.store import _mark

    store.put(key(1), ANSWER)
    assert store.flush()
    body = b'{"answers":[]}'
    with sqlite3.connect(path) as other:
        other.execute("UPDATE answers SET body = ?, mark = ?", (body, _mark(key(1), body)))
    other.close()
    assert store.get(key(1)) is None
    assert set_aside(path) == []


def test_two_processes_share_the_answers(store: Store, path: Path) -> None:
    store.put(key(1), ANSWER)
    assert store.flush()
    code = (
        "import sys; from pathlib import Path; from tests.model.test_store import ANSWER, Store, key\n"
        "store = Store(Path(sys.argv[1])); assert store.get(key(1)) == ANSWER\n"
        "[store.put(key(100 * int(sys.argv[2]) + n), ANSWER) for n in range(100)]"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(path), str(n)], cwd=HERE) for n in (1, 2)]
    for number in range(300, 400):
        store.put(key(number), ANSWER)
    assert [run.wait(60) for run in runs] == [0, 0]
    assert all(store.get(key(number)) == ANSWER for number in (1, *range(100, 400)))


def test_threads_share_the_answers(store: Store) -> None:
    wrong: list[int] = []

    def use(first: int) -> None:
        for number in range(first, first + 50):
            store.put(key(number), ANSWER)
            if store.get(key(number)) != ANSWER:
                wrong.append(number)

    threads = [threading.Thread(target=use, args=(100 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert store.stats().answers == 400


def test_a_folder_may_be_named_instead_of_a_file(tmp_path: Path) -> None:
    assert file_of(tmp_path) == tmp_path / "answers.sqlite"
    assert file_of(tmp_path / "mine.db") == tmp_path / "mine.db"


def test_the_default_file_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "one"))
    first = store_at(True)
    assert first is store_at(True)
    first.put(key(1), ANSWER)
    assert first.path == tmp_path / "one" / "answers.sqlite"
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "other"))
    assert store_at(True).path == tmp_path / "other" / "answers.sqlite"
    assert store_at(True).get(key(1)) is None


def test_a_link_in_the_place_of_the_default_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "link"))
    store_at(True).put(key(1), ANSWER)
    with pytest.warns(RuntimeWarning, match="a link"):
        store_at(True).flush()
    assert list((tmp_path / "real").iterdir()) == []


def test_a_relative_path_is_one_from_where_the_process_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert store_at(Path("mine.db")).path == tmp_path / "mine.db"


def test_getting_and_putting_are_quick(store: Store) -> None:
    """Far above what is measured (see benchmarks/cache.py): a write that waits for the disk would be seen."""
    began = time.perf_counter()
    for number in range(500):
        store.put(key(number), ANSWER)
        store.get(key(number))
    assert time.perf_counter() - began < 1.0
