"""A typed value that grows with its text: unfinished objects, and the items of a list as each closes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Generic, TypeVar, cast

from patterns.output.drafts import draft_of, has_items
from patterns.output.partial import Growing
from patterns.output.parts import ABSENT, Members
from patterns.output.read import Leniency, Reading, examine
from patterns.output.shorthand.extracted import made
from patterns.output.tree import Node

T = TypeVar("T")

_MAY_END_ITEM = re.compile(r"[,}\]\"'{\[]").search
_MAY_END_INSIDE = re.compile(r"[}\]]").search
"""What must come for an item to end: one that is an object or list ends with a bracket alone."""


class GrowingValue(Generic[T]):
    """A value of a type, read while its text comes in.

        growing = GrowingValue(Report)
        for chunk in stream:
            for item in growing.feed(chunk): ...   # the items of a list that closed with this chunk
            growing.value                          # an unfinished Report: what has closed is validated
        growing.finish()                           # the Reading of the whole text, by every rule

    Feeding costs time linear in the text, and next to none where nobody looks. A look at `value` costs what is new
    and what is open: what has closed is read and validated once. A value that was handed out is never changed
    afterwards; values share the parts that have closed, so that a change of yours in one shows in the later ones.
    What is seen depends on the text so far alone, and not on the pieces that it came in.
    """

    def __init__(self, into: object, *, enveloped: bool = False) -> None:
        """`enveloped` says that the value is the member `value` of an object, as providers send what is no object."""
        self._into = made(into).root if isinstance(into, str) else into
        self._enveloped = enveloped
        self._growing = Growing()
        self._draft = draft_of(self._into, self._growing.written)
        self._listed = has_items(self._draft)
        self._waiting: list[str] = []
        self._complete = False
        self._root: Node | None = None
        self._given = 0

    @property
    def text(self) -> str:
        """All that was fed."""
        self._read()
        return self._growing.text

    @property
    def complete(self) -> bool:
        """The value has closed."""
        self._read()
        return self._complete

    @property
    def value(self) -> T | None:
        """The value so far: missing parts are null or their default. None while there is nothing yet."""
        self._read()
        value = ABSENT if self._root is None else self._draft.make(self._root)
        return None if value is ABSENT else cast("T", value)

    def feed(self, chunk: str) -> Sequence[object]:
        """Take the next piece of the text; give the items of a list at the root that have closed since, validated."""
        self._waiting.append(chunk)
        return self._items(chunk) if self._listed else ()

    def finish(self, *, repair: Leniency = "align") -> Reading[T]:
        """Read the whole text as one answer. Raises what `read` raises."""
        return cast("Reading[T]", examine(self._growing.text + "".join(self._waiting), self._into, repair=repair))

    def _read(self) -> None:
        """Read what was fed since somebody last looked."""
        if self._waiting:
            growth = self._growing.feed("".join(self._waiting))
            self._waiting.clear()
            self._root = (_inside(growth.root) if self._enveloped else growth.root) or self._root
            self._complete = growth.complete

    def _items(self, chunk: str) -> Sequence[object]:
        """Read on if an item can have closed with this piece; give those that have."""
        root = self._root
        inside = root is not None and _open_inside(root)
        if not (self._growing.in_doubt or (_MAY_END_INSIDE if inside else _MAY_END_ITEM)(chunk)):
            return ()
        self._read()
        if self._root is None:
            return ()
        items = self._draft.items(self._root)
        if len(items) <= self._given:
            return ()
        news = items[self._given :]
        self._given = len(items)
        return news


def _open_inside(root: Node) -> bool:
    """The last item of a list is an object or list that is still open."""
    if root.kind != "array" or not isinstance(root.value, list) or not root.value:
        return False
    last = root.value[-1]
    return last.kind in ("object", "array") and not last.complete


def _inside(root: Node | None) -> Node | None:
    """The value in its envelope; None while it has not begun, the root itself where there is no envelope."""
    if root is None or root.kind != "object":
        return root
    return next((value for key, value in cast("Members", root.value) if key.value == "value"), None)
