"""Parts of a template that say the same in every call: found in its syntax, said once, and repeated from then on.

Such are the messages that read nothing but the examples and the output format: often all but the last. They are
kept for each wording of the output format, and spend from the sheet as if they were written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jinja2 import nodes

from patterns.prompt.repeats import KEEP, KEPT
from patterns.prompt.roles import is_history, role_blocks, role_of
from patterns.prompt.scope import Read

_STEADY = frozenset({"examples", "output_format"})
_LIVELY = (
    *(nodes.Include, nodes.Import, nodes.FromImport, nodes.Block, nodes.Extends),
    *(nodes.Assign, nodes.AssignBlock, nodes.Macro),
)
"""What reaches beyond the file, so that nothing is known of what it reads; and what sets names for later parts."""


def steadied(tree: nodes.Template, name: str, outside: Sequence[Read]) -> nodes.Template:
    """Rewrite the tree in place so that its steady parts are said once. `outside` are the names it needs from outside.

    Only what stands at the top is looked at, in files that extend no other.
    """
    if not any(True for _ in tree.find_all(nodes.Extends)):
        names = _steady_names(tree, outside)
        tree.body = [
            _once(node, f"{name}:{number}") if _speaks(node) and _is_steady(node, end, names, outside) else node
            for number, (node, end) in enumerate(_with_ends(tree))
        ]
    return tree


def _with_ends(tree: nodes.Template) -> Iterator[tuple[nodes.Node, float]]:
    """Each part with the line where the next one begins."""
    yield from zip(tree.body, [*(node.lineno for node in tree.body[1:]), float("inf")], strict=False)


def _speaks(node: nodes.Node) -> bool:
    return role_of(node) is not None or (
        isinstance(node, nodes.For | nodes.If) and any(True for _ in role_blocks(node))
    )


def _is_steady(node: nodes.Node, end: float, names: frozenset[str], outside: Sequence[Read]) -> bool:
    """Tell a part that reads no name that may differ from call to call.

    A name is read from outside where its line says so: inside of a macro or a loop it may mean something else. The
    last line may be the next part's, too.
    """
    if any(True for _ in node.find_all(_LIVELY)) or any(map(is_history, node.find_all(nodes.ExprStmt))):
        return False
    loaded = {each.name for each in node.find_all(nodes.Name) if each.ctx == "load"}
    lines = (read.name for read in outside if node.lineno <= read.line <= end)
    if any(name in loaded and name not in _STEADY for name in lines):
        return False
    return _used(node) <= names


def _used(node: nodes.Node) -> frozenset[str]:
    """The names that a part uses and does not set itself."""
    found = list(node.find_all(nodes.Name))
    own = {each.name for each in found if each.ctx != "load"} | {"loop", "caller", "varargs", "kwargs"}
    return frozenset({each.name for each in found} - own - _STEADY)


def _steady_names(tree: nodes.Template, outside: Sequence[Read]) -> frozenset[str]:
    """Macros at the top that read nothing else, and what is imported without this call's context."""
    parts = list(_with_ends(tree))
    found = {
        name if isinstance(name, str) else name[1]
        for node, _ in parts
        if isinstance(node, nodes.FromImport) and not node.with_context
        for name in node.names
    }
    found |= {node.target for node, _ in parts if isinstance(node, nodes.Import) and not node.with_context}
    found -= {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
    for node, end in parts:  # a macro that calls one further down is left alone
        if isinstance(node, nodes.Macro) and _is_steady(node, end, frozenset(found), outside):
            found.add(node.name)
    twice = [each.name for each in tree.find_all(nodes.Macro)]
    return frozenset(name for name in found if twice.count(name) < 2)


def _once(node: nodes.Node, key: str) -> nodes.Node:
    """Say a part unless it has been said before."""
    said = nodes.ExprStmt(_asked(KEEP, key, node), lineno=node.lineno)
    once = nodes.If(_asked(KEPT, key, node), [], [], [node, said], lineno=node.lineno)
    return once.set_environment(node.environment) if node.environment else once


def _asked(name: str, key: str, at: nodes.Node) -> nodes.Filter:
    return nodes.Filter(nodes.Const(key, lineno=at.lineno), name, [], [], None, None, lineno=at.lineno)
