"""What jsonschema found wrong, in words that a model can act on and that repeat nothing of the value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from patterns.errors import Problem
from patterns.messages import Json
from patterns.redact import redact
from patterns.schemas.formats import FORMATS
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
            yield from _nearest(error, error.context)
        else:
            yield Problem(
                redact(json_path(error.absolute_path)), _say(error.validator, cast(Json, error.validator_value))
            )


def _nearest(union: ValidationError, context: Sequence[ValidationError]) -> Iterator[Problem]:
    """The problems of the alternative with the fewest, if that is one; else what all of them would take."""
    forms = [list(found) for _, found in groupby(context, key=lambda error: error.schema_path[0])]
    here = [form for form in forms if all(error.validator != "type" or error.path for error in form)]
    forms = here or forms
    least = min(map(len, forms))
    best = [form for form in forms if len(form) == least]
    if len(best) == 1:
        yield from verdicts(best[0])
    else:
        said = {str(problem) for form in best for problem in verdicts(form)}
        path = json_path(union.absolute_path)
        yield Problem(redact(path), " or ".join(sorted(text.removeprefix(f"{path}: ") for text in said)))


def _say(keyword: object, wanted: Json) -> str:
    if isinstance(keyword, str | None) and keyword in _WORDS:
        return _WORDS[keyword](wanted)
    return f"breaks the rule {keyword}: {short(wanted)}"


def one_of(words: Iterable[str]) -> str:
    """Join alternatives: a, b or c."""
    *rest, last = dict.fromkeys(words)
    return f"{', '.join(rest)} or {last}" if rest else last


def short(value: Json) -> str:
    """Write JSON, cut at 200 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
