"""What it costs to choose 8 of 10,000 examples: the file read, the index made, one choice by each way, in ms."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from patterns.prompt.catalog import Catalog, Folder
from patterns.prompt.choosing import choose
from patterns.prompt.selection import Selection

ROWS = 10_000
TEMPLATE = """---
description: A benchmark.
inputs: {text: x}
output: {type: object, properties: {label: {type: string}}}
examples: {file: rows.csv, choose: similar, k: 8}
---
{% for example in examples %}
{% user %}{{ example.input.text | quote("text") }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% user %}{{ text | quote("text") }}{% enduser %}
"""


def texts(number: int, seed: int) -> list[str]:
    """Texts of 40 words out of 20,000, as frequent as words are (Zipf)."""
    drawn = random.Random(seed)
    words, weights = [f"w{i}" for i in range(20_000)], [1 / (i + 1) for i in range(20_000)]
    return [" ".join(drawn.choices(words, weights, k=40)) for _ in range(number)]


def milliseconds(work: Callable[[str], object], inputs: list[str]) -> float:
    """The median over one run for each input."""
    taken = []
    for each in inputs:
        started = time.perf_counter()
        work(each)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "t.md.jinja").write_text(TEMPLATE)
        rows = [f"{text},label{n % 7}" for n, text in enumerate(texts(ROWS, 1))]
        Path(folder, "rows.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
        started = time.perf_counter()
        template = Catalog((Folder(Path(folder), True),)).load("t")
        print(f"read and check {ROWS:,} rows of CSV   {(time.perf_counter() - started) * 1000:8.0f}")
        started = time.perf_counter()
        template.pool.ranking(("text",)).nearest("w1", 1)
        print(f"make the index of their words    {(time.perf_counter() - started) * 1000:8.0f}")
        questions = texts(100, 2)
        for way in ("first", "random", "balanced", "similar"):
            selection = Selection(way, k=8)  # type: ignore[arg-type]
            taken = milliseconds(lambda text, s=selection: choose(template.pool, s, {"text": text}), questions)
            print(f"choose 8, {way:<10}             {taken:8.2f}")
        taken = milliseconds(lambda text: template.render({"text": text}), questions)
        print(f"render with 8 similar ones       {taken:8.2f}")


if __name__ == "__main__":
    main()
