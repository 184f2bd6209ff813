"""Measures one peer, in its own environment: `python measure.py JOB BASE WHAT`, with WHAT one of cpu, many and first.

A job is a module with `ask`, which blocks for a Person, and `aask`, which awaits one. Both read `BASE`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType

WARM, CALLS, AT_ONCE, MANY = 50, 400, 512, 2048


def right(person: object) -> None:
    """Stop where what came is not what the server said, validated."""
    found = (person.name, person.age, person.skills)  # type: ignore[attr-defined]
    assert found == ("Jo Smith", 35, ["Python", "SQL"]), found


def cpu(job: ModuleType) -> None:
    """Microseconds of CPU a call, all threads of this process together: blocking, then on a loop."""
    for _ in range(WARM):
        right(job.ask())
    started = time.process_time()
    for _ in range(CALLS):
        job.ask()
    print((time.process_time() - started) / CALLS * 1e6)

    async def on_a_loop() -> None:
        for _ in range(WARM):
            right(await job.aask())
        started = time.process_time()
        for _ in range(CALLS):
            await job.aask()
        print((time.process_time() - started) / CALLS * 1e6)

    asyncio.run(on_a_loop())


def many(job: ModuleType) -> None:
    """Calls a second, so many at once."""

    async def at_once() -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def through() -> None:
            async with gate:
                right(await job.aask())

        await asyncio.gather(*(through() for _ in range(64)))
        started = time.perf_counter()
        await asyncio.gather(*(through() for _ in range(MANY)))
        print(MANY / (time.perf_counter() - started))

    asyncio.run(at_once())


def first(job: ModuleType) -> None:
    right(job.ask())
    print("there", flush=True)


if __name__ == "__main__":
    name, os.environ["BASE"], what = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parent / "jobs"))
    {"cpu": cpu, "many": many, "first": first}[what](import_module(name))
    sys.stdout.flush()
    os._exit(0)  # what libraries do on their way out is no part of the work
