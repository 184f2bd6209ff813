"""What a schema says of a value beside its type: a found value that breaks it is not the one."""

from __future__ import annotations

from patterns.messages import Json
from patterns.model.rules.fields import Field
from patterns.schemas import problems

_BOUNDS = (
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
)  # fmt: skip


def within(field: Field, value: Json) -> bool:
    """Whether a value keeps the bounds of its field."""
    bounds = {key: field.schema[key] for key in _BOUNDS if key in field.schema} if field.schema else {}
    return not bounds or not problems(value, bounds)


def long_enough(field: Field, count: int) -> bool:
    """Whether a list of this many values keeps the bounds of its field."""
    least = (field.schema or {}).get("minItems")
    return not isinstance(least, int) or count >= least
