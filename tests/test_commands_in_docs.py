"""Every command of the README and of `docs/` runs, offline and without a key, and prints what the page says it prints.

A block of `console` is one session: lines that begin with `$ ` are run in the order of the page, in a folder that
holds the files of `examples/` and those that the page shows under `<!-- file: NAME -->`. A block of `text` that follows
at once is what the last command printed, where `…` stands for whatever was left out. `<!-- exits: N -->` above a block
says that its last command ends so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
FILE = re.compile(r"<!-- file: (?P<name>[\w./-]+) -->\n```\w*\n(?P<text>.*?)^```$", re.S | re.M)
BLOCK = re.compile(
    r"(?:<!-- exits: (?P<exits>\d+) -->\n)?```(?:console|sh|bash|shell)\n(?P<lines>.*?)^```\n"
    r"(?:\n?```text\n(?P<out>.*?)^```)?",
    re.S | re.M,
)
NOT_RUN = {
    "make ": "the whole set-up and suite, which run this test",
    "pip install": "installs into the environment that runs this test",
    "pre-commit": "fetches its environments from the network",
    "git clone": "fetches from the network",
}
"""Commands that cannot run here, by how they begin, each with the reason."""

ANSWER = "Here you are:\n```json\n{'name': 'Ann', 'age': '41',}\n```\n"


@dataclass(frozen=True)
class Session:
    page: Path
    line: int
    commands: tuple[str, ...]
    exits: int
    out: str | None

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def sessions(page: Path) -> list[Session]:
    text = page.read_text(encoding="utf-8")
    return [
        Session(
            page,
            text.count("\n", 0, found.start("lines")) + 1,
            tuple(line.removeprefix("$ ") for line in _joined(found["lines"]) if line.strip()),
            int(found["exits"] or 0),
            found["out"],
        )
        for found in BLOCK.finditer(text)
    ]


def _joined(lines: str) -> list[str]:
    return lines.replace("\\\n", "").splitlines()


ALL = [session for page in PAGES for session in sessions(page)]


def test_pages_hold_commands() -> None:
    assert sum(len(session.commands) for session in ALL) >= 10


@pytest.mark.parametrize("session", [pytest.param(each, id=each.name) for each in ALL])
def test_commands_of_a_page_run_and_print_what_it_says(session: Session, tmp_path: Path) -> None:
    if any("-m pytest" in command for command in session.commands) and not entry_points(
        group="pytest11", name="patterns"
    ):
        pytest.skip("the environment is older than the pytest plugin: make test renews it")
    _furnish(tmp_path, session.page)
    commands = [each for each in session.commands if not each.startswith(tuple(NOT_RUN))]
    if not commands:
        pytest.skip(NOT_RUN[next(known for known in NOT_RUN if session.commands[0].startswith(known))])
    for number, command in enumerate(commands, start=1):
        done = _run(command, tmp_path)
        wanted = session.exits if number == len(commands) else 0
        assert done.returncode == wanted, f"{command}\n{done.stdout}\n{done.stderr}"
    if session.out is not None:
        assert re.fullmatch(_pattern(session.out), done.stdout), f"{command} printed\n{done.stdout}"


def _furnish(folder: Path, page: Path) -> None:
    for example in (ROOT / "examples").glob("*.txt"):
        shutil.copy(example, folder)
    (folder / "answer.txt").write_text(ANSWER)
    triage = re.search(r"```jinja\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert triage is not None
    files = {"templates/triage.md.jinja": triage[1]}
    files |= {found["name"]: found["text"] for found in FILE.finditer(page.read_text(encoding="utf-8"))}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = ("HOME", "LANG", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {name: value for name, value in os.environ.items() if name in ("PATTERNS_DATA_DIR", "PATTERNS_CACHE_DIR")}
    env |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    env |= {"PATTERNS_OFFLINE": "1", "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def _pattern(out: str) -> str:
    """`…` is whatever was left out; blanks at the end, and how many there are in a row, do not count."""
    lines = [".*?".join(map(_literal, line.rstrip().split("…"))) + r"[ \t]*" for line in out.rstrip("\n").split("\n")]
    return "(?s)" + "\n".join(lines) + r"\n*"


def _literal(text: str) -> str:
    return re.sub(r"(?:\\ ){2,}", "[ ]{2,}", re.escape(text))
