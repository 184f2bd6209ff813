"""The shape of an answer: one object, built once per type, that every way of asking for it and reading it shares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast, overload

from pydantic import PydanticUserError, TypeAdapter

from patterns.errors import Problem, SchemaError
from patterns.exchange import Target
from patterns.messages import Json
from patterns.output.annotate import AnnotatedJsonSchema
from patterns.output.describe import words
from patterns.output.typed import TypedCodec, invalid
from patterns.output.wire import target

T = TypeVar("T")
Dynamic: TypeAlias = Any  # the value of a shorthand, a union or a Literal: known at run time only


class Codec(Protocol[T]):
    """Reads and writes the values of one shape."""

    def take(self, text: str) -> tuple[T] | None: ...
    def problems(self, text: str) -> tuple[Problem, ...]: ...
    def validate(self, value: Json) -> T: ...
    def dump(self, value: T) -> Json: ...


class Shape(Generic[T]):
    """What an answer must look like. `schema` is the JSON Schema of the value, by alias, with `x-` notes."""

    def __init__(self, name: str, schema: Mapping[str, Json], codec: Codec[T]) -> None:
        self.name = name
        self.schema = schema
        self._codec = codec

    def __repr__(self) -> str:
        return f"Shape({self.name})"

    @cached_property
    def target(self) -> Target:
        """The shape as a provider can enforce it."""
        return target(self.name, self.schema)

    @cached_property
    def words(self) -> str:
        """The shape as a prompt says it: a terse type notation behind one sentence."""
        return words(self.schema)

    def take_json(self, text: str) -> tuple[T] | None:
        """The value of a text that is strict JSON of this shape, in a tuple of one; None for any other text."""
        return self._codec.take(text)

    def parse_json(self, text: str) -> T:
        """Read strict JSON. Raises `Invalid`."""
        taken = self.take_json(text)
        if taken is None:
            raise invalid(self._codec.problems(text))
        return taken[0]

    def validate(self, value: Json) -> T:
        """Make the value of this shape out of JSON values. Raises `Invalid`."""
        return self._codec.validate(value)

    def dump(self, value: T) -> Json:
        """Write a value of this shape as JSON."""
        return self._codec.dump(value)


@overload
def shape_of(into: type[T]) -> Shape[T]: ...
@overload
def shape_of(into: Mapping[str, Json]) -> Shape[Json]: ...
@overload
def shape_of(into: object) -> Shape[Dynamic]: ...
def shape_of(into: object) -> Shape[Any]:
    """Give the shape of a type. Built once per type and kept."""
    try:
        return _kept(into, "" if isinstance(into, type) else repr(into))
    except TypeError:
        return _built(into)


@lru_cache(maxsize=1024)
def _kept(into: object, written: str) -> Shape[Any]:
    return _built(into)


def _built(into: object) -> Shape[Any]:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(cast("type[Any]", into))
        schema = adapter.json_schema(schema_generator=AnnotatedJsonSchema)
    except PydanticUserError as error:
        raise SchemaError(f"{into!r} cannot be an output type: {error.message}") from None
    return Shape(_name(into), schema, TypedCodec(adapter, floats=True, open_objects=False))


def _name(into: object) -> str:
    name = getattr(into, "__name__", None) or "Answer"
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", str(name)).strip("_")[:64] or "Answer"
