"""Changes made to a template's syntax tree before it is compiled, so that every way to grow is counted.

A tick goes to the start of every body that can run more than once; `~` and built values go through filters
that count. Without them a few lines can write for hours: text doubled forty times, a list that holds itself
twice, a macro that calls itself twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from patterns.prompt.growth import BUILT, CONCAT, TICK

N = TypeVar("N", bound=nodes.Node)
_BODIES = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)


def counted(tree: nodes.Template) -> nodes.Template:
    """Rewrite the tree in place so that running it spends from the sheet."""
    _Counting().visit(tree)
    _tick(tree)
    return tree


class _Counting(NodeTransformer):
    def _ticking(self, node: N) -> N:
        self.generic_visit(node)
        _tick(node)
        return node

    visit_For = visit_Macro = visit_CallBlock = visit_Block = _ticking

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _through(CONCAT, nodes.List(node.nodes, lineno=node.lineno), node)

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return node if _constant(node.items) else _through(BUILT, node, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return node if node.ctx != "load" or _constant(node.items) else _through(BUILT, node, node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        return node if _constant([pair.value for pair in node.items]) else _through(BUILT, node, node)


def _constant(items: Iterable[nodes.Expr]) -> bool:
    return all(isinstance(item, nodes.Const) for item in items)


def _through(name: str, value: nodes.Expr, at: nodes.Node) -> nodes.Filter:
    call = nodes.Filter(value, name, [], [], None, None, lineno=at.lineno)
    call.environment = at.environment
    return call


def _tick(node: nodes.Node) -> None:
    """Count one step and the static text of this body, each time the body runs."""
    body: list[nodes.Node] = node.body  # type: ignore[attr-defined]
    cost = nodes.Const(sum(map(_static, body)), lineno=node.lineno)
    body.insert(0, nodes.ExprStmt(_through(TICK, cost, node), lineno=node.lineno))


def _static(node: nodes.Node) -> int:
    """The characters of text written as they stand, without those of bodies that count for themselves."""
    if isinstance(node, nodes.TemplateData):
        return len(node.data)
    if isinstance(node, _BODIES):
        return 0
    return sum(map(_static, node.iter_child_nodes()))
