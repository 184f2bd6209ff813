"""A typed value that grows with its text: unfinished objects, and the items of a list as each closes."""

from __future__ import annotations

from typing import Generic, TypeAlias, TypeVar, cast

from patterns.output.drafts import ABSENT, draft_of
from patterns.output.partial import Growing
from patterns.output.read import Leniency, Reading, examine
from patterns.output.shorthand.extracted import made
from patterns.output.tree import Node

T = TypeVar("T")
Members: TypeAlias = list[tuple[Node, Node]]


class GrowingValue(Generic[T]):
    """A value of a type, read while its text comes in.

        growing = GrowingValue(Report)
        for chunk in stream:
            for item in growing.feed(chunk): ...   # the items of a list that closed with this chunk
            growing.value                          # an unfinished Report: what has closed is validated
        growing.finish()                           # the Reading of the whole text, by every rule

    Feeding costs time linear in the text; `value` is made when asked for, and keeps what has closed.
    """

    def __init__(self, into: object, *, enveloped: bool = False) -> None:
        """`enveloped` says that the value is the member `value` of an object, as providers send what is no object."""
        self._into = made(into).root if isinstance(into, str) else into
        self._enveloped = enveloped
        self._growing = Growing()
        self._draft = draft_of(self._into)
        self._root: Node | None = None
        self._given = 0
        self.complete = False

    @property
    def text(self) -> str:
        """All that was fed."""
        return self._growing.text

    @property
    def value(self) -> T | None:
        """The value so far: missing parts are null or their default. None while there is nothing yet."""
        value = ABSENT if self._root is None else self._draft.make(self._root)
        return None if value is ABSENT else cast("T", value)

    def feed(self, chunk: str) -> list[object]:
        """Take the next piece of the text; give the items of a list at the root that have closed since, validated."""
        growth = self._growing.feed(chunk)
        self._root = (_inside(growth.root) if self._enveloped else growth.root) or self._root
        self.complete = growth.complete
        root = self._root
        if root is None or root.kind != "array" or not isinstance(root.value, list) or not growth.closed:
            return []
        closed = sum(1 for child in root.value[self._given :] if child.complete)
        if not closed:
            return []
        drawn = self._draft.make(root)
        items = drawn[self._given : self._given + closed] if isinstance(drawn, list) else []
        self._given += len(items)
        return items

    def finish(self, *, repair: Leniency = "align") -> Reading[T]:
        """Read the whole text as one answer. Raises what `read` raises."""
        return cast("Reading[T]", examine(self._growing.text, self._into, repair=repair))


def _inside(root: Node | None) -> Node | None:
    """The value in its envelope; None while it has not begun, the root itself where there is no envelope."""
    if root is None or root.kind != "object":
        return root
    return next((value for key, value in cast("Members", root.value) if key.value == "value"), None)
