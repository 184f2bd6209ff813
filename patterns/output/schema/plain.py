"""Values of a JSON Schema: plain JSON in, plain JSON out, judged by the schema itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pydantic_core import from_json

from patterns.errors import Problem
from patterns.messages import Json
from patterns.output.schema.typed import invalid
from patterns.schemas import checker, unsound


class PlainCodec:
    """Reads and writes values of one JSON Schema. Raises `SchemaError` for a schema that cannot be used."""

    def __init__(self, schema: Mapping[str, Json]) -> None:
        self._checker = checker(schema)

    def take(self, text: str) -> tuple[Json] | None:
        """The value of a text that is strict JSON and fits, in a tuple of one; None for any other text."""
        try:
            value = cast(Json, from_json(text, allow_inf_nan=False))
        except (ValueError, TypeError):
            return None
        return None if self._checker.problems(value) else (value,)

    def problems(self, text: str) -> tuple[Problem, ...]:
        """Say why `take` did not take this text."""
        try:
            return self._checker.problems(cast(Json, from_json(text, allow_inf_nan=False)))
        except TypeError:
            return (Problem("$", "holds half of a surrogate pair, which is no character"),)
        except ValueError as error:
            return (Problem("$", f"is not JSON: {error}"),)

    def validate(self, value: Json) -> Json:
        """Give the value back if it fits."""
        if wrong := self._checker.problems(value):
            raise invalid(wrong)
        return value

    def dump(self, value: Json) -> Json:
        """A plain value is JSON already, or it is none."""
        if odd := tuple(unsound(value)):
            raise invalid(odd)
        return value
