"""The shape of an answer: one object, built once per type, that every way of asking for it and reading it shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Annotated, Any, Generic, Protocol, TypeAlias, TypeVar, get_args, get_origin, overload

from patterns.errors import Problem
from patterns.exchange import Target
from patterns.messages import Json
from patterns.output.schema.describe import notation, words
from patterns.output.schema.digits import Fractions, fractions
from patterns.output.schema.plain import PlainCodec
from patterns.output.schema.profiles import Enforced, profile_of
from patterns.output.schema.python_types import adapter_of
from patterns.output.schema.typed import TypedCodec, invalid
from patterns.output.schema.wire import Fit, fitted, is_wrapped, target
from patterns.schemas import check, every, within

T = TypeVar("T")
_NAMELESS = "Answer"
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
        self._fits: dict[tuple[str, Enforced], Fit] = {}
        self.take_json: Callable[[str], tuple[T] | None] = codec.take
        """The value of a text that is strict JSON of this shape, in a tuple of one; None for any other text."""

    def __repr__(self) -> str:
        return f"Shape({self.name})"

    @cached_property
    def target(self) -> Target:
        """The shape as a provider can enforce it."""
        return target(self.name, self.schema)

    @cached_property
    def wrapped(self) -> bool:
        """Whether a value stands under `value` in an object where a provider enforces the shape."""
        return is_wrapped(self.schema)

    def fit(self, provider: str, model: str, mode: Enforced) -> Fit:
        """The shape as this model takes it in this mode; made once for each profile and kept."""
        profile = profile_of(provider, model)
        found = self._fits.get((profile.name, mode))
        if found is None:
            found = self._fits[profile.name, mode] = fitted(self.name, self.schema, profile.rules(mode))
        return found

    @cached_property
    def words(self) -> str:
        """The shape as a prompt says it: a terse type notation behind one sentence."""
        return words(self.schema)

    @cached_property
    def free(self) -> bool:
        """Whether a text in a value of this shape may be any text: none of fixed values, no date, no address."""
        return all(each.keys().isdisjoint(("enum", "const", "format")) for each in every(self.schema))

    @cached_property
    def fractions(self) -> Fractions:
        """What the numbers with a point in it are."""
        return fractions(self.schema)

    def words_at(self, steps: Sequence[str | int]) -> str:
        """The type of one place inside a value, as a prompt says it; empty where the shape says nothing of it."""
        part = within(self.schema, steps)
        return "" if part is None else notation(part)

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
def shape_of(into: Shape[T]) -> Shape[T]: ...
@overload
def shape_of(into: type[T]) -> Shape[T]: ...
@overload
def shape_of(into: Mapping[str, Json]) -> Shape[Json]: ...
@overload
def shape_of(into: object) -> Shape[Dynamic]: ...
def shape_of(into: object) -> Shape[Any]:
    """Give the shape of an output type: a Python type, a JSON Schema, or a shorthand string.

    It is built once for each type, or content of a schema, and kept. Raises `SchemaError` for what cannot be one.
    """
    seen = _seen.get(id(into))
    if seen is not None and seen[0] is into:
        return seen[1]
    if isinstance(into, Shape):
        return into
    if isinstance(into, Mapping):
        return _of_schema(_content(into))
    try:
        # Unions and Literals equal each other in any order, but what people wrote is what they want to see.
        shape = _kept(into, "" if isinstance(into, type) else repr(into))
    except TypeError:  # no hash: the type is annotated with something that can change
        return _built(into)
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[id(into)] = (into, shape)
    return shape


_MOST_SEEN = 1024
_seen: dict[int, tuple[object, Shape[Any]]] = {}
"""The shapes of the very objects that were asked for: told by identity, for writing a type out takes longer."""


@lru_cache(maxsize=_MOST_SEEN)
def _kept(into: object, written: str) -> Shape[Any]:
    return _built(into)


@lru_cache(maxsize=256)
def _of_schema(content: str) -> Shape[Json]:
    schema = json.loads(content)
    title = schema.get("title")
    return Shape(title if isinstance(title, str) and title.strip() else _NAMELESS, schema, PlainCodec(schema))


def _content(schema: Mapping[str, Json]) -> str:
    check(schema)
    return json.dumps(schema, default=dict)


def _built(into: object) -> Shape[Any]:
    kind = _meant(into) if isinstance(into, str) else into
    adapter, schema = adapter_of(kind)
    return Shape(_name(kind), schema, TypedCodec(adapter, schema))


def _meant(shorthand: str) -> object:
    from patterns.output.shorthand import type_of  # late: who gives a type needs no words for one

    return type_of(shorthand)


def _name(kind: object) -> str:
    """What to call the type: the class, the class in a list, or just an answer."""
    if isinstance(kind, type) and not get_args(kind):
        return kind.__name__
    if get_origin(kind) is Annotated:
        return _name(get_args(kind)[0])
    named = [inner for inner in get_args(kind) if isinstance(inner, type) and inner is not type(None)]
    if len(named) != 1 or get_origin(kind) is dict:
        return _NAMELESS
    return _name(named[0]) + ("_list" if get_origin(kind) in (list, set, tuple, frozenset) else "")
