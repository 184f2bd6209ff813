"""Reading answers: sound JSON beside pydantic alone, damaged ones beside json_repair and BAML, medians in microseconds.

Run it with `python -m benchmarks.reading [corpus/repair.jsonl]`. The damaged answers come from a corpus file and are
left out without one; json_repair and baml-py are compared with where they are installed. Read the ratios.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
import types
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from patterns.errors import OutputError
from patterns.output.read import examine
from patterns.output.shape import shape_of

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "repair.jsonl"
ROUNDS = 7


class Item(BaseModel):
    name: str
    price: float
    count: int
    tags: list[str]
    note: str | None = None


class Order(BaseModel):
    number: str
    items: list[Item]


def order(size: int) -> str:
    """Write an order of about so many characters."""
    item = Item(name="A box of pencils, soft", price=12.5, count=3, tags=["paper", "office"], note="fragile")
    count = size // (len(item.model_dump_json()) + 1)
    return Order(number="7", items=[item] * count).model_dump_json()


def best(run: Callable[[], object], repeat: int = 30) -> float:
    """Time a call in microseconds, the best of many."""
    return min(_timed(run) for _ in range(repeat))


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e6


def sound() -> None:
    adapter = TypeAdapter(Order)
    for size in (10_000, 200_000):
        text = order(size)
        mine, theirs = best(partial(examine, text, Order)), best(partial(adapter.validate_json, text))
        shown = f"ours {mine:8.1f}   pydantic {theirs:8.1f}   ratio {mine / theirs:.2f}"
        print(f"sound JSON, {size // 1000:>3} KB: {shown}")


Case = tuple[str, Any]


def damaged(path: Path) -> list[Case]:
    """Give the damaged answers of a corpus file, each with the type it is read into."""
    cases: list[Case] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        source = row.get("derived_type") or (row["python_type"] if row["kind"] == "typed" else None)
        if source:
            module = types.ModuleType("benchmark_types")
            sys.modules["benchmark_types"] = module
            exec(source, module.__dict__)
            into = module.__dict__["Target"]
            if shape_of(into).take_json(row["input"]) is None:
                cases.append((row["input"], into))
    return cases


def medians(name: str, runs: Sequence[Callable[[], object]]) -> float:
    """Run all cases in turn, several times; print and give the median of the best times."""
    times = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for at, run in enumerate(runs):
            times[at] = min(times[at], _timed(run))
    median = statistics.median(times)
    mean = statistics.mean(times)
    print(f"damaged, {len(runs)} answers: {name:28} {median:8.1f} in the median, {mean:8.1f} on average")
    return median


def ours(case: Case) -> Callable[[], object]:
    text, into = case

    def run() -> object:
        try:
            return examine(text, into)
        except OutputError:
            return None

    return run


def repaired(case: Case) -> Callable[[], object]:
    import json_repair

    text, adapter = case[0], TypeAdapter(case[1])

    def run() -> object:
        try:
            return adapter.validate_python(json_repair.loads(text))
        except (ValueError, RecursionError):
            return None

    return run


def main() -> None:
    gc.disable()
    sound()
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    if not path.exists():
        print("no corpus: damaged answers left out")
        return
    cases = damaged(path)
    mine = medians("ours", [ours(case) for case in cases])
    try:
        theirs = medians("json_repair + pydantic", [repaired(case) for case in cases])
        print(f"ratio to json_repair {mine / theirs:.2f}")
    except ImportError:
        print("json_repair is not installed")
    try:
        from benchmarks.baml import parsers
    except ImportError:
        print("baml-py is not installed")
        return
    pairs = parsers(cases)
    mine = medians("ours, types BAML can say", [ours(case) for case, _ in pairs])
    theirs = medians("BAML", [run for _, run in pairs])
    print(f"ratio to BAML {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
