"""Where in a value each mend of its text belongs: from places in the text to paths such as `$.items[3].price`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from patterns.exchange import Repair
from patterns.output.tree import Node

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_LAST_STEP = re.compile(r"(?:\.[^.\[\]]+|\[[^\[\]]*\])$")
Span: TypeAlias = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the text that holds one part of the value: a member with its key, or an item."""

    start: int
    end: int
    step: str


def placed(root: Node, mends: Sequence[Repair]) -> tuple[Repair, ...]:
    """Give each mend the path of the innermost part it stands in, by the names of the type where a key was renamed.

    One pass over the tree for all mends, so that a thousand mends cost no more than one.
    """
    loose = sorted((mend.span, at) for at, mend in enumerate(mends) if mend.path == "$" and mend.span is not None)
    if not loose:
        return tuple(mends)
    found = list(mends)
    renamed = {mend.span: _LAST_STEP.search(mend.path) for mend in mends if mend.kind == "key"}
    places, around = _places(root, {span: last[0] for span, last in renamed.items() if last}), list[_Place]()
    ahead = next(places, None)
    for (start, end), at in loose:
        while ahead is not None and ahead.start <= start:
            _leave(around, ahead.start, ahead.start)
            around.append(ahead)
            ahead = next(places, None)
        _leave(around, start, end)
        if (start, end) != (root.start, root.end):
            found[at] = replace(found[at], path="$" + _steps(around, start, end))
    return tuple(found)


def _steps(around: Sequence[_Place], start: int, end: int) -> str:
    """Write the steps to a mend: down to the first part that it covers, for in a string all parts stand together."""
    steps: list[str] = []
    for place in around:
        steps.append(place.step)
        if (place.start, place.end) == (start, end):
            break
    return "".join(steps)


def _leave(around: list[_Place], start: int, end: int) -> None:
    """Step out of the parts that end before this stretch does. A mend at the very end of a part belongs to it."""
    while around and (around[-1].end < end or (around[-1].end == start and start != end)):
        around.pop()


def _places(root: Node, names: Mapping[Span, str]) -> Iterator[_Place]:
    """All parts below the root, in the order of the text, each before the parts inside it."""
    waiting: list[Iterator[tuple[_Place, Node]]] = [_inside(root, names)]
    while waiting:
        for place, node in waiting[-1]:
            yield place
            waiting.append(_inside(node, names))
            break
        else:
            waiting.pop()


def _inside(node: Node, names: Mapping[Span, str]) -> Iterator[tuple[_Place, Node]]:
    if node.kind == "object":
        for key, value in cast("list[tuple[Node, Node]]", node.value):
            step = names.get((key.start, key.end)) or _step(str(key.value))
            yield _Place(min(key.start, value.start), max(key.end, value.end), step), value
    elif node.kind == "array":
        for number, item in enumerate(cast("list[Node]", node.value)):
            yield _Place(item.start, item.end, f"[{number}]"), item


def _step(name: str) -> str:
    return f".{name}" if _PLAIN_NAME.fullmatch(name) else f"[{name!r}]"
