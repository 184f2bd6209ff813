"""Type checkers know what a shape is of."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEN = ROOT / "tests" / "typing" / "shapes.py"


@pytest.mark.slow
@pytest.mark.parametrize("checker", [["mypy", "--strict"], ["pyright"]], ids=lambda command: command[0])
def test_type_checkers_know_what_a_shape_is_of(checker: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *checker, str(SEEN)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_type_checkers_read_also_runs() -> None:
    runpy.run_path(str(SEEN))
