"""What is seen at a glance must be what the library would say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from patterns.schemas import checker, problems
from patterns.schemas.simple import fits_simply, is_simple

SIMPLE = [{"type": t} for t in ("string", "integer", "number", "boolean", "object", "array", "null")]
VALUES = ["text", "", 1, 1.5, True, False, None, [], ["x"], {}, {"a": 1}]


@pytest.mark.parametrize("schema", SIMPLE, ids=lambda s: s["type"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_glance_never_differs_from_the_library(schema: dict[str, str], value: object) -> None:
    assert is_simple(schema)
    full = checker(schema).problems(value)
    assert problems(value, schema) == full
    if fits_simply(value, schema):
        assert full == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nothing"},
        {"type": ["string"]},
        {"type": "string", "pattern": "("},
        {"$ref": "http://x/"},
        {"title": 1},
    ],
)
def test_anything_more_is_left_to_the_library(schema: dict[str, object]) -> None:
    assert not is_simple(schema)


def test_a_first_result_needs_no_jsonschema() -> None:
    code = "import sys, patterns; patterns.extract('Total: 4', 'total int'); print('jsonschema' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PATTERNS_MODEL": "rules"}
    )
    assert done.stdout.strip() == "False"
