"""Checking schemas and values: one validator per content, built once and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import islice

from patterns.errors import Problem, SchemaError
from patterns.messages import Json
from patterns.schemas.engine import STEPS, Judge, OutOfSteps, build
from patterns.schemas.guard import guard
from patterns.schemas.limits import measure, unsound
from patterns.schemas.simple import fits_simply, is_simple
from patterns.schemas.verdicts import verdicts

_MOST_PROBLEMS = 20
_STEPS_PER_PART = 50
"""References followed for each part of a value: honest unions need a few, bombs double at every level."""


class Checker:
    """Says what is wrong with values by one schema. The schema is a copy: changing the original changes nothing."""

    def __init__(self, schema: dict[str, Json]) -> None:
        guard(schema)
        self.schema: Mapping[str, Json] = schema
        self._simple = is_simple(schema)
        if not self._simple:
            _ = self._judge  # a schema that cannot be used is refused here, not when a value comes

    @cached_property
    def _judge(self) -> Judge:
        return build(dict(self.schema))

    def problems(self, value: Json) -> tuple[Problem, ...]:
        """What is wrong with `value`, the first 20 things; nothing when it fits."""
        if odd := tuple(islice(unsound(value), _MOST_PROBLEMS)):
            return odd
        if self._simple and fits_simply(value, self.schema):
            return ()
        token = STEPS.set([1_000 + _STEPS_PER_PART * _parts(value)])
        try:
            errors = islice(self._judge.iter_errors(value), _MOST_PROBLEMS)
            return tuple(islice(dict.fromkeys(verdicts(errors)), _MOST_PROBLEMS))
        except OutOfSteps:
            return (Problem("$", "fits the alternatives of the schema in too many ways to be checked"),)
        except (RecursionError, OverflowError):
            return (Problem("$", "is nested too deeply, or holds too large a number, to be checked"),)
        finally:
            STEPS.reset(token)


def checker(schema: Mapping[str, Json]) -> Checker:
    """Give the kept checker of a schema. Raises `SchemaError` for one that cannot be used."""
    if not isinstance(schema, Mapping):
        raise SchemaError(f"a JSON Schema is an object, not {type(schema).__name__}")
    measure(schema)
    return _kept(json.dumps(schema, default=dict))


@lru_cache(maxsize=256)
def _kept(text: str) -> Checker:
    return Checker(json.loads(text))


def check(schema: Mapping[str, Json]) -> None:
    """Refuse a schema that cannot be used: remote references, too large, too deep, broken. Raises `SchemaError`."""
    checker(schema)


def problems(value: Json, schema: Mapping[str, Json]) -> tuple[Problem, ...]:
    """What is wrong with `value` by `schema`; nothing when it fits. Raises `SchemaError` for an unusable schema."""
    return checker(schema).problems(value)


def _parts(value: Json) -> int:
    count, stack = 0, [value]
    while stack:
        item = stack.pop()
        count += 1
        if isinstance(item, Mapping):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return count
