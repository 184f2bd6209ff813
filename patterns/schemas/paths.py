"""How places in a JSON value are written: `$.items[3].price`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 80
"""Characters of one name that are shown."""
_PLAIN = re.compile(r"[^\W\d][\w-]*")


def json_path(steps: Iterable[str | int]) -> str:
    """Write the way from the root to a place; a name that is no word stands in brackets: `$["due date"]`."""
    return "$" + "".join(map(_step, steps))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if len(step) > _LONGEST:
        step = f"{step[:_LONGEST]}…"
    if _PLAIN.fullmatch(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'
