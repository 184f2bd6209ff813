"""Types of arguments as type checkers see them: of output types that are no classes, and of what is given to read."""

from __future__ import annotations

from types import UnionType
from typing import TypeAlias, _SpecialForm

from patterns.messages import Part

TypeForm: TypeAlias = UnionType | _SpecialForm
"""`Person | Company`, `Literal["a", "b"]`. What they hold is known at run time only."""
Given: TypeAlias = str | Part
"""Text, or an image, a document or a sound in its place."""
