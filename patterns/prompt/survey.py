"""What a template prints, and where: which variable, under which filters, spoken by which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from patterns.messages import Role
from patterns.prompt.roles import role_of


@dataclass(frozen=True, slots=True)
class Print:
    """One {{ … }}: the variable it begins with, the filters over it, and the role of the message around it.

    `role` is None outside of messages, as in a macro; `macro` names the macro around it.
    """

    variable: str
    filters: tuple[str, ...]
    line: int
    role: Role | None = None
    macro: str | None = None


def prints(tree: nodes.Template) -> Iterator[Print]:
    """List what is printed of variables; calls and constants are left out."""
    yield from _prints(tree, None, None)


def _prints(node: nodes.Node, role: Role | None, macro: str | None) -> Iterator[Print]:
    role = role_of(node) or role
    macro = node.name if isinstance(node, nodes.Macro) else macro
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            if found := _print(part, role, macro):
                yield found
    for child in node.iter_child_nodes():
        yield from _prints(child, role, macro)


def _print(part: nodes.Node, role: Role | None, macro: str | None) -> Print | None:
    filters: list[str] = []
    while isinstance(part, nodes.Filter) and part.node is not None:
        filters.append(part.name)
        part = part.node
    path: list[str] = []
    while isinstance(part, nodes.Getattr | nodes.Getitem):
        path.append(part.attr if isinstance(part, nodes.Getattr) else "[]")
        part = part.node
    if not isinstance(part, nodes.Name):
        return None
    return Print(".".join([part.name, *reversed(path)]), tuple(reversed(filters)), part.lineno, role, macro)
