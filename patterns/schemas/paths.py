"""How places in a JSON value are written: `$.items[3].price`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 80
"""Characters of one name that are shown."""
_STEP = re.compile(r'\.([^\W\d][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]', re.DOTALL)
_PLAIN = re.compile(r"[^\W\d][\w-]*")


def json_path(steps: Iterable[str | int]) -> str:
    """Write the way from the root to a place; a name that is no word stands in brackets: `$["due date"]`."""
    return "$" + "".join(map(_step, steps))


def steps_of(path: str) -> tuple[str | int, ...] | None:
    """Read the way that `json_path` wrote; None for what it did not write, or wrote with a name cut short."""
    steps: list[str | int] = []
    at = 1 if path.startswith("$") else -1
    while 0 <= at < len(path):
        step = _STEP.match(path, at)
        if step is None or "…" in step[0]:
            return None
        name, number, quoted = step.groups()
        steps.append(int(number) if number else name or re.sub(r"\\(.)", r"\1", quoted))
        at = step.end()
    return None if at < 0 else tuple(steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if len(step) > _LONGEST:
        step = f"{step[:_LONGEST]}…"
    if _PLAIN.fullmatch(step):
        return f".{step}"
    escaped = step.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'
