"""How long the shell takes from process start to a first result of the rules engine, beside Python's own start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

RUNS = 15
TEXT = "Invoice no.: A-17\nDue: 2 May 2026\nTotal: 40.00 EUR\n"
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import pydantic, jinja2, typer": [sys.executable, "-c", "import pydantic, jinja2, typer"],
    "patterns extract": [
        *(sys.executable, "-m", "patterns", "extract"),
        *("--schema", "invoice_number, due date, total float", "--json"),
    ],
}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, input=TEXT, capture_output=True, text=True, check=True, env={**os.environ, **ENV})
    return time.perf_counter() - start


ENV = {"PATTERNS_MODEL": "rules"}


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    for name, taken in times.items():
        print(f"{statistics.median(taken):6.3f} s  (from {min(taken):.3f} to {max(taken):.3f})  {name}")


if __name__ == "__main__":
    main()
