"""How much sooner litellm's lane answers first where the import is warmed, and what that costs who never calls.

Run as `python -m benchmarks.warming [TIMES]`: a line for each kind of program, in seconds, the medians of so many runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SERVER = Path(__file__).parent / "peers" / "server.py"
PROGRAM = """
import os, sys, time
from pydantic import BaseModel
from patterns import extract

class Person(BaseModel):
    name: str
    age: int
    skills: list[str]

people = extract.into(Person).with_options(model="openai/gpt-4.1-mini", lane="litellm", api_base=sys.argv[1])
{between}
assert people("Jo Smith, 35, knows Python and SQL.").age == 35
os._exit(0)
"""
BETWEEN = {
    "calls at once": "",
    "waits 1.5 s, then calls": "time.sleep(1.5)",
    "counts for about 1.5 s, then calls": "number = 0\nwhile number < 30_000_000:\n    number += 1",
    "ends at once": "sys.exit()",
    "ends after 0.5 s": "time.sleep(0.5)\nsys.exit()",
    "ends after 1.5 s": "time.sleep(1.5)\nsys.exit()",
    "ends after 4 s": "time.sleep(4)\nsys.exit()",
}


def seconds(program: str, base: str, warm: str) -> float:
    """How long the program takes, from its start to its end."""
    started = time.perf_counter()
    environ = {**os.environ, "PATTERNS_WARM": warm, "PATTERNS_USAGE": "0", "OPENAI_API_KEY": "a-key-of-nobody"}
    subprocess.run([sys.executable, "-c", program, base], env=environ, check=True)
    return time.perf_counter() - started


def main(times: int) -> None:
    with subprocess.Popen([sys.executable, str(SERVER), "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            base = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
            for name, between in BETWEEN.items():
                program = PROGRAM.format(between=between)
                runs = [[seconds(program, base, warm) for warm in "01"] for _ in range(times)]
                cold, warm = (statistics.median(column) for column in zip(*runs, strict=True))
                print(f"{name:36} cold {cold:.2f}  warmed {warm:.2f}", flush=True)
        finally:
            server.kill()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
