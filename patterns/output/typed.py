"""Values of a Python type: JSON text in, validated value out, through one kept TypeAdapter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, SchemaValidator, core_schema, from_json, to_json

from patterns.errors import Invalid, Problem
from patterns.messages import Json
from patterns.output.complaints import complaints

T = TypeVar("T")

_ODD = SchemaValidator(core_schema.str_schema(pattern=r"NaN|Infinity|[0-9][eE]\+?[0-9][0-9][0-9]"))
"""What a text must hold for a number in it to be infinite, on pydantic's own regex engine: 10 µs for 150 KB."""
_LONG = SchemaValidator(core_schema.str_schema(pattern=r"[0-9]{9}"))
_STRIDE = 20


def may_overflow(text: str) -> bool:
    """Whether a number of this JSON text could be NaN or infinite: cheap, and wrong on one side only.

    Without a large exponent it takes more than 200 digits in a row, of which every 20th is looked at.
    """
    return _ODD.isinstance_python(text) or _LONG.isinstance_python(text[::_STRIDE])


class TypedCodec(Generic[T]):
    """Reads and writes values of one type. `floats` says that a value can hold floating point numbers."""

    def __init__(self, adapter: TypeAdapter[T], *, floats: bool, open_objects: bool) -> None:
        self._adapter = adapter
        self._floats = floats
        self._extra = None if open_objects else "forbid"

    def take(self, text: str) -> tuple[T] | None:
        """The value of a text that is strict JSON of this type, in a tuple of one; None for any other text."""
        try:
            value = self._adapter.validate_json(text, strict=True, extra=self._extra)  # type: ignore[arg-type]
        except (ValidationError, UnicodeError):
            return None
        if self._floats and may_overflow(text) and self._unbounded(value):
            return None
        return (value,)

    def problems(self, text: str) -> tuple[Problem, ...]:
        """Say why `take` did not take this text."""
        try:
            value = self._adapter.validate_json(text, strict=True, extra=self._extra)  # type: ignore[arg-type]
        except ValidationError as error:
            return complaints(error, _loose(text))
        except UnicodeError:
            return (Problem("$", "holds characters that are no valid Unicode"),)
        return self._unbounded(value)

    def validate(self, value: Json) -> T:
        """Validate JSON values by JSON's rules: no bool for an int, no text for a number."""
        try:
            checked = self._adapter.validate_json(_written(value), strict=True)
        except ValidationError as error:
            raise invalid(complaints(error, value)) from None
        if self._floats and (odd := self._unbounded(checked)):
            raise invalid(odd)
        return checked

    def dump(self, value: T) -> Json:
        """Write a value as JSON, by alias, without computed fields."""
        try:
            return self._adapter.dump_python(value, mode="json", by_alias=True, round_trip=True, warnings="error")  # type: ignore[no-any-return]
        except PydanticSerializationError as error:
            raise invalid((Problem("$", f"cannot be written as JSON: {error}"),)) from None

    def _unbounded(self, value: T) -> tuple[Problem, ...]:
        plain = self._adapter.dump_python(value, by_alias=True, round_trip=True, warnings=False)
        return tuple(Problem(path, "is not a finite number") for path in _not_finite(plain))


def invalid(problems: tuple[Problem, ...]) -> Invalid:
    """The error for these problems; its message names the first few."""
    shown = "; ".join(map(str, problems[:3]))
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Invalid(f"The value does not fit its type: {shown}{more}", errors=problems)


def _written(value: Json) -> bytes:
    try:
        return to_json(value, inf_nan_mode="constants")
    except PydanticSerializationError as error:
        raise invalid((Problem("$", _unwritable(str(error))),)) from None


def _unwritable(reason: str) -> str:
    if "surrogates" in reason:
        return "holds half of a surrogate pair, which is no character"
    return "is nested too deeply" if "depth" in reason else "is not JSON"


def _loose(text: str) -> object:
    """The JSON values of a text, for the sake of paths; None when it is not JSON."""
    try:
        return from_json(text)
    except (ValueError, TypeError):
        return None


def _not_finite(value: object, path: str = "$") -> Iterator[str]:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple, set, frozenset)):
        for at, item in enumerate(value):
            yield from _not_finite(item, f"{path}[{at}]")


def compact(value: Json) -> str:
    """Write JSON as short as it goes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
