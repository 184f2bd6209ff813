"""A part of an answer that has closed, as a value of its type: taken as it is written where it fits, else bent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from pydantic_core import to_json

from patterns.errors import OutputError
from patterns.messages import Json
from patterns.output.align.compile import plan_of
from patterns.output.align.ledger import MISS, Ledger
from patterns.output.align.plan import loosened
from patterns.output.align.straight import straight
from patterns.output.shape import shape_of
from patterns.output.tree import Node

Written: TypeAlias = Callable[[int, int], str]
"""Gives the text between two places in it."""

_OWN = {str: ("string", str), int: ("number", int), float: ("number", float), bool: ("bool", bool)}
"""Types whose values need no look at them where the tree holds just such a value."""


class Closed:
    """Takes the closed parts of one type, as `read` would take them alone."""

    def __init__(self, into: object, written: Written | None = None) -> None:
        self._shape = shape_of(into)
        self._written = written
        self._own = _OWN.get(into) if isinstance(into, type) else None
        self.plan = plan_of(self._shape.schema)

    def take(self, node: Node) -> tuple[object] | None:
        """Give the value of a closed node, in a tuple of one; None where it is not of the type."""
        if self._own is not None and node.kind == self._own[0] and type(node.value) is self._own[1]:
            return (node.value,)
        if self._written is not None:
            taken = self._shape.take_json(self._written(node.start, node.end))
            if taken is not None and not _nothing_of(taken[0], node):
                return taken
        return self._mended(node) or self._bent(node)

    def _mended(self, node: Node) -> tuple[object] | None:
        """Take what stands there once its syntax is mended."""
        value = straight(node)
        if value is MISS:
            return None
        try:
            taken = self._shape.take_json(to_json(value, inf_nan_mode="constants").decode())
        except ValueError:
            return None
        return None if taken is None or _nothing_of(taken[0], node) else taken

    def _bent(self, node: Node) -> tuple[object] | None:
        value = loosened(self.plan, node, Ledger("", size=node.end - node.start))
        try:
            return None if value is MISS else (self._shape.validate(cast("Json", value)),)
        except OutputError:
            return None


def _nothing_of(value: object, node: Node) -> bool:
    """Tell a model that took none of the members that stand there."""
    given = getattr(value, "model_fields_set", None)
    return bool(node.value) and isinstance(given, (set, frozenset)) and not given
