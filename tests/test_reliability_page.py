"""The page on reliability names a test for every fault, and each of them is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"


def _tests() -> set[str]:
    """The names of all test functions."""
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def _rows() -> list[list[str]]:
    lines = PAGE.read_text("utf-8").partition("## Faults")[2].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("|")][2:]


def test_every_fault_is_shown_by_tests_that_are_there() -> None:
    rows, tests = _rows(), _tests()
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row[-1])
        assert named, f"no test shows {row}"
        assert not set(named) - tests, f"{row[:2]} names tests that are not there"


@pytest.mark.parametrize("number", [*range(1, 29), 57, 58, 59, 60, 73])
def test_no_fault_is_left_out(number: int) -> None:
    numbers = {int(each) for row in _rows() for each in re.findall(r"\d+", row[0])}
    assert number in numbers
