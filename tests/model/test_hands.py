"""The lent threads: one at a time each, free again after their work, never waited for past the deadline."""

from __future__ import annotations

import contextvars
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from patterns.model.hands import Hands

VARIABLE = contextvars.ContextVar("variable", default="unset")


def test_calls_in_turn_use_the_same_thread_which_is_not_the_caller_s() -> None:
    hands = Hands()
    idents = {hands.run(threading.get_ident, 5) for _ in range(20)}
    assert len(idents) == 1
    assert threading.get_ident() not in idents


def test_calls_at_once_use_a_thread_each() -> None:
    hands, together = Hands(), threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: hands.run(lambda: together.wait(5), 10), range(8))) == list(range(8))


def test_work_sees_the_caller_s_context_and_keeps_its_changes_to_itself() -> None:
    token = VARIABLE.set("mine")
    try:
        assert Hands().run(VARIABLE.get, 5) == "mine"
        Hands().run(lambda: VARIABLE.set("theirs"), 5)
        assert VARIABLE.get() == "mine"
    finally:
        VARIABLE.reset(token)


def test_an_error_comes_back_and_the_thread_goes_on() -> None:
    hands = Hands()
    first = hands.run(threading.get_ident, 5)
    with pytest.raises(ZeroDivisionError):
        hands.run(lambda: 1 // 0, 5)
    assert hands.run(threading.get_ident, 5) == first


def test_a_call_that_is_late_is_left_alone_and_its_thread_is_free_afterwards() -> None:
    hands, go = Hands(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        late.append(threading.get_ident())
        go.wait(10)

    with pytest.raises(TimeoutError):
        hands.run(slow, 0.05)
    assert hands.run(threading.get_ident, 5) not in late
    go.set()
    assert any(late[0] in eight_at_once(hands) for _ in range(100))


def eight_at_once(hands: Hands) -> list[int]:
    """The threads that eight calls at once are done on."""
    together = threading.Barrier(8)

    def meet() -> int:
        together.wait(5)
        return threading.get_ident()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: hands.run(meet, 10), range(8)))


def test_a_crowd_does_not_stay() -> None:
    hands, together = Hands(), threading.Barrier(60)
    with ThreadPoolExecutor(60) as pool:
        list(pool.map(lambda _: hands.run(lambda: together.wait(10), 20), range(60)))
    idents = [hands._hire() for _ in range(len(hands._idle))]
    assert len(idents) < 60


def test_a_program_does_not_wait_for_a_late_call_at_its_end() -> None:
    program = (
        "import time\nfrom patterns.model.hands import HANDS\n"
        "try:\n    HANDS.run(lambda: time.sleep(60), 0.05)\nexcept TimeoutError:\n    print('late')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "late", "")


def test_a_program_ends_though_late_work_holds_the_import_lock() -> None:
    program = """
import _imp, sys, time, types
from patterns.model.hands import HANDS

kept = sys.modules["kept"] = types.ModuleType("kept")
exec("class Client:\\n    def __del__(self):\\n        from email import policy", kept.__dict__)
kept.client = kept.Client()  # thrown away when modules are: the last that happens

def work():
    _imp.acquire_lock()
    time.sleep(0.5)
    _imp.release_lock()

try:
    HANDS.run(work, 0.05)
except TimeoutError:
    print("late")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "late")
