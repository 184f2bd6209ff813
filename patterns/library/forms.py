"""Types written as values that are no classes, unions and Literals, as type checkers see them."""

from __future__ import annotations

from types import UnionType
from typing import TypeAlias, _SpecialForm

TypeForm: TypeAlias = UnionType | _SpecialForm
"""`Person | Company`, `Literal["a", "b"]`. What they hold is known at run time only."""
