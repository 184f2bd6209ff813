"""Python types as pydantic takes them: what it refuses is made fit where that is safe, and explained where not."""

from __future__ import annotations

import dataclasses
import enum
import functools
import operator
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

import typing_extensions
from pydantic import BaseModel, TypeAdapter

from patterns.errors import SchemaError
from patterns.messages import Json
from patterns.output.schema.annotate import AnnotatedJsonSchema

_KINDS = (
    "An output type is a pydantic model, dataclass, TypedDict, NamedTuple, Enum, Literal, str, int, float, bool, date, "
    "a list, dict, tuple, set or union of those, a JSON Schema, or a shorthand such as 'name, age int'."
)


def adapter_of(into: object) -> tuple[TypeAdapter[Any], Mapping[str, Json]]:
    """Give the validator of a type and its JSON Schema. Raises `SchemaError` for what cannot be an output type."""
    if advice := _mistaken(into):
        raise SchemaError(f"{_shown(into)} is not an output type", hint=advice)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(_current(into))
        return adapter, adapter.json_schema(schema_generator=AnnotatedJsonSchema)
    except SchemaError:
        raise
    except RecursionError:
        raise SchemaError(f"{_shown(into)} holds itself in a way that never ends", hint=_KINDS) from None
    except Exception as error:  # a type may bring code of its own that makes its schema, and that may raise anything
        reason = str(getattr(error, "message", error)).partition("\n")[0]
        raise SchemaError(f"{_shown(into)} cannot be an output type: {reason}", hint=_hint(error)) from error


def _mistaken(into: object) -> str:
    """Advice for a value where a type belongs, empty for what may be a type."""
    if into is None or into is type(None):
        return "Nothing can be read into None. For any JSON at all pass typing.Any."
    if isinstance(into, type) and issubclass(into, enum.Enum) and not into.__members__:
        return "An Enum without members has no values: give it some."
    if isinstance(into, list | tuple | set | frozenset):
        inner = getattr(next(iter(into), None), "__name__", "Item")
        return f"Write {type(into).__name__}[{inner}] instead of a {type(into).__name__} that holds the type."
    if isinstance(into, BaseModel | enum.Enum) or (dataclasses.is_dataclass(into) and not isinstance(into, type)):
        return f"This is a value: pass its class, {type(into).__name__}."
    if isinstance(into, bool | int | float | bytes | types.FunctionType | types.ModuleType):
        return _KINDS
    return ""


def _hint(error: Exception) -> str:
    if "TypedDict" in str(error):
        return "Import TypedDict from typing_extensions where it stands inside another type."
    if isinstance(error, NameError) or "not fully defined" in str(error):
        return "Define every type that it names before it is used, at the top level of a module."
    return _KINDS


def _shown(into: object) -> str:
    return into.__name__ if isinstance(into, type) else repr(into)[:120]


def _current(into: Any) -> Any:
    """Rebuild a `typing.TypedDict`, and generic types around it, which pydantic takes from Python 3.12 on only."""
    if sys.version_info >= (3, 12):
        return into
    if typing.is_typeddict(into) and type(into).__module__ == "typing":
        return _rebuilt(into)
    arguments = typing.get_args(into)
    if not arguments or typing.get_origin(into) is typing.Literal:
        return into
    current = tuple(_current(argument) for argument in arguments)
    if all(new is old for new, old in zip(current, arguments, strict=True)):
        return into
    if isinstance(into, types.UnionType):
        return functools.reduce(operator.or_, current)
    if typing.get_origin(into) is typing.Annotated:
        return typing.Annotated[(current[0], *into.__metadata__)]
    return into.copy_with(current) if hasattr(into, "copy_with") else into.__origin__[current]


def _rebuilt(into: Any) -> Any:
    hints = typing.get_type_hints(into, include_extras=True)
    fields = {name: _member(hint, required=name in into.__required_keys__) for name, hint in hints.items()}
    made = typing_extensions.TypedDict(into.__name__, fields)  # type: ignore[misc]
    made.__doc__, made.__module__, made.__qualname__ = into.__doc__, into.__module__, into.__qualname__
    return made


def _member(hint: Any, *, required: bool) -> Any:
    """A field's type. Its own mark of being required counts: postponed annotations hide it from the class's keys."""
    mark = typing.get_origin(hint)
    if mark in (typing.Required, typing.NotRequired):
        required, hint = mark is typing.Required, typing.get_args(hint)[0]
    current = _current(hint)
    return current if required else typing_extensions.NotRequired[current]
