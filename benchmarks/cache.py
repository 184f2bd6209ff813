"""What the cache costs and saves: a whole call of a pattern from it, beside one over HTTP, and its parts alone.

Everything is one process on one machine, but for the server, which answers at once on loopback; a real provider takes
a thousand times as long. The first hit of a process is measured in processes of their own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pydantic import BaseModel

from benchmarks.call_overhead import PERSON, SERVER
from patterns import Pattern
from patterns.model.fingerprint import fingerprint
from patterns.model.store import Store, store_at

TEXT = "John Smith is a 35-year-old software engineer who knows Python and SQL."
ROUNDS = 2000


class Person(BaseModel):
    name: str
    age: int
    skills: list[str]


def asking(api_base: str, path: Path, **options: object) -> Pattern[..., Person]:
    return Pattern(
        "json_extraction/extract",
        output=Person,
        model="openai/gpt-4.1-mini",
        api_base=api_base,
        cache=path,
        **options,  # type: ignore[arg-type]
    )


def report(name: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
    for _ in range(rounds // 10):
        work()
    taken, busy = [], time.process_time()
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1e6)
    busy = (time.process_time() - busy) / rounds * 1e6
    taken.sort()
    late = taken[int(rounds * 0.99)]
    print(f"{name:32} median {statistics.median(taken):7.1f} µs   99 % {late:7.1f} µs   CPU {busy:7.1f} µs")


def main() -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVER, PERSON], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        os.environ["OPENAI_API_KEY"] = "sk-nobody"
        with tempfile.TemporaryDirectory() as folder:
            compare(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1", Path(folder, "answers.sqlite"))
    finally:
        process.kill()


FIRST = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from benchmarks.cache import TEXT, asking
imported = time.perf_counter()
assert asking(sys.argv[1], Path(sys.argv[2])).run(TEXT).cached
print((imported - start) * 1e3, (time.perf_counter() - imported) * 1e3, "litellm" in sys.modules)
"""


def compare(api_base: str, path: Path) -> None:
    cached = asking(api_base, path)
    plain = asking(api_base, path).with_options(cache=False)
    assert not cached.run(TEXT).cached
    hit = cached.run(TEXT)
    assert hit.cached
    assert hit.cost == 0.0

    store_at(path).flush()  # what is still on its way to the file is found sooner

    request = hit.attempts[-1].request
    key = fingerprint(request)
    answer = store_at(path).get(key)
    assert answer is not None
    report("a call over HTTP, no cache", lambda: plain(TEXT), 300)
    report("a call answered from the cache", lambda: cached(TEXT))
    report("  its prompt alone (render)", lambda: cached.render(TEXT))
    report("  its key", lambda: fingerprint(request))
    report("  get", lambda: store_at(path).get(key))
    store_at(path).close()

    numbers = iter(range(10**9))
    with Store(path.with_name("many.sqlite")) as many:
        report("put, each under a new key", lambda: many.put(f"{next(numbers):064x}", answer))
        for number in range(50_000):
            many.put(f"{number:064x}", answer)
        many.flush()
        report("get among 50,000", lambda: many.get(f"{next(numbers) * 7919 % 50_000:064x}"))
        print(f"{'50,000 such answers take':32} {many.stats().bytes / 1e6:14.1f} MB")

    here = Path(__file__).resolve().parents[1]
    for _ in range(3):
        command = [sys.executable, "-c", FIRST, api_base, str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here).stdout.split()
        importing, calling = float(told[0]), float(told[1])
        print(f"first hit of a process: import {importing:.0f} ms, call {calling:.0f} ms, litellm imported: {told[2]}")


if __name__ == "__main__":
    main()
