"""Types that are written as values and are no classes: unions and Literals, as type checkers see them."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from typing import _SpecialForm

TypeForm: TypeAlias = "UnionType | _SpecialForm"
"""`Person | Company`, `Literal["a", "b"]`. What they hold is known at run time only."""
