"""How a row of the corpus is judged: the type it names, the value that is read, and whether the two agree."""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from patterns.errors import OutputError
from patterns.output.read import examine


@lru_cache(maxsize=2048)
def target(source: str) -> Any:
    """Run the source that binds `Target`, in a module of its own so that forward references resolve."""
    module = types.ModuleType("corpus_types")
    sys.modules["corpus_types"] = module
    exec(source, module.__dict__)
    return module.__dict__["Target"]


def passes(row: Mapping[str, Any], into: object, *, partial: bool = False) -> bool:
    """Read the input of a row and compare it with what is expected."""
    try:
        output = plain(examine(row["input"], into, partial=partial).output)
    except OutputError:
        return bool(row.get("expects_error"))
    return not row.get("expects_error") and same(row["expected"], output, subset=row.get("match") == "subset")


def plain(value: Any) -> Any:
    """Reduce a value to JSON: models by their fields, enums by their value."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def same(wanted: Any, got: Any, *, subset: bool = False) -> bool:
    """Compare by value: 1 equals 1.0, absent equals null, and with `subset` only the wanted members count."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        names = set(wanted) if subset else {*wanted, *got}
        return all(same(wanted.get(name), got.get(name), subset=subset) for name in names)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(same(a, b, subset=subset) for a, b in zip(wanted, got, strict=True))
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)
