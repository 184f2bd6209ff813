"""mypy and pyright read `verbs.py` without a complaint, and complain of every line there that is a mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.slow
def test_mypy_sees_the_types_that_users_see() -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml")]
    done = subprocess.run([*command, str(HERE / "verbs.py")], capture_output=True, text=True, cwd=ROOT, check=False)
    ours = [line for line in done.stdout.splitlines() if line.startswith("tests/typing/")]
    assert ours == []
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.slow
def test_pyright_sees_the_types_that_users_see() -> None:
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "--project"]
    done = subprocess.run([*command, str(HERE)], capture_output=True, text=True, cwd=ROOT, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] >= 1
    assert [(each["range"]["start"]["line"] + 1, each["message"]) for each in report["generalDiagnostics"]] == []
