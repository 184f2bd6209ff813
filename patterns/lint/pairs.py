"""The rule about patterns in Python: they take and give what their template does. Python is parsed, never run."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from patterns.lint.findings import Finding
from patterns.lint.study import Pair, Study
from patterns.prompt.inputs import Inputs

MOST_FILES = 2_000
MOST_BYTES = 1_000_000
_ELSEWHERE = frozenset({"tests", "test", "node_modules", "venv", "site-packages", "build", "dist", "__pycache__"})
_SAME = {"Text": "str", "AnyStr": "str"}


def pair_differs(study: Study) -> Iterator[Finding]:
    for pair in study.asked.pairs:
        if pair.template == study.book.name:
            yield from (Finding("pair-differs", words, pair.path, pair.line) for words in _differences(study, pair))


def _differences(study: Study, pair: Pair) -> Iterator[str]:
    inputs, named = study.front.inputs, study.front.output
    if pair.takes is not None:
        required = Inputs("", inputs).required
        if strange := [name for name in pair.takes if name not in inputs]:
            yield f"the parameter {' and '.join(strange)} is no input of {pair.template}"
        if lacking := [name for name in required if name not in pair.takes]:
            yield f"{pair.template} needs {' and '.join(lacking)}, which is no parameter here"
    if isinstance(named, str) and pair.gives is not None:
        wanted = named.partition(":")[2].rpartition(".")[2]
        if pair.gives != wanted:
            yield f"the output type is {pair.gives} here, and {wanted} in {pair.template}"


def find_pairs(folders: Iterable[Path]) -> tuple[Pair, ...]:
    """Read the patterns that the Python files below some folders define; tests and foreign packages are left out."""
    return tuple(pair for folder in folders for path in _python(folder) for pair in _pairs(path))


def _python(folder: Path) -> Iterator[Path]:
    seen = 0
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders
            if name not in _ELSEWHERE and not name.startswith(".") and not Path(at, name, "pyvenv.cfg").exists()
        )  # fmt: skip
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("test_") and name != "conftest.py":
                seen += 1
                if seen > MOST_FILES:
                    return
                yield Path(at, name)


def _pairs(path: Path) -> Iterator[Pair]:
    try:
        if path.stat().st_size > MOST_BYTES:
            return
        source = path.read_text(encoding="utf-8")
        if "attern(" not in source:
            return
        tree = ast.parse(source)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError, RecursionError, MemoryError):
        return  # not ours to judge
    names = _imported_as(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _decorated(node, path, names)
        elif isinstance(node, ast.Call) and _called(node) == "Pattern" and (template := _first(node)):
            output = next((keyword.value for keyword in node.keywords if keyword.arg == "output"), None)
            yield Pair(template, path, node.lineno, None, _type(output, names))


def _decorated(
    function: ast.FunctionDef | ast.AsyncFunctionDef, path: Path, names: Mapping[str, str]
) -> Iterator[Pair]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and _called(decorator) == "pattern" and (template := _first(decorator)):
            yield Pair(template, path, function.lineno, _parameters(function.args), _type(function.returns, names))


def _parameters(arguments: ast.arguments) -> dict[str, bool]:
    plain = [*arguments.posonlyargs, *arguments.args]
    optional = len(plain) - len(arguments.defaults)
    made = {argument.arg: number >= optional for number, argument in enumerate(plain)}
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return made | {argument.arg: default is not None for argument, default in pairs}


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _first(call: ast.Call) -> str:
    argument = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "template"), None)
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _type(node: ast.expr | None, names: Mapping[str, str]) -> str | None:
    """The last word of a type's name: Ticket for shop.types.Ticket, list for list[Ticket]. None says nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return _type(ast.parse(node.value, mode="eval").body, names)
        except SyntaxError:
            return None
    if isinstance(node, ast.Subscript):
        return _type(node.value, names)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return _SAME.get(node.id, names.get(node.id, node.id))
    return "a union" if isinstance(node, ast.BinOp) else None


def _imported_as(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
