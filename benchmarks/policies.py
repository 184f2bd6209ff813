"""What all policies together cost a call over the gateway alone: CPU, against a server that answers at once.

Both ways put the same request to litellm; one through deadline, fallbacks, retry, breaker, budget and a cache that
misses. The ways take turns; the median of the differences counts. Target: 0.25 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.call_overhead import PERSON, SERVER, cpu_of

ROUNDS = 25


def main() -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVER, PERSON], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        os.environ["OPENAI_API_KEY"] = "sk-nobody"
        with tempfile.TemporaryDirectory() as folder:
            compare(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1", Path(folder))
    finally:
        process.kill()


def compare(api_base: str, folder: Path) -> None:
    from patterns import Pattern, override

    text = "John Smith is a 35-year-old software engineer who knows Python and SQL. Number "
    shape = "name, age int, skills list[str]"
    bare = Pattern("json_extraction/extract", output=shape, model="openai/gpt-4.1-mini", api_base=api_base)  # type: ignore[arg-type]
    numbers = iter(range(10**9))
    ways = {
        "gateway alone": bare.with_options(retries=0, breaker=False),
        "deadline, retry, breaker": bare.with_options(deadline=60, retries=3, fallbacks=["openai/gpt-4.1-nano"]),
        "and a budget": bare.with_options(deadline=60, retries=3, fallbacks=["openai/gpt-4.1-nano"], budget=100.0),
        "and a cache that misses": bare.with_options(
            deadline=60, retries=3, fallbacks=["openai/gpt-4.1-nano"], budget=100.0, cache=folder / "answers.db"
        ),
    }
    taken: dict[str, list[float]] = {way: [] for way in ways}
    with override(usage=False):
        for number in range(ROUNDS + 3):
            for way, pattern in ways.items():
                micros = cpu_of(lambda pattern=pattern: pattern(f"{text}{next(numbers)}"))
                if number >= 3:
                    taken[way].append(micros)
    floor = taken["gateway alone"]
    for way, all_of_it in taken.items():
        more = statistics.median(a - b for a, b in zip(all_of_it, floor, strict=True))
        print(f"{way:26} {statistics.median(all_of_it):7.0f} µs a call, {more:+7.0f} µs over the gateway alone")


if __name__ == "__main__":
    main()
