"""Values of a Python type: JSON text in, validated value out, through one kept TypeAdapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, Literal, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, SchemaValidator, core_schema, from_json, to_json

from patterns.errors import Invalid, Problem
from patterns.messages import Json
from patterns.output.schema.complaints import complaints
from patterns.output.schema.digits import fractions, may_be_float, quoted
from patterns.output.schema.renaming import has_aliases, renamed
from patterns.schemas import every, json_path, unsound

T = TypeVar("T")

_holds_odd = SchemaValidator(core_schema.str_schema(pattern=r"NaN|Infinity|[0-9][eE]\+?[0-9]{3}")).isinstance_python
"""Whether a number can be infinite by its exponent: on pydantic's own regex engine 10 µs for 150 KB."""
_RUN, _STRIDE = 200, 20
_holds_long = SchemaValidator(core_schema.str_schema(pattern=r"[0-9]{9}")).isinstance_python


def may_overflow(text: str) -> bool:
    """Whether a number of this JSON text could be NaN or infinite as a float: cheap, and wrong on one side only.

    Without a large exponent that takes more than 200 digits in a row, so one of every 20 characters is enough.
    """
    return _holds_odd(text) or (len(text) > _RUN and _holds_long(text[::_STRIDE]))


class TypedCodec(Generic[T]):
    """Reads and writes values of one type."""

    def __init__(self, adapter: TypeAdapter[T], schema: Mapping[str, Json]) -> None:
        self._adapter = adapter
        self._read = adapter.validator.validate_json
        self._schema = schema
        self._renames = has_aliases(schema)
        self._floats = any(map(may_be_float, every(schema)))
        self._decimals = fractions(schema) == "decimals"
        # The argument overrules every model, so that it would also close those that are open on purpose.
        self._extra: Literal["forbid"] | None = None if any(map(_is_open, every(schema))) else "forbid"

    def take(self, text: str) -> tuple[T] | None:
        """The value of a text that is strict JSON of this type, in a tuple of one; None for any other text."""
        try:
            value = self._read(quoted(text) if self._decimals else text, strict=True, extra=self._extra)
        except (ValidationError, UnicodeError):
            return None
        if self._floats and may_overflow(text) and self._unbounded(value):
            return None
        return (value,)

    def problems(self, text: str) -> tuple[Problem, ...]:
        """Say why `take` did not take this text."""
        try:
            value = self._read(text, strict=True, extra=self._extra)
        except ValidationError as error:
            return complaints(error, _loose(text))
        except UnicodeError:
            return (Problem("$", "holds half of a surrogate pair, which is no character"),)
        return self._unbounded(value)

    def validate(self, value: Json) -> T:
        """Validate JSON values by JSON's rules: no bool for an int, no text for a number."""
        if odd := tuple(unsound(value)):
            raise invalid(odd)
        try:
            checked = self._read(_written(value), strict=True)
        except ValidationError as error:
            raise invalid(complaints(error, value)) from None
        if self._floats and (odd := self._unbounded(checked)):
            raise invalid(odd)
        return cast(T, checked)

    def dump(self, value: T) -> Json:
        """Write a value as JSON that this codec reads again: under the names of the schema, without computed fields."""
        try:
            odd = self._unbounded(value) if self._floats else ()
            made = self._adapter.dump_python(value, mode="json", by_alias=True, round_trip=True, warnings="error")
        except (PydanticSerializationError, RecursionError):
            raise invalid((Problem("$", "is not a value of this type"),)) from None
        if odd := odd or tuple(unsound(made)):
            raise invalid(odd)
        return renamed(made, self._schema, self._schema) if self._renames else cast(Json, made)

    def _unbounded(self, value: T) -> tuple[Problem, ...]:
        plain = self._adapter.dump_python(value, by_alias=True, round_trip=True, warnings=False)
        return tuple(Problem(json_path(steps), "is not a finite number") for steps in _not_finite(plain))


def invalid(problems: tuple[Problem, ...]) -> Invalid:
    """The error for these problems; its message names the first few."""
    shown = "; ".join(map(str, problems[:3]))
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Invalid(f"The value does not fit its type: {shown}{more}", errors=problems)


def _is_open(schema: Mapping[str, Json]) -> bool:
    return "properties" in schema and schema.get("additionalProperties", False) is not False


def _written(value: Json) -> bytes:
    try:
        return to_json(value)
    except PydanticSerializationError as error:
        raise invalid((Problem("$", f"is not JSON: {error}"),)) from None


def _loose(text: str) -> object:
    """The JSON values of a text, for the sake of paths; None when it is not JSON."""
    try:
        return from_json(text)
    except (ValueError, TypeError):
        return None


def _not_finite(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        yield steps
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, (*steps, str(key)))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for at, item in enumerate(value):
            yield from _not_finite(item, (*steps, at))
