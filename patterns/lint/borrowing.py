"""What a template takes from elsewhere: the files that it names, macros, blocks, run where they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar

from jinja2 import nodes

from patterns.lint.expressions import Expressions
from patterns.lint.pages import Book, Page
from patterns.lint.pieces import Piece, Pieces, Said, Where
from patterns.lint.values import Blocks, Macro, Module, Scope, Value
from patterns.prompt.checks import Reference
from patterns.prompt.front_matter import PROVIDED
from patterns.prompt.unit import Unit

E = TypeVar("E")
_Definitions = dict[str, list[tuple[Page, nodes.Block]]]
_DEEPEST = 60


class Borrowing(Expressions):
    """Knows the files behind a template and what runs now. How a statement runs is for those who know statements."""

    def __init__(self, book: Book, inputs: Iterable[str]) -> None:
        super().__init__()
        self._book = book
        self.messages: list[Said] = []
        self.root = Scope({name: (Piece(source=(name,)),) for name in (*inputs, *PROVIDED)})
        self._page = book.main
        self._muted = 0
        self._running: list[object] = []
        self._blocks: _Definitions = {}

    def run(self, body: Iterable[nodes.Node], scope: Scope) -> Pieces:
        raise NotImplementedError

    def where(self, node: nodes.Node) -> Where:
        return self._page.file.path, node.lineno

    def run_chain(self, chain: tuple[Unit, ...], scope: Scope) -> Pieces:
        """Run a file and what it extends; only the last of them says what stands outside of blocks."""
        before, self._blocks = self._blocks, self._definitions(chain)
        said: Pieces = ()
        try:
            for unit in chain:
                page = self._book.pages[unit.file.id]
                said = self._on(page, partial(self.run, _body(page), scope))
        finally:
            self._blocks = before
        return said

    def _definitions(self, chain: tuple[Unit, ...]) -> _Definitions:
        found: _Definitions = {}
        for unit in chain:
            page = self._book.pages[unit.file.id]
            for block in page.tree.find_all(nodes.Block) if page.tree else ():
                found.setdefault(block.name, []).append((page, block))
        return found

    def _chain_from(self, unit: Unit) -> tuple[Unit, ...]:
        assert self._book.linked is not None
        chain = [unit]
        while extends := chain[-1].extends():
            chain.append(self._book.linked.target(chain[-1], extends))
        return tuple(chain)

    def _on(self, page: Page, work: Callable[[], E]) -> E:
        before, self._page = self._page, page
        try:
            return work()
        finally:
            self._page = before

    def include(self, node: nodes.Include, scope: Scope) -> Pieces:
        unit = self._target("include", node)
        if unit.file.id in self._running:
            return ()
        with self._during(unit.file.id):
            inner = scope.inner() if node.with_context else Scope()
            return self.said_here(self.run_chain(self._chain_from(unit), inner), node)

    def import_(self, node: nodes.Import, scope: Scope) -> Pieces:
        scope.names[node.target] = Module(self._imported(node, scope))
        return ()

    def import_from(self, node: nodes.FromImport, scope: Scope) -> Pieces:
        module = self._imported(node, scope)
        for name in node.names:
            wanted, known_as = name if isinstance(name, tuple) else (name, name)
            scope.names[known_as] = module.names.get(wanted, ())
        return ()

    def _imported(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> Scope:
        unit = self._target("import", node)
        made = scope.inner() if node.with_context else Scope()
        if unit.file.id not in self._running:
            self._muted += 1
            with self._during(unit.file.id):
                self.run_chain(self._chain_from(unit), made)
            self._muted -= 1
        return made

    def _target(self, kind: str, node: nodes.Include | nodes.Import | nodes.FromImport) -> Unit:
        assert self._book.linked is not None
        assert isinstance(node.template, nodes.Const)
        return self._book.linked.target(
            self._unit(),
            Reference(kind, str(node.template.value), node.lineno, True),  # type: ignore[arg-type]
        )

    def _unit(self) -> Unit:
        assert self._page.unit is not None
        return self._page.unit

    def run_macro(self, macro: Macro, call: nodes.Call | None, scope: Scope, caller: Macro | None = None) -> Pieces:
        given = self._arguments(macro, call, scope)
        # The same again with the same arguments would say nothing new; with others, it may.
        run = (macro.node, caller and caller.node, *given.items())
        if run in self._running or len(self._running) > _DEEPEST:
            return ()
        inner = macro.scope.inner({**given, "caller": caller or ()})
        with self._during(run):
            return self._on(macro.page, lambda: self.run(macro.node.body, inner))

    def _arguments(self, macro: Macro, call: nodes.Call | None, scope: Scope) -> dict[str, Value]:
        names = [argument.name for argument in macro.node.args]
        defaults = macro.node.defaults
        first = len(names) - len(defaults)
        made: dict[str, Value] = {
            name: self.value(default, macro.scope) for name, default in zip(names[first:], defaults, strict=True)
        }
        if call is not None:
            made.update(zip(names, [self.value(argument, scope) for argument in call.args], strict=False))
            made.update({pair.key: self.value(pair.value, scope) for pair in call.kwargs})
        return {**dict.fromkeys(names, ()), **made}

    def run_block(self, blocks: Blocks, name: str) -> Pieces:
        definitions = blocks.found.get(name, [])
        if not definitions or definitions[0][1] in self._running:
            return ()
        page, node = definitions[0]
        inner = self.root.inner(
            {"super": Blocks({**blocks.found, name: definitions[1:]}, name), "self": Blocks(self._blocks)}
        )
        with self._during(node):
            return self._on(page, lambda: self.run(node.body, inner))

    @contextmanager
    def _during(self, what: object) -> Iterator[None]:
        self._running.append(what)
        try:
            yield
        finally:
            self._running.pop()

    def said_here(self, pieces: Pieces, node: nodes.Node) -> Pieces:
        return tuple(replace(piece, said=self.where(node)) for piece in pieces)


def _body(page: Page) -> list[nodes.Node]:
    """The statements of a file. Blocks of one that extends another stand where the other has them."""
    assert page.tree is not None
    assert page.unit is not None
    extends = page.unit.extends() is not None
    return [node for node in page.tree.body if not (extends and isinstance(node, nodes.Block))]
