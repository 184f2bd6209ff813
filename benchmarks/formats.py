"""Scores and speed of reading code and final answers from real model outputs, beside the simplest ways to do it.

Run `python -m benchmarks.formats` where the shared corpus lies beside the checkout.
"""

from __future__ import annotations

import ast
import json
import re
import statistics
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from patterns.errors import OutputError
from patterns.output.answer import read_answer
from patterns.output.code import read_code

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
Row = dict[str, object]
Reader = Callable[[Row], str | None]


def rows_of(name: str) -> list[Row]:
    with (CORPUS / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def names_of(row: Row) -> list[str]:
    methods = row.get("methods")
    names = [str(name) for name in methods] if isinstance(methods, list) else []
    return [str(row["class_name"]), *names] if row.get("class_name") else names


def ours_code(row: Row) -> str | None:
    try:
        return read_code(str(row["raw_text"]), language="python", names=names_of(row)).source
    except OutputError:
        return None


def first_fence(row: Row) -> str | None:
    found = re.search(r"```[^\n]*\n(.*?)```", str(row["raw_text"]), re.DOTALL)
    return found[1] if found else None


def is_right(row: Row, source: str | None) -> bool:
    """Judge code: the same statements as the gold, or parsing and defining the names."""
    if source is None:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    if row["gold"] is not None:
        return ast.dump(tree) == ast.dump(ast.parse(str(row["gold"])))
    built = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return set(names_of(row)) <= {node.name for node in ast.walk(tree) if isinstance(node, built)}


def ours_answer(row: Row) -> str | None:
    options = row["options"]
    assert isinstance(options, list)
    try:
        return read_answer(str(row["raw_text"]), [f"{one['key']}. {one['text']}" for one in options]).answer
    except OutputError:
        return None


def last_match(row: Row) -> str | None:
    found = re.findall(r"\b([A-J])\b", str(row["raw_text"]))
    return found[-1] if found else None


def median_microseconds(read: Reader, rows: Iterable[Row]) -> float:
    spent = []
    for row in rows:
        began = time.perf_counter()
        read(row)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1e6


def code_table() -> None:
    rows = [row for row in rows_of("outputs_code.jsonl") if not row.get("echo")]
    wanted = [row for row in rows if row["gold"] is not None or row.get("answerable")]
    classes = [row for row in wanted if row["gold"] is None]
    none = [row for row in rows if row.get("answerable") is False]
    print(f"code: {len(wanted)} answers that hold it ({len(classes)} of classes and methods), {len(none)} that do not")
    for name, read in (("read_code", ours_code), ("first fence", first_fence)):
        right = sum(is_right(row, read(row)) for row in wanted) / len(wanted)
        of_classes = sum(is_right(row, read(row)) for row in classes) / len(classes)
        false = sum(read(row) is not None for row in none)
        speed = median_microseconds(read, rows)
        print(f"  {name:12} right {right:6.1%}  classes {of_classes:6.1%}  made up {false:3}  median {speed:6.0f} µs")


def answer_table() -> None:
    rows = rows_of("outputs_cot.jsonl")
    stated = [row for row in rows if row["stated"]]
    none = [row for row in rows if row.get("abstain")]
    print(f"answers: {len(stated)} texts that state one, {len(none)} that do not")
    for name, read in (("read_answer", ours_answer), ("last match", last_match)):
        right = sum(read(row) == row["stated"] for row in stated) / len(stated)
        false = sum(read(row) is not None for row in none) / len(none)
        print(f"  {name:12} right {right:6.1%}  made up {false:6.1%}  median {median_microseconds(read, rows):6.0f} µs")


def main() -> None:
    if not CORPUS.exists():
        raise SystemExit("the shared corpus is not beside this checkout")
    code_table()
    answer_table()


if __name__ == "__main__":
    main()
