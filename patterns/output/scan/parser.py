"""The tolerant parser: one value out of a text, sound JSON at full speed and damaged JSON by rule."""

from __future__ import annotations

import re

from patterns.output.scan.items import step_array
from patterns.output.scan.members import step_object
from patterns.output.scan.source import Source
from patterns.output.scan.walk import Walk
from patterns.output.tree import Node

_MEMBER = re.compile(r'\s*+,\s*+"[^"\\\n]{0,120}+"\s*+[:"]').match
_ITEM = re.compile(r'\s*+,\s*+(?:"[^"\\\n]{0,200}+"|-?\d[\d.]{0,40}+|true|false|null)\s*+[,\]]').match


def read_container(source: Source, pos: int) -> tuple[Node, int]:
    """Read the object or list whose bracket stands at `pos`; give it and the position after it."""
    walk = Walk(source, pos)
    root = walk.enter()
    return _read(walk, root)


def read_members(source: Source, pos: int) -> tuple[Node, int]:
    """Read the object whose first key stands at `pos`, with no brace before it."""
    walk = Walk(source, pos)
    root = Node("object", [], pos, pos)
    source.mend("implied object", pos, pos, "{")
    walk.push(root, "")
    return _read(walk, root)


def _read(walk: Walk, root: Node) -> tuple[Node, int]:
    """Take one step after the other until the root has closed."""
    source = walk.source
    while walk.stack:
        node = walk.stack[-1]
        if walk.pos >= source.end:
            _end(walk)
        elif node.kind == "object":
            step_object(walk, node)
        else:
            step_array(walk, node)
        if not walk.stack and root.complete and _goes_on(root, source.text, walk.pos):
            source.mend("extra bracket", walk.pos - 1, walk.pos)
            walk.push(root, "}" if root.kind == "object" else "]")
            walk.after()
    return root, walk.pos


def _end(walk: Walk) -> None:
    """The text is over: what no bracket opened ends with it, anything else is cut."""
    if walk.closers == [""] and not walk.source.partial:
        walk.close(walk.pos)
    else:
        walk.cut()


def _goes_on(root: Node, text: str, pos: int) -> bool:
    """Members or items follow the bracket that seemed to be the last."""
    return bool((_MEMBER if root.kind == "object" else _ITEM)(text, pos))
