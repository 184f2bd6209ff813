"""Resident memory over many calls, with every policy on: it must not grow with the number of calls.

Run it with `python -m benchmarks.memory [calls]`. The first thousand calls fill what is kept on purpose.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.call_overhead import PERSON, SERVER


def resident() -> float:
    """MB of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    process = subprocess.Popen([sys.executable, "-c", SERVER, PERSON], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        os.environ["OPENAI_API_KEY"] = "sk-nobody"
        with tempfile.TemporaryDirectory() as folder:
            os.environ["PATTERNS_DATA_DIR"] = os.path.join(folder, "data")
            run(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1", Path(folder), calls)
    finally:
        process.kill()


def run(api_base: str, folder: Path, calls: int) -> None:
    from patterns import Pattern

    pattern = Pattern(
        "json_extraction/extract",
        output="name, age int, skills list[str]",  # type: ignore[arg-type]
        model="openai/gpt-4.1-mini",
        api_base=api_base,
        deadline=60,
        fallbacks=["openai/gpt-4.1-nano"],
        budget=1_000.0,
        cache=folder / "answers.db",
    )
    marks = {calls * part // 10 for part in range(1, 11)}
    first = 0.0
    for number in range(1, calls + 1):
        pattern(f"John Smith is a 35-year-old software engineer. Number {number}")
        if number in marks:
            first = first or resident()
            print(f"{number:6} calls {resident():7.1f} MB, {resident() - first:+6.1f} MB since the first mark")


if __name__ == "__main__":
    main()
