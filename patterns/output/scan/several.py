"""Readings made of what was found: several values as one list, and the arguments of a call of a tool."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patterns.exchange import Repair
from patterns.output.scan.choose import believable
from patterns.output.scan.nested import open_string
from patterns.output.tree import Candidate, Node

_MARKS = re.compile(r"[`~]{3,}+\w*+|[\s,;]++")
_WRAPPERS = frozenset({"name", "function", "tool_calls"})
_MEMBERS = 8
"""The wrapper of a call has a handful of members; an object with more is none."""
_ARGUMENTS = ("arguments", "parameters", "args", "input")


def gathered(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Give the readings that stand on the values found: their list, and what they hand to a tool."""
    if len(found) == 1 and not _may_call(found[0].root):
        return []
    values = [one for one in found if one.root.kind in ("object", "array") and believable(one)]
    calls = [call for one in values if (call := _call(one))]
    return [_list(text, values), *calls] if len(values) > 1 else calls


def _may_call(root: Node) -> bool:
    """A glance that spares the rest for nearly every answer."""
    if root.kind != "object" or not isinstance(root.value, list) or len(root.value) > _MEMBERS:
        return False
    return any(key.value in _WRAPPERS for key, _ in root.value)


def _list(text: str, values: Sequence[Candidate]) -> Candidate:
    """Make one list of several values; `outside` tells whether anything but them is in the text."""
    roots = [one.root for one in values]
    stops = [0, *(end for root in roots for end in (root.start, root.end)), len(text)]
    gaps = (text[start : min(end, start + 200)] for start, end in zip(stops[::2], stops[1::2], strict=True))
    between = "\n".join(gap for gap in gaps if _MARKS.sub("", gap))[:2_000]
    root = Node("array", roots, roots[0].start, roots[-1].end, roots[-1].complete)

    accounts = [one.account for one in values]

    def account() -> tuple[Repair, ...]:
        return tuple(mend for told in accounts for mend in (told() if callable(told) else told))

    return Candidate(root, "lines", account, sum(one.cost for one in values), root.complete, between)


def _call(candidate: Candidate) -> Candidate | None:
    """Give the arguments in the wrapper of a tool call (`{"name": …, "arguments": …}`)."""
    arguments = _arguments(candidate.root)
    if arguments is None:
        return None
    return Candidate(arguments, "tool", candidate.account, candidate.cost, arguments.complete, candidate.outside)


def _arguments(root: Node) -> Node | None:
    for _ in range(3):
        members = _members(root)
        if calls := members.get("tool_calls"):
            items = calls.value if calls.kind == "array" and isinstance(calls.value, list) else []
            members = _members(items[0]) if len(items) == 1 else {}
        if "name" in members:
            for name in _ARGUMENTS:
                if name in members:
                    return _opened(members[name])
        if "function" not in members:
            return None
        root = members["function"]
    return None


def _members(node: Node) -> dict[str, Node]:
    if node.kind != "object" or not isinstance(node.value, list) or len(node.value) > _MEMBERS:
        return {}
    return {str(key.value): value for key, value in node.value}


def _opened(node: Node) -> Node | None:
    node = open_string(node) or node
    return node if node.kind == "object" else None
