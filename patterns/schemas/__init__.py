"""The guard at JSON Schema: what may be used as a schema, and whether a value fits it; nothing is ever fetched."""

from patterns.schemas.checker import Checker, check, checker, problems
from patterns.schemas.limits import unsound
from patterns.schemas.nearest import nearest, one_of
from patterns.schemas.paths import json_path, steps_of
from patterns.schemas.refs import DEFINITIONS, lookup, recursive, references, resolve
from patterns.schemas.walk import every, inner
from patterns.schemas.within import nullable, required, within

__all__ = [
    "DEFINITIONS",
    "Checker",
    "check",
    "checker",
    "every",
    "inner",
    "json_path",
    "lookup",
    "nearest",
    "nullable",
    "one_of",
    "problems",
    "recursive",
    "references",
    "required",
    "resolve",
    "steps_of",
    "unsound",
    "within",
]
