"""How two templates differ in what they say: rendered over the same inputs, message by message."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patterns.errors import PatternsError
from patterns.messages import Json
from patterns.spec.cases import Case, Said
from patterns.spec.checking import rendered


@dataclass(frozen=True, slots=True)
class Side:
    """What one template says for each of some inputs: its messages, or the error that it ends in."""

    title: str
    said: tuple[tuple[Said, ...] | PatternsError, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The lines of a unified diff, and the inputs (from 1) for which they are the same."""

    inputs: tuple[int, ...]
    lines: tuple[str, ...]


def side(title: str, template: str, inputs: Sequence[Mapping[str, Json]], schema: Json = None) -> Side:
    """Render a template for each of the inputs; no model is asked."""
    return Side(title, tuple(_said(template, each, schema) for each in inputs))


def differences(a: Side, b: Side) -> list[Difference]:
    """Where two sides differ: inputs with the same lines come together, inputs without any are left out."""
    found: dict[tuple[str, ...], list[int]] = {}
    for number, (one, other) in enumerate(zip(a.said, b.said, strict=True), start=1):
        lines = tuple(difflib.unified_diff(_lines(one), _lines(other), a.title, b.title, lineterm="", n=2))
        if lines:
            found.setdefault(lines, []).append(number)
    return [Difference(tuple(numbers), lines) for lines, numbers in found.items()]


def _said(template: str, inputs: Mapping[str, Json], schema: Json) -> tuple[Said, ...] | PatternsError:
    try:
        return rendered(Case(-1, 1, template, inputs=inputs, schema=schema))
    except PatternsError as error:
        return error


def _lines(said: tuple[Said, ...] | PatternsError) -> list[str]:
    if isinstance(said, PatternsError):
        return [f"error: {line}" for line in str(said).splitlines()]
    return [line for role, text in said for line in (f"── {role}", *text.split("\n"))]
