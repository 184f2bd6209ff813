"""The signature that generated Python is to keep, and whether it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from patterns.errors import InputError

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def wanted(signature: str) -> Function:
    """Read a signature such as `def add(a: int, b: int = 0) -> int`; the `def` and the colon may be left out."""
    text = signature.strip().removesuffix("...").rstrip().removesuffix(":")
    head = text if text.startswith(("def ", "async def ")) else f"def {text}"
    try:
        body = ast.parse(f"{head}: ...").body
    except (SyntaxError, ValueError) as error:
        raise InputError(f"the signature {signature!r} is not Python: {error}", hint="def name(a: int) -> str") from None
    if len(body) != 1 or not isinstance(body[0], Function):
        raise InputError(f"{signature!r} is not one signature", hint="def name(a: int) -> str")
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
    if type(found) is not type(signature) or not _same_type(found.returns, signature.returns):
        return False
    ours, theirs = _parameters(signature), _parameters(found)
    return [name for name, _ in ours] == [name for name, _ in theirs] and all(
        _same_type(have, want) for (_, want), (_, have) in zip(ours, theirs, strict=True)
    )


def _parameters(function: Function) -> list[tuple[str, ast.expr | None]]:
    """Each parameter as its kind, name and default in one text, and its annotation."""
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(given.defaults)), *given.defaults]
    rows = [
        *(("/" if arg in given.posonlyargs else "", arg, default) for arg, default in zip(plain, defaults, strict=True)),
        *((("*", given.vararg, None),) if given.vararg else ()),
        *(("k", arg, default) for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)),
        *((("**", given.kwarg, None),) if given.kwarg else ()),
    ]
    return [(f"{kind}{arg.arg}={ast.unparse(default) if default else ''}", arg.annotation) for kind, arg, default in rows]


def _same_type(have: ast.expr | None, want: ast.expr | None) -> bool:
    return want is None or (have is not None and ast.unparse(have) == ast.unparse(want))


def _head(function: Function) -> str:
    start = "async def" if isinstance(function, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    return f"`{start} {function.name}({ast.unparse(function.args)}){returns}`"
