"""The messages of a template as far as they are known before its inputs are: each piece in order, where it comes from.

Macros, includes, parents and captured values are followed as the renderer would; of a condition, all sides are taken,
and the body of a loop is taken once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from jinja2 import nodes

from patterns.lint.borrowing import Borrowing
from patterns.lint.pages import Book
from patterns.lint.pieces import NOWHERE, Piece, Pieces, Said, filtered, inside, names_of, under
from patterns.lint.values import Blocks, Macro, Scope, Value
from patterns.prompt.roles import is_history, role_of


@dataclass(frozen=True, slots=True)
class Flow:
    """What a template says: its messages in order, what stands outside of them, and the names it makes use of."""

    messages: tuple[Said, ...]
    stray: Pieces
    used: frozenset[str]


def flow_of(book: Book, inputs: Iterable[str]) -> Flow:
    """Follow a template whose files could all be read. Raises TooMuch, or RecursionError, for bombs."""
    walk = _Walk(book, inputs)
    stray = walk.run_chain(book.chain(), walk.root)
    printed = (piece for said in walk.messages for piece in said.pieces)
    return Flow(tuple(walk.messages), stray, names_of([*printed, *stray]) | walk.tested)


class _Walk(Borrowing):
    """Runs statements without values."""

    def __init__(self, book: Book, inputs: Iterable[str]) -> None:
        super().__init__(book, inputs)
        self._under: frozenset[str] = frozenset()

    def run(self, body: Iterable[nodes.Node], scope: Scope) -> Pieces:
        """Run statements; give what they print."""
        return self.joined([self._run_one(node, scope) for node in body])

    def _run_one(self, node: nodes.Node, scope: Scope) -> Pieces:
        self.step()
        if (role := role_of(node)) and isinstance(node, nodes.FilterBlock):
            return self._message(role, node, scope)
        if is_history(node):
            return self._say(Said("history", self.where(node), (Piece(source=("history",)),)))
        work = _STATEMENTS.get(type(node))
        return work(self, node, scope) if work else ()

    def _message(self, role: str, node: nodes.FilterBlock, scope: Scope) -> Pieces:
        return self._say(Said(role, self.where(node), self.run(node.body, scope.inner())))

    def _say(self, said: Said) -> Pieces:
        if not self._muted:
            said.pieces = under(said.pieces, self._under)
            self.messages.append(said)
        return ()

    def output(self, node: nodes.Output, scope: Scope) -> Pieces:
        return self.joined([self._print(part, scope) for part in node.nodes])

    def _print(self, part: nodes.Node, scope: Scope) -> Pieces:
        where = self.where(part)
        if isinstance(part, nodes.TemplateData):
            return (Piece(part.data, written=where, said=where),)
        # What a macro printed keeps the line where it was written; data has none until it is printed here.
        return tuple(
            replace(piece, written=where if piece.written is NOWHERE else piece.written, said=where)
            for piece in self.pieces(part, scope)
        )

    def loop(self, node: nodes.For, scope: Scope) -> Pieces:
        items = self.pieces(node.iter, scope)
        names = self.test(node.iter, scope)
        inner = scope.inner({"loop": (Piece(depends=names),)})
        _bind(node.target, inside(items, 0), inner)
        with self._if(names | (self.test(node.test, inner) if node.test else frozenset())):
            said = self.run(node.body, inner)
        return self.joined([under(said, names), under(self.run(node.else_, scope.inner()), names)])

    def branch(self, node: nodes.If, scope: Scope) -> Pieces:
        names = self.test(node.test, scope)
        with self._if(names):
            said = [self.run(body, scope) for body in (node.body, node.elif_, node.else_)]
        return under(self.joined(said), names)

    @contextmanager
    def _if(self, names: frozenset[str]) -> Iterator[None]:
        before, self._under = self._under, self._under | names
        try:
            yield
        finally:
            self._under = before

    def assign(self, node: nodes.Assign, scope: Scope) -> Pieces:
        value = self.value(node.node, scope)
        _bind(node.target, under(value, self._under) if isinstance(value, tuple) else value, scope)
        return ()

    def capture(self, node: nodes.AssignBlock, scope: Scope) -> Pieces:
        said = self.run(node.body, scope.inner())
        filter = node.filter
        _bind(node.target, filtered(said, filter.name) if filter is not None else said, scope)
        return ()

    def scoped(self, node: nodes.With, scope: Scope) -> Pieces:
        inner = scope.inner()
        for target, value in zip(node.targets, node.values, strict=True):
            _bind(target, self.value(value, inner), inner)
        return self.run(node.body, inner)

    def filter_block(self, node: nodes.FilterBlock, scope: Scope) -> Pieces:
        said = self.run(node.body, scope.inner())
        names: list[str] = []
        step: nodes.Expr | None = node.filter
        while isinstance(step, nodes.Filter):
            names.append(step.name)
            step = step.node
        for name in reversed(names):
            said = filtered(said, name)
        return said

    def define(self, node: nodes.Macro, scope: Scope) -> Pieces:
        scope.names[node.name] = Macro(node, self._page, scope)
        return ()

    def call_block(self, node: nodes.CallBlock, scope: Scope) -> Pieces:
        called = self.value(node.call.node, scope)
        if not isinstance(called, Macro):
            return ()
        return self.said_here(self.run_macro(called, node.call, scope, Macro(node, self._page, scope)), node)

    def block(self, node: nodes.Block, scope: Scope) -> Pieces:
        return self.run_block(Blocks(self._blocks), node.name)


def _bind(target: nodes.Node, value: Value, scope: Scope) -> None:
    """Give a value its name; of several names, each may have any part of it."""
    if isinstance(target, nodes.Name):
        scope.names[target.name] = value
        return
    for child in target.iter_child_nodes():
        _bind(child, inside(value, 0) if isinstance(value, tuple) else value, scope)


_STATEMENTS: dict[type[nodes.Node], Callable[..., Pieces]] = {
    nodes.Output: _Walk.output,
    nodes.For: _Walk.loop,
    nodes.If: _Walk.branch,
    nodes.Assign: _Walk.assign,
    nodes.AssignBlock: _Walk.capture,
    nodes.With: _Walk.scoped,
    nodes.FilterBlock: _Walk.filter_block,
    nodes.Macro: _Walk.define,
    nodes.CallBlock: _Walk.call_block,
    nodes.Block: _Walk.block,
    nodes.Include: _Walk.include,
    nodes.Import: _Walk.import_,
    nodes.FromImport: _Walk.import_from,
}
