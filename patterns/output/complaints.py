"""What pydantic found wrong, as problems in words that a model can act on."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from patterns.errors import Problem
from patterns.redact import redact
from patterns.schemas import json_path

_MOST = 20
_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument", "missing_positional_only_argument")
_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def complaints(error: ValidationError, value: object) -> tuple[Problem, ...]:
    """Turn an error about `value` into problems, the first 20 of them."""
    details = error.errors(include_url=False, include_input=False)
    found = {(path_of(d["loc"], value, d["type"]), _words(d)) for d in details}
    return tuple(Problem(redact(path), redact(words)) for path, words in sorted(found))[:_MOST]


def path_of(location: tuple[int | str, ...], value: object, kind: str = "") -> str:
    """Write pydantic's location as a JSON path; its names of union members are no part of the value."""
    steps: list[str | int] = []
    for step in location:
        if (isinstance(value, Mapping) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            steps.append(step)
            value = value[step]  # type: ignore[call-overload]
    if kind in _MISSING:
        steps.append(location[-1])
    return json_path(steps)


def _words(detail: ErrorDetails) -> str:
    kind, message = detail["type"], detail["msg"]
    if kind in _MISSING:
        return "is missing"
    if kind in _UNKNOWN:
        return "is not a known name here"
    if kind in ("value_error", "assertion_error"):
        return message.partition(", ")[2] or message
    return message.replace("Input should be", "should be", 1)
