"""What is different between two requests, in words, place by place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from patterns.messages import Json

_AROUND = 24
"""Characters shown on either side of the place where two texts part."""
_MOST = 8
_UNSET = object()


def differences(before: Mapping[str, Json], now: Mapping[str, Json]) -> list[str]:
    """Say what is different in two contents of requests (see `fingerprint.content`), at eight places at most.

    Each line names the place, what stood there, and what stands there now.
    """
    found = list(_members("", before, now))
    return found if len(found) <= _MOST else [*found[:_MOST], f"and {len(found) - _MOST} places more"]


def _differing(place: str, before: object, now: object) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        yield from _members(place, before, now)
    elif isinstance(before, list) and isinstance(now, list):
        if len(before) != len(now):
            yield f"{place}: {len(before)} of them, now {len(now)}"
        for index, (one, other) in enumerate(zip(before, now, strict=False)):
            yield from _differing(f"{place}[{index}]", one, other)
    elif isinstance(before, str) and isinstance(now, str):
        if before != now:
            yield f"{place}: {_parting(before, now)}"
    elif before != now or type(before) is not type(now):
        yield f"{place}: {_shown(before)}, now {_shown(now)}"


def _members(place: str, before: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        inner = f"{place}.{name}" if place else name
        yield from _differing(inner, before.get(name, _UNSET), now.get(name, _UNSET))


def _parting(before: str, now: str) -> str:
    """Show two texts around the first place where they part."""
    same = next((i for i, (one, other) in enumerate(zip(before, now, strict=False)) if one != other), None)
    at = min(len(before), len(now)) if same is None else same
    if max(len(before), len(now)) <= 2 * _AROUND:
        return f"{before!r}, now {now!r}"
    return f"at character {at} {_window(before, at)}, now {_window(now, at)}"


def _window(text: str, at: int) -> str:
    start, end = max(0, at - _AROUND), at + _AROUND
    return f"{'…' if start else ''}{text[start:end]!r}{'…' if end < len(text) else ''}"


def _shown(value: object) -> str:
    if value is _UNSET:
        return "not set"
    written = value if isinstance(value, str) else json.dumps(value, default=str)
    return repr(written[: 2 * _AROUND]) + "…" if len(written) > 2 * _AROUND else written
