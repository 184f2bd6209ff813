"""Reading without a type: what the scanner costs beside json_repair, and a stream beside one reading at the end.

Run: python benchmarks/reading_scan.py

Every text of the corpus is read by both, interleaved, the best of several rounds; medians over the texts. Both
take the strict path first: what is not sound JSON is counted apart.
"""

from __future__ import annotations

import json
import statistics
import timeit
from collections.abc import Callable, Sequence
from pathlib import Path

from json_repair import repair_json

from patterns.output.partial import Growing
from patterns.output.scan import best, scan, to_value

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "repair.jsonl"
ROUNDS = 5


def ours(text: str) -> object:
    """Read as `read(text, Any)` does."""
    try:
        return json.loads(text)
    except ValueError:
        chosen = best(scan(text))
        return to_value(chosen.root) if chosen else None


def theirs(text: str) -> object:
    return repair_json(text, return_objects=True)


def micros(read: Callable[[str], object], text: str) -> float:
    return min(timeit.repeat(lambda: read(text), number=1, repeat=ROUNDS)) * 1e6


def sound(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def corpus() -> None:
    texts = [json.loads(line)["input"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    for name, chosen in (("sound", list(filter(sound, texts))), ("damaged", [t for t in texts if not sound(t)])):
        pairs = [(micros(ours, text), micros(theirs, text)) for text in chosen]
        mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name:8} {len(chosen):4} texts   ours {mine:6.1f} µs   json_repair {other:6.1f} µs   median")


def stream() -> None:
    items = [{"name": f"n {i}", "tags": ["a", "b"], "note": 'say "so"\n' * 6, "price": i * 1.5} for i in range(400)]
    sound_text = json.dumps(items, indent=1)
    texts = {
        "records": sound_text,
        "one string": json.dumps({"text": "It was a dark and stormy night, of course. " * 1_500}),
        "damaged": sound_text.replace('"tags"', "tags"),
    }
    for name, text in texts.items():
        step = max(1, len(text) // 2000)
        chunks = [text[i : i + step] for i in range(0, len(text), step)]
        streamed, once = micros(lambda _, chunks=chunks: grown(chunks), text), micros(scan, text)
        cost = f"{streamed / 1000:.1f} ms, {streamed / once:.1f} × one scan"
        print(f"stream   {name:10} {len(text):,} characters in {len(chunks):,} pieces: {cost}")


def grown(chunks: Sequence[str]) -> object:
    growing = Growing()
    return [growing.feed(chunk) for chunk in chunks][-1].root


if __name__ == "__main__":
    if CORPUS.exists():
        corpus()
    else:
        print("the shared corpus is not beside this checkout")
    stream()
