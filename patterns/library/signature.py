"""The signature that generated Python is to keep, and whether it does."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import TypeAlias

from patterns.errors import InputError

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_HINT = "def name(a: int, b: str = '') -> str"


def wanted(signature: str) -> Function:
    """Read a signature such as `def add(a: int, b: int = 0) -> int`; the `def` and the colon may be left out."""
    text = signature.strip().removesuffix("...").rstrip().removesuffix(":")
    head = text if text.startswith(("def ", "async def ")) else f"def {text}"
    try:
        body = ast.parse(f"{head}: ...").body
    except (SyntaxError, ValueError) as error:
        raise InputError(f"the signature {signature!r} is not Python: {error}", hint=_HINT) from None
    if len(body) != 1 or not isinstance(body[0], Function):
        raise InputError(f"{signature!r} is not one signature", hint=_HINT)
    return body[0]


def refuse_other(source: str, signature: Function) -> None:
    """Raise ValueError, in words for the model, unless the source defines a function with this signature."""
    same_name = [found for found in _functions(source) if found.name == signature.name]
    if any(_keeps(found, signature) for found in same_name):
        return
    if same_name:
        found = ", ".join(_head(function) for function in same_name)
        raise ValueError(f"the signature was to be {_head(signature)}, but the code has {found}")
    raise ValueError(f"the code does not define {_head(signature)}")


def _functions(source: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield node


def _keeps(found: Function, signature: Function) -> bool:
    """Compare names, kinds and defaults of parameters; annotations only where the signature has them."""
    return (
        type(found) is type(signature)
        and _unannotated(found.args) == _unannotated(signature.args)
        and all(map(_same_type, _annotations(found), _annotations(signature)))
    )


def _unannotated(arguments: ast.arguments) -> str:
    bare = copy.deepcopy(arguments)
    for node in ast.walk(bare):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(bare)


def _annotations(function: Function) -> list[ast.expr | None]:
    return [function.returns, *(node.annotation for node in ast.walk(function.args) if isinstance(node, ast.arg))]


def _same_type(have: ast.expr | None, want: ast.expr | None) -> bool:
    return want is None or (have is not None and ast.unparse(have) == ast.unparse(want))


def _head(function: Function) -> str:
    start = "async def" if isinstance(function, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"`{start} {function.name}({ast.unparse(function.args)}){returns}`"
