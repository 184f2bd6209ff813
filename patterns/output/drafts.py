"""Values of a type that are not finished: what has closed is validated, what is missing is null or its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from patterns.output.align.texts import Text
from patterns.output.align.values import value_of
from patterns.output.blanks import Blank, arms, blank_of
from patterns.output.closed import Closed, Written
from patterns.output.parts import ABSENT, Draft, ListDraft, MemberDrafts
from patterns.output.shorthand.extracted import made
from patterns.output.tree import Node

__all__ = ["ABSENT", "Draft", "draft_of", "has_items"]

_MOST_KEYS = 1_000
"""Keys of a text for which is remembered what they mean."""


def draft_of(into: object, written: Written | None = None) -> Draft:
    """Give a maker of unfinished values of a type, for one text; `written` gives the text between two places of it."""
    only = arms(into)
    if len(only) == 1 and only[0] is not into:
        return draft_of(only[0], written)
    if isinstance(into, str):
        return draft_of(made(into).root, written)
    if not isinstance(into, Mapping) and (blank := blank_of(into)) is not None:
        return _Object(into, blank, written)
    if get_origin(into) is list and len(get_args(into)) == 1:
        return ListDraft(lambda: draft_of(get_args(into)[0], written))
    if get_origin(into) is dict and get_args(into)[0] is str:
        return _Map(into, get_args(into)[1], written)
    if into is Any or isinstance(into, Mapping):
        return _Plain()
    if into is None or into is NoneType:
        return _Whole(Literal[None], written)
    return _Whole(into, written)


def has_items(draft: Draft) -> bool:
    """Say whether what is drafted may be a list, whose items can be told one by one."""
    return not isinstance(draft, (_Object, _Map))


class _Whole:
    """A value that is there once it has closed, and a text also while it grows."""

    def __init__(self, into: object, written: Written | None) -> None:
        self._closed = Closed(into, written)
        self._is_text = isinstance(self._closed.plan, Text)
        self._node: Node | None = None
        self._value: object = ABSENT

    def make(self, node: Node) -> object:
        if not node.complete:
            return node.value if self._is_text and node.kind == "string" else ABSENT
        if self._node is not node:
            value = self._closed.take(node)
            self._node, self._value = node, ABSENT if value is None else value[0]
        return self._value

    def items(self, node: Node) -> Sequence[object]:
        value = self.make(node) if node.complete else ABSENT
        return value if isinstance(value, list) else ()


class _Plain:
    """Any JSON value."""

    def __init__(self) -> None:
        self._members = MemberDrafts()
        self._list = ListDraft(_Plain)
        self._inner: _Plain | None = None

    def make(self, node: Node) -> object:
        if node.complete or node.kind not in ("object", "array"):
            return value_of(node)
        return self._list.make(node) if node.kind == "array" else self._members.so_far(node, self._named)

    def items(self, node: Node) -> Sequence[object]:
        return self._list.items(node)

    def _named(self, key: str) -> tuple[str, Draft]:
        self._inner = self._inner or _Plain()
        return key, self._inner


class _Map:
    """An object with free keys, and the members so far."""

    def __init__(self, into: object, values: object, written: Written | None) -> None:
        self._whole = _Whole(into, written)
        self._members = MemberDrafts()
        self._of_values = (values, written)
        self._values: Draft | None = None

    def make(self, node: Node) -> object:
        if node.complete and (whole := self._whole.make(node)) is not ABSENT:
            return whole
        return self._members.so_far(node, self._named) if node.kind == "object" else ABSENT

    def items(self, node: Node) -> Sequence[object]:
        return ()

    def _named(self, key: str) -> tuple[str, Draft]:
        self._values = self._values or draft_of(*self._of_values)
        return key, self._values


class _Object:
    """An object of a class with the fields so far; made without its validators until it has closed."""

    def __init__(self, into: object, blank: Blank, written: Written | None) -> None:
        self._whole = _Whole(into, written)
        self._blank = blank
        self._written = written
        self._members = MemberDrafts()
        self._drafts: dict[str, Draft] = {}
        self._keys: dict[str, tuple[str, Draft] | None] = {}

    def make(self, node: Node) -> object:
        if node.complete and (whole := self._whole.make(node)) is not ABSENT:
            return whole
        if node.kind != "object":
            return ABSENT
        return self._blank.fill(self._members.so_far(node, self._named))

    def items(self, node: Node) -> Sequence[object]:
        return ()

    def _named(self, key: str) -> tuple[str, Draft] | None:
        if key in self._keys:
            return self._keys[key]
        if len(self._keys) >= _MOST_KEYS:
            self._keys.clear()
        meant = self._keys[key] = self._meant(key)
        return meant

    def _meant(self, key: str) -> tuple[str, Draft] | None:
        """Find the field that a key means, also where it is spelled otherwise."""
        names = self._blank.names
        at = names.exact.get(key)
        at = names.respelled(key) if at is None else at
        if at is None:
            return None
        name = self._blank.fields[at]
        return name, self._draft(name)

    def _draft(self, name: str) -> Draft:
        """Make the draft of a field when it is first met: a class may hold itself."""
        draft = self._drafts.get(name)
        if draft is None:
            draft = self._drafts[name] = draft_of(self._blank.types[name], self._written)
        return draft
