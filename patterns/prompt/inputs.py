"""The border for inputs: whatever a caller passes becomes plain JSON data, or is refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import cast

from patterns.errors import InputError
from patterns.messages import Json, Part
from patterns.parts import named
from patterns.prompt.kinds import PartChecker, checking, parts_of, types_of
from patterns.prompt.near import did_you_mean
from patterns.schemas import Checker

MAX_DEPTH = 64
_LARGEST_BITS = 14_000
_ANNOTATIONS = frozenset({"type", "description", "title", "default", "examples", "items"})


@dataclass(frozen=True)
class Inputs:
    """The declared inputs of a template: a JSON Schema fragment for each name.

    An input whose fragment has a `default` may be left out; all others are required.
    """

    template: str
    fragments: Mapping[str, Mapping[str, Json]]

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, fragment in self.fragments.items() if "default" not in fragment)

    @cached_property
    def _defaults(self) -> dict[str, Json]:
        return {name: fragment["default"] for name, fragment in self.fragments.items() if "default" in fragment}

    @cached_property
    def _checkers(self) -> dict[str, Checker | PartChecker]:
        return {name: checking(fragment) for name, fragment in self.fragments.items()}

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Inputs that any text is good for: the most common kind needs no validator."""
        return frozenset(name for name, fragment in self.fragments.items() if _any_text(fragment))

    def accept(self, given: Mapping[str, object]) -> dict[str, Json]:
        """Convert, complete and check the inputs of one call; raise InputError that says what is wrong."""
        self._check_names(given)
        values = {**self._defaults, **{name: plain(value, name) for name, value in given.items()}}
        for name, value in values.items():
            self._check_value(name, value)
        return values

    def _check_names(self, given: Mapping[str, object]) -> None:
        for name in given:
            if name not in self.fragments:
                known = f"its inputs are: {', '.join(self.fragments)}" if self.fragments else "it takes no inputs"
                hint = did_you_mean(str(name), self.fragments) or known
                raise InputError(f"{self.template} has no input {name!r}", hint=hint)
        missing = [name for name in self.required if name not in given]
        if missing:
            raise InputError(f"{self.template} needs {' and '.join(missing)}", hint=self._described(missing))

    def _described(self, names: list[str]) -> str:
        return "; ".join(f"{name}: {self.fragments[name].get('description', 'required')}" for name in names)

    def _check_value(self, name: str, value: Json) -> None:
        if type(value) is str and name in self._texts:
            return
        wrong = self._wrong(name, value)
        if wrong:
            hint = self._described([name])
            if isinstance(value, Part) and not parts_of(self.fragments[name]):
                hint = f"to let it be one, declare it as {name}: {{type: [string, {value.kind}]}}"
            raise InputError(f"{self.template}: input {name} {wrong}", hint=hint)

    def _wrong(self, name: str, value: Json | Part) -> str:
        if isinstance(value, Part) and not parts_of(self.fragments[name]):
            return f"cannot be {named(value.kind)}"
        if type(value) is not str and types_of(self.fragments[name]) == ("string",) and name in self._texts:
            return "is not text"
        problems = self._checkers[name].problems(cast("Json", value))
        return "; ".join(f"{p.path.removeprefix('$')} {p.message}".strip() for p in problems)


def _any_text(fragment: Mapping[str, Json]) -> bool:
    return "string" in types_of(fragment) and fragment.keys() <= _ANNOTATIONS


def plain(value: object, name: str, depth: int = 0) -> Json:
    """Turn a value into JSON data of exact Python types; raise InputError for what is no data.

    Pydantic models, dataclasses, dates, decimals, enums and sets become what JSON knows; live objects,
    functions and modules are refused, so that a template never calls into the program. Images, documents and sounds
    go along as they are: what they hold is out of a template's reach.
    """
    kind = type(value)
    if value is None or kind is bool:
        return value  # type: ignore[return-value]
    if kind is str:
        return _text(value, name)  # type: ignore[arg-type]
    if kind is int or kind is float:
        return _number(value, name)  # type: ignore[arg-type]
    if isinstance(value, Part):
        return cast("Json", value)
    if depth > MAX_DEPTH:
        raise InputError(f"input {name} is nested deeper than {MAX_DEPTH} levels", hint="flatten it; look for a cycle")
    if isinstance(value, list | tuple):
        return [plain(item, f"{name}[{index}]", depth + 1) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {_key(key, name): plain(item, f"{name}.{key}", depth + 1) for key, item in value.items()}
    return plain(_converted(value, name), name, depth + 1)


def _text(value: str, name: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"input {name} holds half of a surrogate pair at character {error.start}",
            hint='clean the text: text.encode("utf-8", "replace").decode()',
        ) from None
    return value


def _number(value: int | float, name: str) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"input {name} is {value}, which JSON cannot hold", hint="pass a finite number, or None")
    if isinstance(value, int) and value.bit_length() > _LARGEST_BITS:
        raise InputError(f"input {name} is a number of more than 4,000 digits", hint="pass it as text")
    return value


def _key(key: object, name: str) -> str:
    """Name a member. Enum members and text are names; so are numbers, as JSON writes them."""
    key = key.value if isinstance(key, Enum) else key
    if isinstance(key, str):
        return _text(str.__str__(key), name)
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise InputError(f"input {name} has a key that is no text: {type(key).__name__}", hint="use text for keys")


def _converted(value: object, name: str) -> object:
    """Turn one value that is not yet JSON into something that is nearer to it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    from pydantic_core import PydanticSerializationError, to_jsonable_python

    try:
        return to_jsonable_python(value, by_alias=False)
    except (PydanticSerializationError, ValueError, TypeError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else f"a {type(value).__name__}, not data"
        raise InputError(
            f"input {name} is {reason}", hint="pass text, numbers, lists, dicts, dataclasses or Pydantic models"
        ) from None
