"""Answers that are JSON of their type as they stand. Most are: nothing that mends the others is loaded for them."""

from __future__ import annotations

from typing import Final, TypeVar

from patterns.output.reading import Leniency, Reading
from patterns.output.schema.digits import has_fraction
from patterns.output.shape import Shape

T = TypeVar("T")

_ENDS: Final = {"{": "} \n\r\t", "[": "] \n\r\t", '"': '" \n\r\t'}
_STARTS: Final = ("-", "true", "false", "null", "NaN", "Infinity")


def as_it_stands(text: str, shape: Shape[T], repair: Leniency) -> Reading[T] | None:
    """Read a text that is strict JSON of the shape; None for any other, and where only a plan can tell what fits.

    Where some fractions are floats and some keep all their digits, only the plans tell which are which.
    """
    if repair == "align" and shape.fractions == "both" and has_fraction(text):
        return None
    if _may_be_json(text):
        taken = shape.take_json(text)
        if taken is not None and (text.strip() == "{}" or not all_defaults(taken[0])):
            return Reading(taken[0], text=text)
    return Reading(shape.parse_json(text), text=text) if repair == "none" else None


def all_defaults(value: object) -> bool:
    """Tell a model that took nothing from the text."""
    given = getattr(value, "__pydantic_fields_set__", None)
    return given is not None and not given and bool(getattr(type(value), "model_fields", None))


def _may_be_json(text: str) -> bool:
    """Tell by its first and last sign whether a text can be JSON at all: parsing it in vain takes ten times as long."""
    end = _ENDS.get(text[:1])
    if end is not None:
        return text[-1] in end
    return text[:1].isdigit() or text[:1].isspace() or text.startswith(_STARTS)
