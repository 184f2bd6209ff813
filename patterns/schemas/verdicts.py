"""What jsonschema found wrong, in words that a model can act on and that repeat nothing of the value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, cast

from patterns.errors import Problem
from patterns.messages import Json
from patterns.redact import redact
from patterns.schemas.formats import FORMATS
from patterns.schemas.nearest import nearest, one_of
from patterns.schemas.paths import json_path

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_WORDS: Mapping[str | None, Callable[[Json], str]] = {
    None: lambda _: "is not allowed here",
    "type": lambda kinds: f"should be {one_of(_KINDS.get(str(k), str(k)) for k in _listed(kinds))}",
    "required": lambda _: "is missing",
    "additionalProperties": lambda _: "is not a known name here",
    "enum": lambda values: f"should be {one_of(map(short, _listed(values)))}",
    "const": lambda value: f"should be {short(value)}",
    "minimum": lambda n: f"should be at least {n}",
    "maximum": lambda n: f"should be at most {n}",
    "exclusiveMinimum": lambda n: f"should be more than {n}",
    "exclusiveMaximum": lambda n: f"should be less than {n}",
    "multipleOf": lambda n: f"should be a multiple of {n}",
    "minLength": lambda n: f"should have at least {n} characters",
    "maxLength": lambda n: f"should have at most {n} characters",
    "minItems": lambda n: f"should have at least {n} items",
    "maxItems": lambda n: f"should have at most {n} items",
    "minProperties": lambda n: f"should have at least {n} members",
    "maxProperties": lambda n: f"should have at most {n} members",
    "uniqueItems": lambda _: "should not have the same item twice",
    "pattern": lambda pattern: f"should match the pattern {short(pattern)}",
    "format": lambda name: f"should be {FORMATS[str(name)][1]}",
    "oneOf": lambda _: "fits more than one of the forms allowed here",
}


def verdicts(errors: Iterable[ValidationError]) -> Iterator[Problem]:
    """Turn each error into problems, those of a union into the ones of the form that is nearest."""
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            # A form that is just `false` has no path into it.
            forms = groupby(error.context, key=lambda inner: next(iter(inner.schema_path), None))
            yield from nearest(_place(error), [list(verdicts(found)) for _, found in forms])
        else:
            yield Problem(
                redact(json_path(error.absolute_path)), _say(error.validator, cast(Json, error.validator_value))
            )


def _place(error: ValidationError) -> str:
    return redact(json_path(error.absolute_path))


def _say(keyword: object, wanted: Json) -> str:
    if isinstance(keyword, str | None) and keyword in _WORDS:
        return _WORDS[keyword](wanted)
    return f"breaks the rule {keyword}: {short(wanted)}"


def short(value: Json) -> str:
    """Write JSON, cut at 200 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
