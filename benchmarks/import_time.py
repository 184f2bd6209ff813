"""How long `import patterns` takes beside `import pydantic, jinja2`: fresh processes in turn, medians."""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 15
OURS = "import patterns"
THEIRS = "import pydantic, jinja2"
USED = "from patterns import extract, classify_sentiment, Pattern, read"
CLOCK = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"


def seconds(statement: str) -> float:
    done = subprocess.run([sys.executable, "-c", CLOCK.format(statement)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    times: dict[str, list[float]] = {THEIRS: [], OURS: [], USED: []}
    for _ in range(RUNS):
        for statement, taken in times.items():
            taken.append(seconds(statement))
    floor = statistics.median(times[THEIRS])
    for statement, taken in times.items():
        middle = statistics.median(taken)
        print(f"{middle * 1000:7.1f} ms  {middle / floor:5.2f} ×  {statement}")


if __name__ == "__main__":
    main()
