"""Objects of a class before all their fields are there: models, dataclasses and typed dictionaries."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints, is_typeddict

from patterns.output.align.keys import Names


@dataclass(frozen=True, slots=True)
class Blank:
    """A class whose objects can be made piece by piece: its fields by type, under their names in an answer."""

    types: Mapping[str, object]
    names: Names
    fields: tuple[str, ...]
    fill: Callable[[dict[str, object]], object]
    """Makes an object of the fields that have come; a required one that has not is an empty list, or null."""


@lru_cache(maxsize=512)
def blank_of(into: Any) -> Blank | None:
    """Give the blank of a class, None for a type that is no class with fields."""
    if get_args(into) or not isinstance(into, type):
        return None
    if issubclass(into, BaseModel):
        return _model(into)
    if dataclasses.is_dataclass(into):
        return _dataclass(into)
    return _typed_dict(into) if is_typeddict(into) else None


def _model(model: type[BaseModel]) -> Blank:
    spellings = []
    for name, field in model.model_fields.items():
        aliases = [field.alias, field.validation_alias, *getattr(field.validation_alias, "choices", ())]
        spellings.append([name, *(alias for alias in aliases if isinstance(alias, str))])
    kinds = {name: field.annotation for name, field in model.model_fields.items()}
    return Blank(kinds, Names(spellings), tuple(kinds), _filling(model))


def _filling(model: type[BaseModel]) -> Callable[[dict[str, object]], object]:
    """Give what makes an unvalidated object of a model; a default that can change is made anew for each."""
    fields = model.model_fields
    base = {name: _constant(field) for name, field in fields.items()}
    fresh = [name for name, field in fields.items() if not _is_fixed(field)]
    bare = not (
        model.__pydantic_post_init__ or model.__pydantic_root_model__ or model.model_config.get("extra") == "allow"
    )

    def fill(values: dict[str, object]) -> object:
        found = base | values
        for name in fresh:
            if name not in values:
                found[name] = [] if fields[name].is_required() else _default(fields[name], found)
        return _bare(model, found, set(values)) if bare else model.model_construct(set(values), **found)

    return fill


def _bare(model: type[BaseModel], found: dict[str, object], given: set[str]) -> object:
    """Do what `model_construct` comes to for a model without private parts, at a fraction of its time."""
    made = model.__new__(model)
    put = object.__setattr__
    put(made, "__dict__", found)
    put(made, "__pydantic_fields_set__", given)
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


def _is_fixed(field: FieldInfo) -> bool:
    """What stands for the field while it is missing can be shared: null, or a default that nobody can change."""
    if field.is_required():
        return not _is_list(field.annotation)
    return field.default_factory is None and isinstance(field.default, (str, int, float, NoneType, Enum))


def _constant(field: FieldInfo) -> object:
    return None if field.is_required() or not _is_fixed(field) else field.default


def _default(field: FieldInfo, found: dict[str, object]) -> object:
    """Make the default of a field, of those before it if need be; null where it cannot be made of unfinished ones."""
    try:
        return field.get_default(call_default_factory=True, validated_data=found)
    except Exception:
        return None


def _dataclass(into: type) -> Blank:
    fields = dataclasses.fields(into)

    lists = {name for name, kind in get_type_hints(into).items() if _is_list(kind)}

    def fill(values: dict[str, object]) -> object:
        made = cast("object", object.__new__(into))
        for field in fields:
            if field.name in values:
                value = values[field.name]
            elif field.default is not dataclasses.MISSING:
                value = field.default
            else:
                missing: object = [] if field.name in lists else None
                value = missing if field.default_factory is dataclasses.MISSING else field.default_factory()
            object.__setattr__(made, field.name, value)
        return made

    return _by_hints(into, fill)


def _typed_dict(into: type) -> Blank:
    return _by_hints(into, lambda values: values)


def _by_hints(into: type, fill: Callable[[dict[str, object]], object]) -> Blank:
    kinds = get_type_hints(into)
    return Blank(kinds, Names([[name] for name in kinds]), tuple(kinds), fill)


def arms(into: object) -> tuple[object, ...]:
    """The members of a union but for null, without annotations around it; the type itself where it is none."""
    if get_origin(into) is Annotated:
        return arms(get_args(into)[0])
    if get_origin(into) not in (Union, types.UnionType):
        return (into,)
    return tuple(arm for arm in get_args(into) if arm is not NoneType)


def _is_list(into: object) -> bool:
    only = arms(into)
    if len(only) == 1 and only[0] is not into:
        return _is_list(only[0])
    return get_origin(into) is list and len(get_args(into)) == 1
