"""What is seen at a glance must be what the library would say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from patterns.schemas import problems
from patterns.schemas.engine import build
from patterns.schemas.simple import fits_simply, is_simple

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
SIMPLE: list[dict[str, str]] = [{}, *({"type": name} for name in TYPES)]
VALUES = ["text", "", 1, 1.5, True, False, None, [], ["x"], {}, {"a": 1}]


@pytest.mark.parametrize("schema", SIMPLE, ids=str)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_glance_never_differs_from_the_library(schema: dict[str, str], value: object) -> None:
    assert is_simple(schema)
    judged = tuple(build(dict(schema)).iter_errors(value))
    assert bool(problems(value, schema)) == bool(judged)
    if fits_simply(value, schema):
        assert not judged


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
