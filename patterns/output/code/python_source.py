"""What a piece of Python defines, uses and leaves empty, read from its syntax tree; nothing is run."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 100_000
"""Characters of one source that are still parsed: more would take too long, and no answer is that long."""

_PRICE = 50
"""What a try costs of the budget, however short the source."""

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "self", "cls"}

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Import: TypeAlias = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source says of itself.

    `defines` holds the names of classes, functions and module-level variables and the qualified names of
    methods (`Stack.push`), `top` what a module would export (imports too), `needs` the names it reads and does not
    bring, `stubs` the functions and classes without a body, `loose` the functions outside a class that take `self`.
    """

    defines: frozenset[str] = frozenset()
    top: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    stubs: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    statements: int = 0
    builds: bool = False
    """It holds a class or a function."""
    tests: bool = False
    imports_only: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a source stops being Python: the line, from 1, and what the parser says."""

    line: int
    message: str


class Parser:
    """Parse Python within a budget of characters, so that a hostile text cannot buy endless tries."""

    def __init__(self, budget: int = 150_000) -> None:
        self._left = budget

    @property
    def spent(self) -> bool:
        return self._left <= 0

    def parse(self, source: str) -> ast.Module | Broken:
        """Parse quietly: no warning, and nothing raised whatever the text."""
        if len(source) > min(self._left, LONGEST):
            self._left -= _PRICE
            return Broken(0, "the code is too long to be parsed")
        self._left -= len(source) + _PRICE
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(source)
        except SyntaxError as error:
            return Broken(error.lineno or 0, error.msg or "invalid syntax")
        except (ValueError, RecursionError, MemoryError) as error:
            return Broken(0, str(error) or "the code is nested too deeply")


def facts_of(tree: ast.Module) -> Facts:
    """Collect the facts of a module."""
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, _Function)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    imported = frozenset(name for node in tree.body if isinstance(node, _Import) for name in _bound(node))
    top = frozenset(name for node in tree.body for name in _bound(node))
    methods = {f"{owner.name}.{node.name}" for owner in classes for node in owner.body if isinstance(node, _Function)}
    built = {node.name for node in (*functions, *classes)}
    stubs = {node.name for node in functions if _is_empty(node)} - {n.name for n in functions if not _is_empty(n)}
    return Facts(
        defines=frozenset(built | methods | (top - imported)),
        top=top,
        needs=_read(nodes) - _written(nodes) - built - BUILTINS,
        stubs=frozenset(stubs | {node.name for node in classes if _is_hollow(node)}),
        loose=frozenset(n.name for n in tree.body if isinstance(n, _Function) and _takes_self(n)),
        statements=sum(not _is_docstring(node) for node in tree.body),
        builds=bool(built),
        tests=_is_test(tree),
        imports_only=all(isinstance(node, _Import) or _is_docstring(node) for node in tree.body),
    )


def _read(nodes: list[ast.AST]) -> frozenset[str]:
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def _written(nodes: list[ast.AST]) -> frozenset[str]:
    """Give every name that is bound anywhere: over-generous, for a name bound somewhere is not asked of others."""
    names = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names.update(node.arg for node in nodes if isinstance(node, ast.arg))
    names.update(node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name)
    names.update(name for node in nodes if isinstance(node, _Import) for name in _bound(node))
    return frozenset(names)


def _bound(node: ast.stmt) -> Iterator[str]:
    """Give the names that a module-level statement binds."""
    if isinstance(node, _Function | ast.ClassDef):
        yield node.name
    elif isinstance(node, _Import):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (leaf.id for leaf in ast.walk(target) if isinstance(leaf, ast.Name))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_empty(function: _Function) -> bool:
    """Tell a body of docstring, `pass`, `...` or `raise NotImplementedError` only."""
    return all(isinstance(node, ast.Pass) or _is_docstring(node) or _raises_unwritten(node) for node in function.body)


def _raises_unwritten(node: ast.stmt) -> bool:
    raised = node.exc if isinstance(node, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id.startswith("NotImplemented")


def _is_hollow(owner: ast.ClassDef) -> bool:
    """Tell a class all of whose methods, apart from `__init__`, are empty."""
    methods = [node for node in owner.body if isinstance(node, _Function) and node.name != "__init__"]
    return bool(methods) and all(map(_is_empty, methods))


def _takes_self(function: _Function) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return bool(arguments) and arguments[0].arg in {"self", "cls"}


def _is_test(tree: ast.Module) -> bool:
    imported = {name for node in tree.body if isinstance(node, _Import) for name in _modules(node)}
    built = [node.name for node in tree.body if isinstance(node, _Function | ast.ClassDef)]
    return bool(imported & {"unittest", "pytest", "doctest"}) or (
        bool(built) and all(name.lower().startswith("test") or name.endswith("Test") for name in built)
    )


def _modules(node: _Import) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0]
    else:
        yield from (alias.name.partition(".")[0] for alias in node.names)
