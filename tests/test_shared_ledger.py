"""One budget for several processes, in a file: real processes, real files, the server's own count of what was paid."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from patterns.errors import BudgetExceeded, InputError
from patterns.ledger import Ledger
from patterns.settings import configure, layers, override, settings
from patterns.setup import Setup
from patterns.shared_ledger import STRANGE, SharedLedger, shared
from tests.faultserver import Answer, FaultServer

GIVEN, MADE = 1.5e-07, 6e-07
TEXT = "one more word " * 20
COST = 50 * GIVEN + 10 * MADE
"""What the server's answer costs, which is less than the worst case of TEXT with 10 tokens of output."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "budget.db"


def test_ledgers_of_one_file_count_together(file: Path) -> None:
    first, second = SharedLedger(file, 1.0), SharedLedger(file, 1.0)
    held = first.reserve(0.5)
    with pytest.raises(BudgetExceeded, match=r"for \$0\.50 is set aside"):
        second.reserve(0.75)
    first.settle(held, 0.125)
    second.settle(second.reserve(0.75), 0.25)
    assert first.spent == second.spent == 0.375


def test_the_file_outlives_its_processes_and_is_for_its_owner_alone(file: Path) -> None:
    ledger = SharedLedger(file, 1.0)
    ledger.settle(ledger.reserve(0.5), 0.5)
    assert SharedLedger(file, 0.75).spent == 0.5
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("budget.db*")} == {0o600}


PROGRAM = """
import sys
from patterns import Pattern, configure, override
from patterns.errors import BatchStopped, BudgetExceeded
from pathlib import Path
base, folder, file, limit, text = sys.argv[1:]
configure(templates=(Path(folder),), budget=float(limit), budget_file=file, usage=False)
ask = Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=base, retries=0, mode="prompted", max_tokens=10)
for outcome in ask.batch([text] * 60, concurrency=16):
    assert outcome.error is None or isinstance(outcome.error, BudgetExceeded | BatchStopped), outcome.error
"""


def _start(faults: FaultServer, folder: Path, file: Path, limit: float) -> subprocess.Popen[bytes]:
    (folder / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    words = [faults.api_base, str(folder), str(file), str(limit), TEXT]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *words])


def test_processes_together_never_spend_more_than_the_budget(faults: FaultServer, tmp_path: Path, file: Path) -> None:
    faults.script([Answer('{"ok": true}')] * 200)
    limit = 100.5 * COST
    running = [_start(faults, tmp_path, file, limit) for _ in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert 95 <= faults.paid <= 100
    assert SharedLedger(file, limit).spent == pytest.approx(faults.paid * COST)


def test_what_a_killed_process_had_set_aside_is_given_back(file: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from patterns.shared_ledger import SharedLedger\n"
        "SharedLedger(Path(sys.argv[1]), 1.0).reserve(0.75); print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    ledger = SharedLedger(file, 1.0)
    with pytest.raises(BudgetExceeded):
        ledger.reserve(0.5)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    ledger.reserve(0.5)
    assert (ledger.spent, ledger.lapsed) == (0.0, 0.75)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="a process's start cannot be told here")
def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it(file: Path) -> None:
    ledger = SharedLedger(file, 1.0)
    ledger.reserve(0.75)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE held SET owner = substr(owner, 1, length(owner) - 1) || 'x'")
    db.close()
    assert ledger.reserve(0.75).amount == 0.75


def test_what_another_machine_holds_lapses_in_time(file: Path) -> None:
    ledger = SharedLedger(file, 1.0)
    ledger.reserve(0.75)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE held SET owner = 'far-away 1 1'")
    db.close()
    with pytest.raises(BudgetExceeded):
        ledger.reserve(0.75)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE held SET at = ?", (time.time() - STRANGE - 1,))
    db.close()
    ledger.reserve(0.75)


def test_a_forked_child_opens_the_file_anew(file: Path) -> None:
    ledger = SharedLedger(file, 1.0)
    ledger.reserve(0.25)
    child = os.fork()
    if not child:
        ledger.settle(ledger.reserve(0.5), 0.5)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert ledger.spent == 0.5
    with pytest.raises(BudgetExceeded):
        ledger.reserve(0.5)


def test_threads_never_reserve_more_than_there_is(file: Path) -> None:
    ledger, granted = SharedLedger(file, 1.0), []

    def take() -> None:
        for _ in range(50):
            try:
                ledger.reserve(0.01)
            except BudgetExceeded:
                return
            granted.append(1)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 100


@pytest.mark.parametrize("content", [b"this is no database, and it is long enough to be taken for one" * 99, None])
def test_a_file_that_cannot_be_used_lets_nothing_be_spent_and_is_left_as_it_is(file: Path, content: bytes) -> None:
    if content is None:
        with sqlite3.connect(file) as db:
            db.execute("CREATE TABLE others (x)")
        db.close()
    else:
        file.write_bytes(content)
    before = file.read_bytes()
    with pytest.raises(BudgetExceeded, match="cannot be used") as caught:
        SharedLedger(file, 1.0).reserve(0.1)
    assert "another budget_file" in caught.value.hint
    assert file.read_bytes() == before


def test_a_cost_that_could_not_be_booked_is_booked_later(file: Path) -> None:
    ledger = SharedLedger(file, 1.0)
    held = ledger.reserve(0.5)
    ledger._close()
    aside = file.rename(file.with_name("aside"))
    file.mkdir()
    ledger.settle(held, 0.25)
    file.rmdir()
    aside.rename(file)
    ledger.reserve(0.75)
    assert ledger.spent == 0.25


def test_a_shared_budget_travels_to_other_processes(file: Path) -> None:
    ledger = shared(str(file), 1.0)
    ledger.settle(ledger.reserve(0.5), 0.5)
    assert pickle.loads(pickle.dumps(ledger)).spent == 0.5


# How it is turned on.


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_configured", {})


@pytest.mark.usefixtures("unset")
def test_configure_says_where_the_budget_is_kept(file: Path) -> None:
    configure(budget=5.0)
    assert not isinstance(settings().ledger, SharedLedger)
    configure(budget_file=str(file))
    ledger = settings().ledger
    assert isinstance(ledger, SharedLedger)
    assert (ledger.path, ledger.limit) == (file, 5.0)
    assert settings().ledger is ledger


@pytest.mark.usefixtures("unset")
def test_the_environment_says_it_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_BUDGET_FILE", str(file))
    with pytest.raises(InputError, match="no budget"):
        settings()
    monkeypatch.setenv("PATTERNS_BUDGET", "2")
    assert isinstance(settings().ledger, SharedLedger)
    configure(budget=3.0)
    assert isinstance(settings().ledger, SharedLedger)


@pytest.mark.usefixtures("unset")
def test_a_budget_for_a_while_is_one_of_its_own(file: Path) -> None:
    configure(budget=5.0, budget_file=file)
    with override(budget=1.0) as inside:
        assert type(inside.ledger) is Ledger
    with override(budget=None) as inside:
        assert inside.ledger is None
    with override(budget=1.0, budget_file=file) as inside:
        assert isinstance(inside.ledger, SharedLedger)


def test_options_say_it_for_one_run_of_many_processes(file: Path) -> None:
    one = Setup().changed({"budget": 1.0, "budget_file": str(file)})
    other = Setup().changed({"budget": 1.0}).changed({"budget_file": file})
    assert isinstance(one.ledger, SharedLedger)
    assert one.ledger is other.ledger
    with pytest.raises(InputError, match="budget_file"):
        Setup().changed({"budget_file": file})


def test_a_new_ledger_knows_at_once_what_is_left(file: Path) -> None:
    """Else its first request would be counted by a tokenizer, which is a hundred megabytes."""
    ledger = SharedLedger(file, 1.0)
    assert ledger.room == 1.0
    ledger.settle(ledger.reserve(0.25), 0.25)
    assert SharedLedger(file, 1.0).room == 0.75
