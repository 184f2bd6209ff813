"""What pydantic found wrong, as problems in words that a model can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from patterns.errors import Problem
from patterns.redact import redact
from patterns.schemas import json_path, nearest

_MOST = 20
_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument", "missing_positional_only_argument")
_SAID = {
    **dict.fromkeys(_MISSING, "is missing"),
    **dict.fromkeys(("extra_forbidden", "unexpected_keyword_argument"), "is not a known name here"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "should be a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "should be a number"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), "should be a list"),
    **dict.fromkeys(("dict_type", "model_type", "dataclass_type", "arguments_type"), "should be an object"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "should be true or false"),
    "string_type": "should be text",
    "string_unicode": "holds half of a surrogate pair, which is no character",
    "none_required": "should be null",
    "finite_number": "is not a finite number",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """One complaint: where, in which alternatives (how many steps deep, and its label), and what."""

    steps: tuple[str | int, ...]
    forms: tuple[tuple[int, str], ...]
    words: str


def complaints(error: ValidationError, value: object) -> tuple[Problem, ...]:
    """Turn an error about the JSON value `value` into problems, the first 20 of them."""
    found = [_found(details, value) for details in error.errors(include_url=False, include_input=False)]
    told = dict.fromkeys(_settled(found))
    return tuple(Problem(redact(problem.path), redact(problem.message)) for problem in told)[:_MOST]


def _found(details: ErrorDetails, value: object) -> _Found:
    """Tell pydantic's names of alternatives in a location from the steps of a real path."""
    steps: list[str | int] = []
    forms: list[tuple[int, str]] = []
    for step in details["loc"]:
        if _holds(value, step):
            steps.append(step)
            value = value[step]  # type: ignore[index]
        elif details["type"] in _MISSING and step is details["loc"][-1]:
            steps.append(step)
        else:
            forms.append((len(steps), str(step)))
    return _Found(tuple(steps), tuple(forms), _words(details))


def _holds(value: object, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, Mapping) and step in value


def _settled(found: Iterable[_Found]) -> Iterator[Problem]:
    """Of each union keep what the nearest alternative complains about."""
    unions: dict[tuple[str | int, ...], dict[str, list[_Found]]] = {}
    for each in found:
        if not each.forms:
            yield Problem(json_path(each.steps), each.words)
            continue
        (depth, label), *inner = each.forms
        forms = unions.setdefault(each.steps[:depth], {})
        forms.setdefault(label, []).append(replace(each, forms=tuple(inner)))
    for steps, forms in unions.items():
        yield from nearest(json_path(steps), [list(_settled(form)) for form in forms.values()])


def _words(details: ErrorDetails) -> str:
    kind, message = details["type"], details["msg"]
    said = details.get("ctx", {})
    if kind in _SAID:
        return _SAID[kind]
    if kind in ("value_error", "assertion_error"):
        return message.partition(", ")[2] or message
    if kind == "json_invalid":
        return f"is not JSON: {said.get('error')}"
    if kind == "union_tag_invalid":
        return f"{said.get('discriminator')} should be one of {said.get('expected_tags')}"
    if kind == "union_tag_not_found":
        return f"{said.get('discriminator')} is missing: it tells which form this is"
    return re.sub(r"^[A-Z]\w+ should", "should", message)
