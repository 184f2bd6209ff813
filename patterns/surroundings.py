"""The environment variables, and a cheap way to tell whether any of them has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeAlias, cast

State: TypeAlias = Mapping[object, object]

_kept = cast("dict[object, object]", getattr(os.environ, "_data", os.environ))
"""The environment as it is kept: comparing it with its last copy is a hundred times cheaper than reading it."""
_copy: State = {}


def state() -> State:
    """Give a copy of the environment, the very same object until a variable changes."""
    global _copy
    copy = _copy
    if copy != _kept:
        copy = _copy = dict(_kept)
    return copy
