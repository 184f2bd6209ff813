"""Which names a template reads from outside itself, and which it sets, each with its line.

Jinja's own compiler decides what is a parameter, a loop variable or an import; here it runs without writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.visitor import NodeVisitor

from patterns.prompt.sandbox import PromptEnvironment


@dataclass(frozen=True, slots=True)
class Read:
    """A name that must come from outside, at a line."""

    name: str
    line: int


def reads(tree: nodes.Template, environment: PromptEnvironment) -> tuple[Read, ...]:
    """List every use of a name that the file does not define before, in the order of its lines."""
    tracker = _Tracker(environment)
    tracker.visit(tree)
    return tuple(sorted(tracker.found, key=lambda read: (read.line, read.name)))


class _Tracker(CodeGenerator):
    def __init__(self, environment: PromptEnvironment) -> None:
        super().__init__(environment, "scope", "scope")
        self.found: set[Read] = set()

    def write(self, x: str) -> None:
        """Write nothing: only names are wanted."""

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:
        super().visit_Name(node, frame)
        if node.ctx != "load" or node.name in self.environment.globals:
            return
        load = frame.symbols.find_load(frame.symbols.ref(node.name))
        if load is not None and load[0] == VAR_LOAD_RESOLVE:
            self.found.add(Read(node.name, node.lineno))


def top_level_names(tree: nodes.Template) -> frozenset[str]:
    """Names that a file sets outside of blocks, macros and loops; templates that it extends can read them."""
    return frozenset(_set_by(tree.body, deep=False))


def all_names(tree: nodes.Template) -> frozenset[str]:
    """Names that a file sets anywhere; files that it includes may read them."""
    return frozenset(_set_by(tree.body, deep=True))


def _set_by(body: list[nodes.Node], deep: bool) -> Iterator[str]:
    collector = _Stores(deep)
    for node in body:
        collector.visit(node)
    yield from collector.names


class _Stores(NodeVisitor):
    def __init__(self, deep: bool) -> None:
        self.names: set[str] = set()
        self._deep = deep

    def visit_Name(self, node: nodes.Name) -> None:
        if node.ctx in ("store", "param"):
            self.names.add(node.name)

    def visit_Macro(self, node: nodes.Macro) -> None:
        self.names.add(node.name)
        self._inner(node)

    def visit_Import(self, node: nodes.Import) -> None:
        self.names.add(node.target)

    def visit_FromImport(self, node: nodes.FromImport) -> None:
        self.names.update(name if isinstance(name, str) else name[1] for name in node.names)

    def _inner(self, node: nodes.Node) -> None:
        if self._deep:
            self.generic_visit(node)

    visit_Block = visit_For = visit_CallBlock = visit_FilterBlock = visit_With = _inner
