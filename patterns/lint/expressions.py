"""What an expression of a template may come to: the pieces of data and text that can end up in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from jinja2 import nodes

from patterns.lint.pieces import Piece, Pieces, filtered, inside, measured, names_of, under
from patterns.lint.values import MOST_PIECES, MOST_STEPS, Blocks, Macro, Module, Scope, TooMuch, Value


class Expressions:
    """Evaluates expressions. How a macro or a block is run is for those who know statements."""

    def __init__(self) -> None:
        self._steps = 0
        self.tested: set[str] = set()
        """Names that decided something, whether or not it was printed."""

    def value(self, node: nodes.Node | None, scope: Scope) -> Value:
        """The value of an expression; macros and modules stay what they are."""
        self.step()
        if isinstance(node, nodes.Name):
            return scope.get(node.name)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            return self._member(node, scope)
        if node is None:
            return ()
        return _READ.get(type(node), _union)(self, node, scope)

    def pieces(self, node: nodes.Node | None, scope: Scope) -> Pieces:
        """The value of an expression as text and data; nothing for a macro that is not called."""
        value = self.value(node, scope)
        return value if isinstance(value, tuple) else ()

    def test(self, node: nodes.Node | None, scope: Scope) -> frozenset[str]:
        """The names that a condition, or the number of turns of a loop, depends on."""
        names = names_of(self.pieces(node, scope))
        self.tested |= names
        return names

    def step(self, pieces: int = 0) -> None:
        self._steps += 1 + pieces
        if self._steps > MOST_STEPS or pieces > MOST_PIECES:
            raise TooMuch

    def joined(self, parts: Sequence[Pieces]) -> Pieces:
        self.step(sum(map(len, parts)))
        return tuple(piece for part in parts for piece in part)

    def run_macro(self, macro: Macro, call: nodes.Call | None, scope: Scope, caller: Macro | None = None) -> Pieces:
        raise NotImplementedError

    def run_block(self, blocks: Blocks, name: str) -> Pieces:
        raise NotImplementedError

    def _member(self, node: nodes.Getattr | nodes.Getitem, scope: Scope) -> Value:
        owner = self.value(node.node, scope)
        name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", 0)
        if isinstance(owner, Module):
            return owner.scope.names.get(str(name), ())
        if isinstance(owner, Blocks):
            return Blocks(owner.found, str(name))
        return inside(owner, name if isinstance(name, str | int) else 0) if isinstance(owner, tuple) else ()


def _const(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    value = cast("nodes.Const", node).value
    return (Piece(value),) if isinstance(value, str) and value else ()


def _filter(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    node = cast("nodes.Filter", node)
    between = [flow.pieces(argument, scope) for argument in node.args] if node.name == "join" else []
    return filtered(flow.joined([flow.pieces(node.node, scope), *between]), node.name)


def _measured(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    """A comparison or a test gives yes or no, whatever the words."""
    return measured(_union(flow, node, scope))


def _choice(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    node = cast("nodes.CondExpr", node)
    names = flow.test(node.test, scope)
    return under(flow.joined([flow.pieces(node.expr1, scope), flow.pieces(node.expr2, scope)]), names)


def _union(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    """Any other expression: what its parts can come to, one behind the other."""
    return flow.joined([flow.pieces(child, scope) for child in node.iter_child_nodes()])


def _call(flow: Expressions, node: nodes.Node, scope: Scope) -> Pieces:
    node = cast("nodes.Call", node)
    called = flow.value(node.node, scope)
    if isinstance(called, Macro):
        return flow.run_macro(called, node, scope)
    if isinstance(called, Blocks):
        return flow.run_block(called, called.only)
    if isinstance(node.node, nodes.Name):
        # `range` counts.
        return measured(_union(flow, node, scope))
    # A method of data, such as .items() or .split(): its words are those of the data.
    given = [flow.pieces(argument, scope) for argument in node.args]
    return flow.joined([called if isinstance(called, tuple) else (), *given])


_READ: dict[type[nodes.Node], Callable[[Expressions, nodes.Node, Scope], Pieces]] = {
    nodes.Const: _const,
    nodes.Filter: _filter,
    nodes.Compare: _measured,
    nodes.Test: _measured,
    nodes.Not: _measured,
    nodes.CondExpr: _choice,
    nodes.Call: _call,
}
