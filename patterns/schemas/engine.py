"""jsonschema behind bars: no fetching, no backtracking, no quadratic work. Imported here alone, when first needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from patterns.errors import SchemaError
from patterns.messages import Json
from patterns.schemas.formats import FORMATS
from patterns.schemas.guard import asides, dialect
from patterns.schemas.linear import searcher
from patterns.schemas.paths import json_path

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError

Errors: TypeAlias = "Iterator[ValidationError]"


class Judge(Protocol):
    """What we use of a jsonschema validator."""

    def iter_errors(self, instance: Json) -> Errors: ...

    def descend(
        self, instance: Json, schema: Json, path: str | None = None, schema_path: str | None = None
    ) -> Errors: ...


Keyword: TypeAlias = "Callable[[Judge, Json, Json, Mapping[str, Json]], Iterable[ValidationError] | None]"


class OutOfSteps(Exception):
    """A value makes its schema follow references far more often than it has parts."""


STEPS: ContextVar[list[int]] = ContextVar("steps")
"""How many references may still be followed for the value at hand."""


def build(schema: dict[str, Json]) -> Judge:
    """Make the validator of a guarded schema. Raises `SchemaError` when the schema breaks its own dialect."""
    from jsonschema import FormatChecker
    from jsonschema.exceptions import SchemaError as Broken
    from jsonschema.validators import validator_for
    from referencing import Registry

    named = {"$schema": dialect(schema)}
    try:
        for each in (schema, *asides(schema)):
            validator_for(named).check_schema(each, format_checker=FormatChecker(formats=()))  # type: ignore[call-arg, arg-type]
    except Broken as error:
        raise SchemaError(f"the schema is broken at {json_path(error.path)}: {error.message[:300]}") from None
    kind = _extended(named["$schema"])
    return cast(Judge, kind(schema, registry=Registry(), format_checker=_format_checker()))


@lru_cache(maxsize=8)
def _extended(name: str) -> Callable[..., object]:
    """The validator class of a dialect with our own keywords in place of those that fetch, backtrack or square."""
    from jsonschema import validators

    standard = validators.validator_for({"$schema": name})
    ours: dict[str, Keyword] = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "required": _required,
        "uniqueItems": _unique_items,
        "$ref": _counted(cast(Keyword, standard.VALIDATORS["$ref"])),
    }
    return cast("Callable[..., object]", validators.extend(standard, ours))  # type: ignore[no-untyped-call]


def _format_checker() -> FormatChecker:
    from jsonschema import FormatChecker

    made = FormatChecker(formats=())
    made.checkers = {name: (_on_text(holds), ()) for name, (holds, _) in FORMATS.items()}
    return made


def _on_text(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or holds(value)


def _error(message: str, *path: str) -> ValidationError:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message, path=path)


def _counted(follow: Keyword) -> Keyword:
    def counted(validator: Judge, ref: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
        left = STEPS.get()
        left[0] -= 1
        if left[0] < 0:
            raise OutOfSteps
        yield from follow(validator, ref, instance, schema) or ()

    return counted


def _pattern(validator: Judge, pattern: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
    if isinstance(instance, str) and not searcher(str(pattern))(instance):
        yield _error("does not match")


def _pattern_properties(validator: Judge, named: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
    if isinstance(instance, Mapping) and isinstance(named, Mapping):
        for pattern, inner in named.items():
            matches = searcher(pattern)
            for name, value in instance.items():
                if matches(name):
                    yield from validator.descend(value, inner, path=name, schema_path=pattern)


def _additional_properties(validator: Judge, rule: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
    if not isinstance(instance, Mapping):
        return
    for name in _additional(instance, schema):
        if rule is False:
            yield _error("unknown name", name)
        else:
            yield from validator.descend(instance[name], rule, path=name)


def _additional(instance: Mapping[str, Json], schema: Mapping[str, Json]) -> Iterator[str]:
    known, named = schema.get("properties", {}), schema.get("patternProperties", {})
    assert isinstance(known, Mapping), "the schema was checked"
    assert isinstance(named, Mapping), "the schema was checked"
    matchers = [searcher(pattern) for pattern in named]
    return (name for name in instance if name not in known and not any(matches(name) for matches in matchers))


def _required(validator: Judge, names: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
    if isinstance(instance, Mapping) and isinstance(names, list):
        yield from (_error("missing", str(name)) for name in names if name not in instance)


def _unique_items(validator: Judge, unique: Json, instance: Json, schema: Mapping[str, Json]) -> Errors:
    if unique and isinstance(instance, list) and len({_identity(item) for item in instance}) < len(instance):
        yield _error("repeats")


def _identity(value: Json) -> str:
    """One text for values that JSON Schema takes as equal: keys in any order, 1.0 as 1."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value
