"""A template that is watched is shown anew when it, or a file that it needs, is saved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.test_diff_command import ROOT, TEMPLATE


class Watched:
    """The command in a process of its own; what it prints is gathered as it comes."""

    def __init__(self, folder: Path, *words: str) -> None:
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        command = [sys.executable, "-u", "-m", "patterns", "watch", *words]
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.out = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while piece := self.process.stdout.read(1):
            self.out += piece

    def shows(self, done: Callable[[str], bool]) -> str:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if done(self.out):
                shown, self.out = self.out, ""
                return shown
            time.sleep(0.05)
        raise AssertionError(self.out)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "greet.md.jinja").write_text(TEMPLATE)
    (tmp_path / "templates" / "_tone.md.jinja").write_text("{% system %}Be kind.{% endsystem %}")
    return tmp_path


@pytest.fixture
def watched(folder: Path) -> Iterator[Watched]:
    made = Watched(folder, "greet", "--example", "2")
    yield made
    made.process.kill()
    made.process.wait(20)


def test_each_save_shows_the_messages_and_ctrl_c_ends_it(watched: Watched, folder: Path) -> None:
    first = watched.shows(lambda out: "Bo" in out and "no-description" not in out and "Be kind." in out)
    assert "── greet, " in first
    (folder / "templates" / "_tone.md.jinja").write_text("{% system %}Be brief.{% endsystem %}")
    assert "Bo" in watched.shows(lambda out: "Be brief." in out and "Bo" in out)
    (folder / "templates" / "greet.md.jinja").write_text(TEMPLATE.replace("Greet {{", "Greet {{ nam }} {{"))
    assert "greet.md.jinja:10" in watched.shows(lambda out: "'nam' is not declared" in out)
    (folder / "templates" / "greet.md.jinja").write_text(TEMPLATE.replace("Greet {{", "Hail {{"))
    watched.shows(lambda out: "Hail" in out)
    assert watched.end() == 0


def test_findings_of_the_linter_stand_beneath(watched: Watched, folder: Path) -> None:
    watched.shows(lambda out: "Bo" in out)
    (folder / "templates" / "greet.md.jinja").write_text(TEMPLATE.replace(' | quote("name")', ""))
    assert "bare-input" in watched.shows(lambda out: "bare-input" in out)


def test_template_that_is_not_there_ends_at_once(tmp_path: Path) -> None:
    made = Watched(tmp_path, "nope")
    assert made.process.wait(20) == 2
