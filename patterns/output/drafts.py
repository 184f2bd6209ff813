"""Values of a type that are not finished: what has closed is validated, what is missing is null or its default."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Protocol, Union, cast, get_args, get_origin

from patterns.errors import OutputError
from patterns.messages import Json
from patterns.output.align.compile import plan_of
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.plan import loosened
from patterns.output.align.texts import Text
from patterns.output.align.values import value_of
from patterns.output.blanks import Blank, blank_of
from patterns.output.shape import shape_of
from patterns.output.shorthand.extracted import made
from patterns.output.tree import Node

_SCALARS = ("string", "integer", "boolean")
"""Types whose aligned values need no further look."""

ABSENT = object()
"""The sign that nothing can be said of a value yet."""


class Draft(Protocol):
    """Makes the unfinished value of one type. Parts that have closed are made once and kept."""

    def make(self, node: Node) -> object:
        """Give what a node stands for so far, or `ABSENT`."""
        ...


def draft_of(into: object) -> Draft:
    """Give a maker of unfinished values of a type. It remembers what it made: use one for each text."""
    arms = [arm for arm in _arms(into) if arm is not types.NoneType]
    if len(arms) == 1 and arms[0] is not into:
        return draft_of(arms[0])
    if isinstance(into, str):
        return draft_of(made(into).root)
    if not isinstance(into, Mapping) and (blank := blank_of(into)) is not None:
        return _Object(into, blank)
    if get_origin(into) is list and len(get_args(into)) == 1:
        return _List(get_args(into)[0])
    if get_origin(into) is dict and get_args(into)[0] is str:
        return _Map(into, get_args(into)[1])
    if into is Any or isinstance(into, Mapping):
        return _Plain()
    return _Whole(into)


def _arms(into: object) -> tuple[object, ...]:
    """The members of a union, without annotations around it."""
    if get_origin(into) is Annotated:
        return _arms(get_args(into)[0])
    return get_args(into) if get_origin(into) in (Union, types.UnionType) else (into,)


class _Plain:
    """Any JSON value."""

    def make(self, node: Node) -> object:
        return value_of(node)


class _Whole:
    """A value that is there once it has closed, and a text also while it grows."""

    def __init__(self, into: object) -> None:
        self._shape = shape_of(into)
        self._plan = plan_of(self._shape.schema)
        self._plain = set(self._shape.schema) == {"type"} and self._shape.schema["type"] in _SCALARS
        self._kept: dict[int, tuple[Node, object]] = {}

    def make(self, node: Node) -> object:
        if not node.complete:
            return str(node.value) if isinstance(self._plan, Text) and node.kind == "string" else ABSENT
        kept = self._kept.get(id(node))
        if kept is None:
            kept = self._kept[id(node)] = (node, self._validated(node))
        return kept[1]

    def _validated(self, node: Node) -> object:
        value = loosened(self._plan, node, Ledger("", size=node.end - node.start))
        if value is MISS:
            return ABSENT
        try:
            return value if self._plain else self._shape.validate(cast("Json", value))
        except OutputError:
            return ABSENT


class _List:
    """A list of the items so far; the last one may be growing."""

    def __init__(self, item: object) -> None:
        self._item = draft_of(item)
        self._closed: dict[int, tuple[Node, list[object], int]] = {}

    def make(self, node: Node) -> object:
        if node.kind != "array" or not isinstance(node.value, list):
            return ABSENT
        _, made, count = self._closed.setdefault(id(node), (node, [], 0))
        for child in node.value[count:]:
            if not child.complete:
                break
            made += self._made(child)
            count += 1
        self._closed[id(node)] = (node, made, count)
        growing = [item for child in node.value[count:] for item in self._made(child)]
        return [*made, *growing]

    def _made(self, node: Node) -> list[object]:
        item = self._item.make(node)
        return [] if item is ABSENT else [item]


class _Map:
    """An object with free keys, and the members so far."""

    def __init__(self, into: object, values: object) -> None:
        self._whole = _Whole(into)
        self._values = draft_of(values)

    def make(self, node: Node) -> object:
        if node.complete and (whole := self._whole.make(node)) is not ABSENT:
            return whole
        if node.kind != "object":
            return ABSENT
        found = {str(key.value): self._values.make(child) for key, child in node.value}  # type: ignore[attr-defined]
        return {key: value for key, value in found.items() if value is not ABSENT}


class _Object:
    """An object of a class with the fields so far; made without its validators until it has closed."""

    def __init__(self, into: object, blank: Blank) -> None:
        self._whole = _Whole(into)
        self._blank = blank
        self._drafts: dict[str, Draft] = {}

    def make(self, node: Node) -> object:
        if node.complete and (whole := self._whole.make(node)) is not ABSENT:
            return whole
        if node.kind != "object":
            return ABSENT
        values = {name: value for name, value in self._members(node) if value is not ABSENT}
        return self._blank.fill(values, self._missing)

    def _missing(self, name: str) -> object:
        return [] if isinstance(self._draft(name), _List) else None

    def _members(self, node: Node) -> Iterator[tuple[str, object]]:
        names = self._blank.names
        for key, child in node.value:  # type: ignore[attr-defined]
            at = names.exact.get(key.value)
            at = names.respelled(str(key.value)) if at is None else at
            if at is not None:
                name = self._blank.fields[at]
                yield name, self._draft(name).make(child)

    def _draft(self, name: str) -> Draft:
        """Make the draft of a field when it is first met: a class may hold itself."""
        if name not in self._drafts:
            self._drafts[name] = draft_of(self._blank.types[name])
        return self._drafts[name]
