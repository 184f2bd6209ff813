"""Objects of a class before all their fields are there: models, dataclasses and typed dictionaries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast, get_args

from pydantic import BaseModel
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

    def fill(values: dict[str, object], missing: Missing) -> object:
        given = set(values)
        for name, field in model.model_fields.items():
            if name not in given:
                values[name] = missing(name) if field.is_required() else field.get_default(call_default_factory=True)
        return model.model_construct(given, **values)

    types = {name: field.annotation for name, field in model.model_fields.items()}
    return Blank(types, Names(spellings), tuple(types), fill)


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
