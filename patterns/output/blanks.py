"""Objects of a class before all their fields are there: models, dataclasses and typed dictionaries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, TypeAlias, cast, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints, is_typeddict

from patterns.output.align.keys import Names

Missing: TypeAlias = Callable[[str], object]
"""Gives what stands for a required field that has not come yet."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A class whose objects can be made piece by piece: its fields by type, under their names in an answer."""

    types: Mapping[str, object]
    names: Names
    fields: tuple[str, ...]
    fill: Callable[[dict[str, object], Missing], object]


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
    types = {name: field.annotation for name, field in model.model_fields.items()}
    return Blank(types, Names(spellings), tuple(types), _filling(model))


def _filling(model: type[BaseModel]) -> Callable[[dict[str, object], Missing], object]:
    """Give what makes an unvalidated object of a model; a default that can change is made anew for each."""
    fields = [(name, field, field.is_required(), *_constant(field)) for name, field in model.model_fields.items()]
    bare = not (
        model.__pydantic_post_init__ or model.__pydantic_root_model__ or model.model_config.get("extra") == "allow"
    )

    def fill(values: dict[str, object], missing: Missing) -> object:
        found: dict[str, object] = {}
        for name, field, required, constant, default in fields:
            if name in values:
                found[name] = values[name]
            else:
                found[name] = missing(name) if required else default if constant else _default(field, found)
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


def _constant(field: FieldInfo) -> tuple[bool, object]:
    """Tell a default that nobody can change, and what it is."""
    fixed = field.default_factory is None and isinstance(field.default, (str, int, float, NoneType, Enum))
    return fixed, field.default if fixed else None


def _default(field: FieldInfo, found: dict[str, object]) -> object:
    """Make the default of a field, of those before it if need be; null where it cannot be made of unfinished ones."""
    try:
        return field.get_default(call_default_factory=True, validated_data=found)
    except Exception:
        return None


def _dataclass(into: type) -> Blank:
    fields = dataclasses.fields(into)

    def fill(values: dict[str, object], missing: Missing) -> object:
        made = cast("object", object.__new__(into))
        for field in fields:
            if field.name in values:
                value = values[field.name]
            elif field.default is not dataclasses.MISSING:
                value = field.default
            else:
                value = missing(field.name) if field.default_factory is dataclasses.MISSING else field.default_factory()
            object.__setattr__(made, field.name, value)
        return made

    return _by_hints(into, fill)


def _typed_dict(into: type) -> Blank:
    return _by_hints(into, lambda values, missing: values)


def _by_hints(into: type, fill: Callable[[dict[str, object], Missing], object]) -> Blank:
    types = get_type_hints(into)
    return Blank(types, Names([[name] for name in types]), tuple(types), fill)
