"""The demo shows the main job on every text in the folder, without a key and without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Every socket but a local one is an error in the demo's process.
GUARD = """
import runpy, sys
from patterns.testing import block_network
with block_network():
    runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_the_demo_reads_every_text_and_says_where_each_value_stands(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(ROOT / "examples" / "demo.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for file in sorted((ROOT / "examples").glob("*.txt")):
        assert f"\n{file.name}  " in done.stdout
    assert "invoice_number='JV-2026-0187'" in done.stdout
    assert "iban=None" in done.stdout
    lines = (ROOT / "examples" / "invoice.txt").read_text(encoding="utf-8").splitlines()
    row = next(line for line in done.stdout.splitlines() if line.strip().startswith("$.total_due"))
    where, words = row.split()[1:3]
    line, column = map(int, where.split(":"))
    assert lines[line - 1][column - 1 :].startswith(words)
