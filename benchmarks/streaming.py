"""Reading an answer while it arrives, beside reading it once at the end: medians of CPU time, side by side in one run.

Run it with `python -m benchmarks.streaming`. Texts of some 50 KB are read by `examine` alone, and by a `GrowingValue`
that is fed all of one at once (a), in 2,000 pieces (b), all of it at once with one look at `.value` (c), and in 2,000
pieces with a look after each (d); (a) to (d) end with `finish`. Read the ratios. The second table shows that a look
costs the same early and late: it reads 10 KB and 100 KB in pieces of one size, with a look at each.
"""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel

from patterns.output.growing import GrowingValue
from patterns.output.read import examine

PIECES = 2_000
ROUNDS = 9


class Item(BaseModel):
    name: str
    price: float
    count: int
    tags: list[str]
    note: str | None = None


class Order(BaseModel):
    number: str
    items: list[Item]


class Story(BaseModel):
    text: str


class Chapter(BaseModel):
    title: str
    body: str
    notes: dict[str, str]


class Book(BaseModel):
    title: str
    first: Chapter
    rest: list[Chapter]


Case = tuple[str, Any]


def items(size: int) -> list[Item]:
    """Give items that take about so many characters."""
    tags, note = ["paper", "office"], 'fragile: "handle with care"\nkeep dry'
    return [
        Item(name=f"A box of pencils, soft, no. {at}", price=at * 1.5, count=at, tags=tags, note=note)
        for at in range(size // 155)
    ]


def order(size: int) -> str:
    return Order(number="7", items=items(size)).model_dump_json()


def spelled(size: int) -> str:
    """Write an order as a model that thinks of Python writes it: single quotes, bare keys, a comma too many."""
    lines = [
        f"    {{name: 'A box of pencils, no. {at}', 'price': {at * 1.5}, count: {at}, "
        f"'tags': ['paper', 'office',], note: {'None' if at % 2 else repr('fragile: keep dry')},}},  // as asked"
        for at in range(size // 130)
    ]
    return "{\n  number: '7',\n  items: [\n" + "\n".join(lines) + "\n  ],\n}"


def quoted(size: int) -> str:
    """Write an order with quotes inside of strings that nobody escaped: where they end shows only later."""
    return order(size).replace('\\"', '"')


def listed(text: str) -> str:
    """Take the list out of an order."""
    return text[text.index("[") : text.rindex("]") + 1]


def story(size: int) -> str:
    return json.dumps({"text": "It was a dark and stormy night, of course. " * (size // 43)})


def book(size: int) -> str:
    def chapter(at: int) -> Chapter:
        body = "It was a dark and stormy night; the rain fell in torrents.\n" * (size // 5 // 61)
        return Chapter(title=f"Chapter {at}", body=body, notes={"by": "a friend", "at": "sea " * 40})

    return Book(title="A book", first=chapter(1), rest=[chapter(2), chapter(3), chapter(4)]).model_dump_json(indent=1)


def framed(size: int) -> str:
    return f"Sure! Here is the order that you asked for:\n\n```json\n{order(size)}\n```\nLet me know if you need more."


KINDS: Mapping[str, Callable[[int], Case]] = {
    "records in an object": lambda size: (order(size), Order),
    "a list of records": lambda size: (json.dumps([item.model_dump() for item in items(size)]), list[Item]),
    "prose and a fence": lambda size: (framed(size), Order),
    "lightly damaged": lambda size: (spelled(size), Order),
    "quotes not escaped": lambda size: (quoted(size), Order),
    "a lightly damaged list": lambda size: (listed(spelled(size)), list[Item]),
    "a list, not escaped": lambda size: (listed(quoted(size)), list[Item]),
    "one long string": lambda size: (story(size), Story),
    "long strings, nested": lambda size: (book(size), Book),
}


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def streamed(chunks: list[str], into: Any, *, look: bool) -> object:
    growing = GrowingValue[Any](into)
    for chunk in chunks:
        growing.feed(chunk)
        if look:
            _ = growing.value
    return growing.finish()


def looks(chunks: list[str], into: Any) -> object:
    growing = GrowingValue[Any](into)
    for chunk in chunks:
        growing.feed(chunk)
        _ = growing.value
    return growing


def medians(*runs: Callable[[], object]) -> list[float]:
    """Time calls in turn, several times; give the median CPU time of each in milliseconds."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            gc.collect()
            start = time.process_time_ns()
            run()
            taken.append((time.process_time_ns() - start) / 1e6)
    return list(map(statistics.median, times))


def ratios() -> None:
    print(f"{'ms of CPU, medians':24}{'examine':>9}{'once a':>9}{'fed b':>9}{'1 look c':>9}{'looked d':>9}", end="")
    print(f"{'b / a':>8}{'d / c':>8}{'b / exam.':>11}{'d / exam.':>11}{'µs a look':>11}")
    for name, kind in KINDS.items():
        text, into = kind(50_000)
        chunks = pieces(text, max(1, len(text) // PIECES))
        times = medians(
            partial(examine, text, into),
            partial(streamed, [text], into, look=False),
            partial(streamed, chunks, into, look=False),
            partial(streamed, [text], into, look=True),
            partial(streamed, chunks, into, look=True),
        )
        alone, once, fed, seen, looked = times
        print(f"{name:24}" + "".join(f"{taken:9.2f}" for taken in times), end="")
        print(f"{fed / once:8.2f}{looked / seen:8.2f}{fed / alone:11.1f}{looked / alone:11.1f}", end="")
        print(f"{(looked - fed) / len(chunks) * 1e3:11.1f}")


def growth() -> None:
    print(f"\n{'µs a piece, looked at':24}{'10 KB':>9}{'100 KB':>9}")
    for name, kind in KINDS.items():
        shown = []
        for size in (10_000, 100_000):
            text, into = kind(size)
            chunks = pieces(text, 25)
            shown.append(medians(partial(looks, chunks, into))[0] / len(chunks) * 1e3)
        print(f"{name:24}{shown[0]:9.1f}{shown[1]:9.1f}")


if __name__ == "__main__":
    gc.disable()
    ratios()
    growth()
