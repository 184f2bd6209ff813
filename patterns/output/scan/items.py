"""Steps inside a list: an item is due, or what stands in its place."""

from __future__ import annotations

import re

from patterns.output.scan.elisions import last_item
from patterns.output.scan.limits import DAMAGE
from patterns.output.scan.sloppy import read_sloppy_items
from patterns.output.scan.sound import DIALECTS, JSON, read_items
from patterns.output.scan.walk import CURLY, SQUARE, Walk
from patterns.output.tree import Node

_BARE_KEY = re.compile(r"([^\W\d][\w$-]{0,80}+):\s").match
_VALUES = frozenset("\"'`“{[-")
"""Signs that values begin with, and words for more values do not."""
_MORE_LISTS = re.compile(r"\s*+,\s*+\[").match


def step_array(walk: Walk, node: Node) -> None:
    """Read the sound items that come next, then one that is not."""
    assert isinstance(node.value, list)
    since = walk.pos = walk.source.blank(walk.pos)
    sign = walk.text[since : since + 1]
    walk.pos, opens, closed = read_items(DIALECTS.get(sign, JSON), walk.source, since, node.value)
    if walk.pos == since and not opens and sign.isalpha():
        walk.pos, closed = read_sloppy_items(walk.source, since, node.value)
    if walk.pos != since and not opens:
        walk.comma = walk.pos - 1
        if sign == "'":
            walk.source.mend("quotes", since, walk.text.rfind("'", since, walk.pos) + 1, None)
    if closed:
        walk.comma = -1
        if not _lost_opener(walk, node, walk.pos - 1):
            walk.close(walk.pos)
    elif opens:
        walk.enter()
    else:
        _damaged(walk, node)


def _damaged(walk: Walk, node: Node) -> None:
    """Take one step where the sound reading stopped."""
    source, text = walk.source, walk.text
    source.spend(DAMAGE)
    pos = walk.pos = source.skip(walk.pos)
    if pos >= source.end:
        return
    sign = text[pos]
    if sign in SQUARE:
        if not _lost_opener(walk, node, pos):
            _close(walk, pos)
    elif sign == ")" and walk.closers[-1] == ")":
        _close_tuple(walk, node, pos)
    elif sign in CURLY:
        walk.mismatch(pos, "]")
    elif sign in ":：=":
        _implied_object(walk, node, pos)
    elif walk.common(pos):
        return
    elif len(walk.stack) > 1 and (key := _bare_key(node, text, pos)):
        _implied_object(walk, node, key.end)
    elif sign not in _VALUES and node.value and (left_out := last_item(text, pos)):
        source.elide(pos, left_out.end())
        walk.comma = -1
        walk.pos = left_out.end()
    elif text.startswith("```", pos) and text[pos + 3 : pos + 4] in ("", "\n", "\r"):
        while walk.stack:
            walk.missing_closer(pos)
    else:
        walk.comma = -1
        walk.value("item")


def _close(walk: Walk, pos: int) -> None:
    if walk.closers[-1] == ")":
        walk.source.mend("wrong bracket", pos, pos + 1, ")")
    elif walk.text[pos] != "]":
        walk.sign(pos, "]")
    walk.close(pos + 1)


def _bare_key(node: Node, text: str, pos: int) -> Node | None:
    """Take a key without quotes for an item, where the item before it was no bare word."""
    items = node.value
    assert isinstance(items, list)
    if not items or items[-1].kind == "bare" or not (key := _BARE_KEY(text, pos)):
        return None
    name = Node("string", key[1], pos, key.end(1))
    items.append(name)
    return name


def _lost_opener(walk: Walk, node: Node, pos: int) -> bool:
    """Scalars behind lists, closed by a bracket that more lists follow: they were a list, too, and lost its bracket."""
    items = node.value
    assert isinstance(items, list)
    if len(walk.stack) < 2 or not items or items[0].kind != "array" or not _MORE_LISTS(walk.text, pos + 1):
        return False
    if walk.source.surplus("array") <= 0:
        return False
    first = next((i for i in range(len(items), 0, -1) if items[i - 1].kind == "array"), 0)
    if first == len(items):
        return False
    walk.source.mend("missing bracket", items[first].start, items[first].start, "[")
    items[first:] = [Node("array", items[first:], items[first].start, pos + 1)]
    walk.pos = pos + 1
    walk.after()
    return True


def _close_tuple(walk: Walk, node: Node, pos: int) -> None:
    """Close round brackets; around a single value, with no comma, they mean that value."""
    single = walk.comma < 0 and isinstance(node.value, list) and len(node.value) == 1
    walk.source.mend("tuple", pos, pos + 1, "" if single else "]")
    walk.close(pos + 1)
    if single and isinstance(node.value, list):
        walk.source.correct(("tuple", node.start), "tuple", "")
        only = node.value[0]
        node.kind, node.value, node.raw = only.kind, only.value, only.raw


def _implied_object(walk: Walk, node: Node, pos: int) -> None:
    """A colon behind an item: the item is a key, and braces are missing around it."""
    items = node.value
    assert isinstance(items, list)
    walk.pos = pos + 1
    if not items or items[-1].kind in ("object", "array"):
        walk.source.mend("stray text", pos, pos + 1)
        return
    if walk.text[pos] != ":":
        walk.sign(pos, ":")
    key = items.pop()
    walk.source.mend("implied object", key.start, key.start, "{")
    implied = Node("object", [], key.start, key.start)
    walk.attach(implied)
    walk.push(implied, "")
    walk.key = Node("string", key.raw or str(key.value), key.start, key.end)
    walk.pos = walk.source.skip(walk.pos)
    if walk.pos < walk.source.end:
        walk.value("member")
