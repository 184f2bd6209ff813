"""Places inside a JSON value: what stands there, what stands beside it, and another value put there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Final, TypeAlias, cast

from patterns.messages import Json

Steps: TypeAlias = tuple[str | int, ...]

_NAMED = re.compile(r"[^\W\d][\w-]*|\d+")
_BESIDE: Final = 3
"""Members that are shown beside a place, to know the record again."""
_SHOWN: Final = 60


class Absent:
    """The sign that nothing stands in a place. There is one, `ABSENT`."""


ABSENT: Final = Absent()


def at(value: Json, steps: Steps) -> Json | Absent:
    """Give what stands in a place. Raises LookupError where there is no such place."""
    for number, step in enumerate(steps):
        if isinstance(value, Mapping) and isinstance(step, str):
            if step not in value and number == len(steps) - 1:
                return ABSENT
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            raise LookupError(step)
    return value


def put(value: Json, steps: Steps, new: Json | Absent) -> None:
    """Put another value in a place, or take what stands there out."""
    holder = at(value, steps[:-1])
    step = steps[-1]
    if isinstance(holder, list) and isinstance(step, int):
        if isinstance(new, Absent):
            del holder[step]
        else:
            holder[step] = new
    elif isinstance(step, str):
        members = cast("MutableMapping[str, Json]", holder)
        if isinstance(new, Absent):
            members.pop(step, None)
        else:
            members[step] = new


def beside(value: Json, steps: Steps, but: Sequence[Steps]) -> Mapping[str, Json]:
    """Give a few short members of the record around a place in a list, by which it can be known again."""
    numbered = [depth for depth, step in enumerate(steps) if isinstance(step, int)]
    if not numbered:
        return {}
    around = steps[: numbered[-1] + 1]
    record = at(value, around)
    if not isinstance(record, Mapping):
        return {}
    known = [
        (name, member)
        for name, member in record.items()
        if isinstance(member, str | int | float) and (*around, name) not in but
    ]
    return {name: _short(member) for name, member in known[:_BESIDE]}


def leaves(value: Json | Absent) -> int:
    """Count the values inside a value that hold none; an empty one counts for one."""
    count, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        inside = list(each.values()) if isinstance(each, Mapping) else each if isinstance(each, list) else []
        waiting += inside
        count += not inside
    return count


def meant(key: str, places: Mapping[Steps, str]) -> Steps | None:
    """Find the place that a key names, however it is written; None for none, or several."""
    words = _NAMED.findall(key)
    if not words:
        return None
    named = {steps: _NAMED.findall(path) for steps, path in places.items()}
    exact = [steps for steps, path in named.items() if path == words]
    found = exact or [steps for steps, path in named.items() if path[-len(words) :] == words]
    return found[0] if len(found) == 1 else None


def outermost(places: Sequence[Steps]) -> Iterator[Steps]:
    """Yield the places that are not inside another one."""
    for steps in places:
        if not any(steps != other and steps[: len(other)] == other for other in places):
            yield steps


def _short(member: Json) -> Json:
    return f"{member[:_SHOWN]}…" if isinstance(member, str) and len(member) > _SHOWN else member
